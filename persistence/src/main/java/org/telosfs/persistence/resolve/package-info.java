/**
 * What becomes of two transactions that change one object: a {@link
 * org.telosfs.persistence.resolve.ConflictResolver} may merge them, so that the second need not
 * start again. An object says by its prototype which one: the prototype has, or inherits, a slot
 * {@link org.telosfs.persistence.resolve.Resolvers#SLOT} with the resolver's name.
 */
@NullMarked
package org.telosfs.persistence.resolve;

import org.jspecify.annotations.NullMarked;
