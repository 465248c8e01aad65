/**
 * Copies of a store in a repository: a flat directory of files that are named after their SHA-256
 * and never change, and of one manifest for each backup that names them. Start at {@link
 * org.telosfs.persistence.backup.StoreBackup} and {@link
 * org.telosfs.persistence.backup.BackupRepository}. {@code docs/formats/backup.md} has the format.
 */
@NullMarked
package org.telosfs.persistence.backup;

import org.jspecify.annotations.NullMarked;
