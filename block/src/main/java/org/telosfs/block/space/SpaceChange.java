package org.telosfs.block.space;

/** A run taken into use, or given back. Changes of one block are applied in their order. */
public record SpaceChange(BlockRun run, boolean used) {}
