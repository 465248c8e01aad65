package org.telosfs.vfs.acl;

import org.jspecify.annotations.Nullable;

/**
 * An inode's permissions and its access list, which belong together.
 *
 * @param permissions the 12 bits of chmod
 * @param access null if the permissions say all there is to say
 */
public record ModeAndAcl(int permissions, @Nullable PosixAcl access) {}
