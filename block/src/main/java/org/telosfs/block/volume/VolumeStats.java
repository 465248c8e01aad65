package org.telosfs.block.volume;

import java.util.UUID;

/**
 * The state of a volume in numbers, taken at one moment but not under one lock.
 *
 * @param id of the volume
 * @param blocksTotal of the device
 * @param blocksFree neither used nor set aside
 * @param blocksAvailable what a new reservation can get
 * @param blocksReserved promised to open reservations
 * @param blocksWaiting freed, but not to be used before their group is durable
 * @param blocksForNodes free, but kept for tree nodes
 * @param blocksKept of those for tree nodes: what growth never gets, so that releasing always works
 * @param generation of the last checkpoint
 * @param journalBytes size of the ring
 * @param journalBytesUsed by groups that a checkpoint has not yet made needless
 * @param dirtyNodes changed tree nodes in memory, at most
 * @param sealedSequence the last sealed group
 * @param durableSequence the last durable group
 */
public record VolumeStats(
    UUID id,
    long blocksTotal,
    long blocksFree,
    long blocksAvailable,
    long blocksReserved,
    long blocksWaiting,
    long blocksForNodes,
    long blocksKept,
    long generation,
    long journalBytes,
    long journalBytesUsed,
    long dirtyNodes,
    long sealedSequence,
    long durableSequence) {}
