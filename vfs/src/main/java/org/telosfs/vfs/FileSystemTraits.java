package org.telosfs.vfs;

import java.time.Duration;

/**
 * What a transport asks a tree once, at mount, to tune itself by.
 *
 * @param name shown as the mount's source, for instance {@code "telosfs"}
 * @param readOnly every change is refused with EROFS; the mount says so
 * @param statelessOpen open and opendir keep nothing: the kernel need not send them at all. No
 *     release arrives then, and files are made by mknod
 * @param posixAcls the tree keeps access control lists: the kernel may enforce them
 * @param entryTimeout how long a resolved name may be believed unless invalidated
 * @param attributeTimeout how long attributes may be believed unless invalidated
 * @param negativeTimeout how long the absence of a name may be believed unless invalidated
 */
public record FileSystemTraits(
    String name,
    boolean readOnly,
    boolean statelessOpen,
    boolean posixAcls,
    Duration entryTimeout,
    Duration attributeTimeout,
    Duration negativeTimeout) {

  /** For a tree that changes only through its one mount. */
  public static FileSystemTraits soleWriter(String name) {
    Duration day = Duration.ofDays(1);
    return new FileSystemTraits(name, false, true, true, day, day, day);
  }
}
