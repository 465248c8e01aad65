/**
 * The living image as a read-only tree: every object, every revision and every transaction as files
 * and links. Start at {@link org.telosfs.image.ImageFileSystem}.
 *
 * <p>A place in the tree is an {@link org.telosfs.image.ImageNode}: a value, which asks an {@link
 * org.telosfs.image.ImageView} (one committed state) for what it shows. An open file or directory
 * keeps what one view showed it. {@link org.telosfs.image.HeldNodes} knows what kernels may have
 * cached, {@link org.telosfs.image.ImageInvalidation} has them drop what a commit changed.
 *
 * <p>Locks: {@code HeldNodes} and {@code RenderedRevisions} have one each. They are held for a
 * table's access alone and never together; nothing is called under them, neither the store nor a
 * cache. Nothing here waits for a commit.
 */
@NullMarked
package org.telosfs.image;

import org.jspecify.annotations.NullMarked;
