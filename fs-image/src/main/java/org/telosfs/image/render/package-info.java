/** What the image's files say, as deterministic text. */
@NullMarked
package org.telosfs.image.render;

import org.jspecify.annotations.NullMarked;
