/**
 * Who may do what with a store: nobody anything, without a capability. Start at {@link
 * CapabilityRegistry}; {@code docs/protocols/capability.md} has the bytes.
 *
 * <p>A capability is a secret that its holder shows. Its owner grants it with {@link Restrictions};
 * a holder may make a weaker one of it without asking anybody ({@link Token#attenuated}), by a
 * chain of keyed hashes: each restriction that is added is hashed with the signature so far as the
 * key, which is then forgotten, so that a restriction can be added and never taken away. {@link
 * ScopedStore} is the store as a holder sees it.
 */
@NullMarked
package org.telosfs.persistence.capability;

import org.jspecify.annotations.NullMarked;
