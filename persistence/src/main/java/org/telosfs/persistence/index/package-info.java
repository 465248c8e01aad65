/**
 * Where each revision of each object lies in the log. {@link
 * org.telosfs.persistence.index.ObjectIndex} is in memory, {@link
 * org.telosfs.persistence.index.IndexSnapshot} a copy of it on disk, which only saves reading the
 * log when a store is opened: one that is lost, damaged or another log's is made anew.
 */
@NullMarked
package org.telosfs.persistence.index;

import org.jspecify.annotations.NullMarked;
