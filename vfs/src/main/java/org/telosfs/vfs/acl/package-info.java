/**
 * POSIX access control lists (acl(5)): the value and its rules, as Linux has them in {@code
 * fs/posix_acl.c}. The kernel enforces them; a tree stores them, keeps them and the permission bits
 * in step, and hands them on to new files. Start at {@link org.telosfs.vfs.acl.PosixAcl}.
 */
@NullMarked
package org.telosfs.vfs.acl;

import org.jspecify.annotations.NullMarked;
