/**
 * Conformance of a directory's file system to POSIX and the Linux manual pages, on any directory.
 * Start at {@link org.telosfs.pjdfstest.conformance.Main}. A table ({@code CaseTable}) is a class
 * of cases about one system call or topic; {@code Tables} lists them. A case works in a {@code
 * Sandbox}, a fresh directory with system calls, users and expectations; {@code ConformanceRun}
 * runs them. What a case expects is written from the manual, never recorded from a run, and holds
 * on the host's own file system too: a case that fails there is a wrong case.
 */
@org.jspecify.annotations.NullMarked
package org.telosfs.pjdfstest.conformance;
