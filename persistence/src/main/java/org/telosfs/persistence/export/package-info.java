/**
 * Objects that leave one store and enter another: a part of the graph in one file. What the file
 * holds is in docs/formats/export.md.
 */
@NullMarked
package org.telosfs.persistence.export;

import org.jspecify.annotations.NullMarked;
