/**
 * Measures a directory of any filesystem with the calls that programs make: {@link
 * org.telosfs.daemon.bench.Benchmark}; and an object store through its socket, {@link
 * org.telosfs.daemon.bench.StoreBenchmark}.
 */
@NullMarked
package org.telosfs.daemon.bench;

import org.jspecify.annotations.NullMarked;
