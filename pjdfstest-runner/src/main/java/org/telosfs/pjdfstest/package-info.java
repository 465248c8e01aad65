/** Runs pjdfstest. */
@org.jspecify.annotations.NullMarked
package org.telosfs.pjdfstest;
