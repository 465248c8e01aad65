package org.telosfs.persistence.isolation;

import org.telosfs.persistence.TransactionId;

/** A revision of an object as the store has it in the end. */
public record StoredVersion(TransactionId id, long value) {}
