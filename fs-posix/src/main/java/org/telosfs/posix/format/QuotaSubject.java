package org.telosfs.posix.format;

import org.jspecify.annotations.Nullable;

/**
 * Whose space and inodes a quota counts.
 *
 * @param id a uid, a gid, or the project that the inodes of a directory's tree carry; any 32 bits
 */
public record QuotaSubject(Kind kind, int id) {

  /** On disk: append, never renumber. */
  public enum Kind {
    /** All inodes of an owner. */
    USER(1),
    /** All inodes of a group. */
    GROUP(2),
    /** All inodes of a project: those made in a directory, and below it. */
    DIRECTORY(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The byte on disk. */
    public byte code() {
      return (byte) code;
    }

    static @Nullable Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return null;
    }
  }

  public static QuotaSubject user(int uid) {
    return new QuotaSubject(Kind.USER, uid);
  }

  public static QuotaSubject group(int gid) {
    return new QuotaSubject(Kind.GROUP, gid);
  }

  public static QuotaSubject directory(int project) {
    return new QuotaSubject(Kind.DIRECTORY, project);
  }

  /** Written out: what a record generates at run time takes every start some 10 ms. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QuotaSubject same && same.kind == kind && same.id == id;
  }

  @Override
  public int hashCode() {
    return 31 * kind.code + id;
  }

  @Override
  public String toString() {
    String what =
        switch (kind) {
          case USER -> "user ";
          case GROUP -> "group ";
          case DIRECTORY -> "project ";
        };
    return what + Integer.toUnsignedString(id);
  }
}
