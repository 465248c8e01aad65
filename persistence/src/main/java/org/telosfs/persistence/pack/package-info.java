/**
 * Takes away what nobody can want any more: old revisions, and objects that cannot be reached.
 * Start at {@link org.telosfs.persistence.pack.StorePack}.
 *
 * <p>A pack marks what can be reached from the roots as they were at the horizon and from every
 * revision behind it, while commits go on. Then, in a moment between two groups of commits, it
 * looks at what came last, writes down which objects are gone ({@link
 * org.telosfs.persistence.pack.PackDecision}), and gives the store an index without them: that is
 * the pack's commit point. What follows only gives the space back, segment by segment, and can be
 * cut short anywhere and taken up again: a segment is replaced in one step, records keep their
 * positions, and a log in which some segments are packed and others not is as good as any.
 */
@NullMarked
package org.telosfs.persistence.pack;

import org.jspecify.annotations.NullMarked;
