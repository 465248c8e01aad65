/** The image tree. */
@org.jspecify.annotations.NullMarked
package org.telosfs.image;
