/**
 * System calls without a C library's opinion in between: what the kernel answers is what the caller
 * sees. Start at {@link org.telosfs.pjdfstest.syscall.Linux}, which takes and returns plain
 * numbers; names for them are in {@link org.telosfs.pjdfstest.syscall.Errno}, {@link
 * org.telosfs.pjdfstest.syscall.Open} and {@link org.telosfs.pjdfstest.syscall.Abi}. {@link
 * org.telosfs.pjdfstest.syscall.Identity} runs work as another user. Names and paths are byte
 * strings, written as Java strings with one character for each byte.
 */
@org.jspecify.annotations.NullMarked
package org.telosfs.pjdfstest.syscall;
