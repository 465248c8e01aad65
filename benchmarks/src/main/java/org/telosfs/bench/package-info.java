/** JMH benchmarks of the inner parts; {@code benchmarks/README.md} says how to run them. */
@org.jspecify.annotations.NullMarked
package org.telosfs.bench;
