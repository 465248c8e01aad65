/**
 * Runs an installed pjdfstest against a directory. Start at {@link org.telosfs.pjdfstest.Main}: it
 * finds a {@code PjdfstestSuite}, makes a {@code RunPlan} of its scripts, runs each as a {@code
 * TestScriptRun} whose output a {@code TapParser} reads, and prints a {@code Report}. It knows no
 * other module: a mount of its own is made through the {@code telosfs} launcher.
 */
@org.jspecify.annotations.NullMarked
package org.telosfs.pjdfstest;
