package org.telosfs.fuse;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How to mount. Each {@code with} method gives a changed copy.
 *
 * @param nosuid set-id bits and file capabilities have no effect
 * @param nodev device files cannot be opened
 * @param noexec nothing can be executed
 * @param readOnly the kernel refuses every change
 * @param allowOther other users may enter (permission bits are checked); null = as root yes, as an
 *     ordinary user no, who may ask for it only if {@code /etc/fuse.conf} allows
 * @param writebackCache the kernel gathers writes; it then owns mtime and size
 */
public record MountOptions(
    boolean nosuid,
    boolean nodev,
    boolean noexec,
    boolean readOnly,
    @Nullable Boolean allowOther,
    boolean writebackCache) {

  /** {@code nosuid,nodev}. */
  public static final MountOptions DEFAULTS =
      new MountOptions(true, true, false, false, null, false);

  public MountOptions withNosuid(boolean value) {
    return new MountOptions(value, nodev, noexec, readOnly, allowOther, writebackCache);
  }

  public MountOptions withNodev(boolean value) {
    return new MountOptions(nosuid, value, noexec, readOnly, allowOther, writebackCache);
  }

  public MountOptions withNoexec(boolean value) {
    return new MountOptions(nosuid, nodev, value, readOnly, allowOther, writebackCache);
  }

  public MountOptions withReadOnly(boolean value) {
    return new MountOptions(nosuid, nodev, noexec, value, allowOther, writebackCache);
  }

  public MountOptions withAllowOther(boolean value) {
    return new MountOptions(nosuid, nodev, noexec, readOnly, value, writebackCache);
  }

  public MountOptions withWritebackCache(boolean value) {
    return new MountOptions(nosuid, nodev, noexec, readOnly, allowOther, value);
  }

  /**
   * These options changed by a comma-separated list as {@code mount -o} takes it: {@code suid,
   * nosuid, dev, nodev, exec, noexec, ro, rw, allow_other, noallow_other, writeback, nowriteback};
   * the last one wins.
   *
   * @throws IllegalArgumentException for a word it does not know, which it names
   */
  public MountOptions with(String list) {
    MountOptions options = this;
    for (String word : list.split(",", -1)) {
      options = options.withWord(word.strip().toLowerCase(Locale.ROOT));
    }
    return options;
  }

  private MountOptions withWord(String word) {
    return switch (word) {
      case "" -> this;
      case "suid" -> withNosuid(false);
      case "nosuid" -> withNosuid(true);
      case "dev" -> withNodev(false);
      case "nodev" -> withNodev(true);
      case "exec" -> withNoexec(false);
      case "noexec" -> withNoexec(true);
      case "ro" -> withReadOnly(true);
      case "rw" -> withReadOnly(false);
      case "allow_other" -> withAllowOther(true);
      case "noallow_other" -> withAllowOther(false);
      case "writeback" -> withWritebackCache(true);
      case "nowriteback" -> withWritebackCache(false);
      default ->
          throw new IllegalArgumentException(
              "unknown mount option '"
                  + word
                  + "'; known are [no]suid, [no]dev, [no]exec, ro, rw, [no]allow_other,"
                  + " [no]writeback");
    };
  }
}
