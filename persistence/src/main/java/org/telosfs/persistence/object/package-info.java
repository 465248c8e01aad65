/**
 * What an object's bytes mean: an {@link org.telosfs.persistence.object.ObjectState} is a prototype
 * and named slots, a slot holds a {@link org.telosfs.persistence.object.SlotValue}, and {@link
 * org.telosfs.persistence.object.StateCodec} turns states into bytes and back. The bytes describe
 * themselves: whoever has them can show them without any class of the application.
 */
@NullMarked
package org.telosfs.persistence.object;

import org.jspecify.annotations.NullMarked;
