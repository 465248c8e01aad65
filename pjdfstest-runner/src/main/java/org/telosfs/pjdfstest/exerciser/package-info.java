/**
 * Does random things to two files in every way Linux has, and compares with a model. Start at
 * {@link org.telosfs.pjdfstest.exerciser.Main}: a {@code SeedRun} draws each {@code Operation} from
 * its seed, the {@code Exerciser} does it to a {@code FilePair} and to two {@code FileModel}s, and
 * compares; upon a {@code Mismatch} the {@code Shrinker} looks for few operations that show it.
 */
@org.jspecify.annotations.NullMarked
package org.telosfs.pjdfstest.exerciser;
