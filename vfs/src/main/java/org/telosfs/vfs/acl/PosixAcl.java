package org.telosfs.vfs.acl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.acl.AclEntry.Tag;

/**
 * A list that is valid as acl_valid(3) has it: the owner, named users, the owning group, named
 * groups, a mask (needed where somebody is named), and the others, in this order. Or an empty one,
 * which stands for none. Immutable.
 *
 * <p>As the value of an extended attribute ({@code linux/posix_acl_xattr.h}), little-endian:
 *
 * <pre>
 * offset size field
 *      0    4 version, 2
 *      4  8 n entries: 2 tag | 2 permissions | 4 id, -1 where the tag names nobody
 * </pre>
 */
public final class PosixAcl {
  private static final int VERSION = 2;
  private static final int HEADER_BYTES = Integer.BYTES;
  private static final int ENTRY_BYTES = Short.BYTES + Short.BYTES + Integer.BYTES;
  private static final int OWNER_SHIFT = 6;
  private static final int GROUP_SHIFT = 3;
  private static final int ALL_CLASSES = 0777;

  private final List<AclEntry> entries;

  /** Trusts that the entries are valid. */
  private PosixAcl(List<AclEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * The list of these entries.
   *
   * @throws FsException EINVAL if they are no valid list
   */
  public static PosixAcl of(List<AclEntry> entries) throws FsException {
    requireValid(entries);
    return new PosixAcl(entries);
  }

  /**
   * The list in an attribute's value; a value without entries gives the empty one.
   *
   * @throws FsException EINVAL for no valid list, EOPNOTSUPP for another version
   */
  public static PosixAcl decode(byte[] value) throws FsException {
    if (value.length < HEADER_BYTES) {
      throw new FsException(Errno.EINVAL, "ACL of " + value.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    int version = from.getInt();
    if (version != VERSION) {
      throw new FsException(Errno.EOPNOTSUPP, "ACL version " + version);
    }
    if (from.remaining() % ENTRY_BYTES != 0) {
      throw new FsException(Errno.EINVAL, "ACL of " + value.length + " bytes");
    }
    List<AclEntry> entries = new ArrayList<>(from.remaining() / ENTRY_BYTES);
    while (from.hasRemaining()) {
      Tag tag = tag(Short.toUnsignedInt(from.getShort()));
      int permissions = Short.toUnsignedInt(from.getShort());
      int id = from.getInt();
      entries.add(new AclEntry(tag, permissions, tag.isNamed() ? id : AclEntry.NO_ID));
    }
    return entries.isEmpty() ? new PosixAcl(entries) : of(entries);
  }

  private static Tag tag(int code) throws FsException {
    for (Tag tag : Tag.values()) {
      if (tag.code() == code) {
        return tag;
      }
    }
    throw new FsException(Errno.EINVAL, "ACL tag " + code);
  }

  private static void requireValid(List<AclEntry> entries) throws FsException {
    Tag last = null;
    boolean needsMask = false;
    boolean hasMask = false;
    boolean hasGroup = false;
    for (AclEntry entry : entries) {
      Tag tag = entry.tag();
      boolean inOrder =
          last == null
              ? tag == Tag.OWNER
              : tag.compareTo(last) > 0 || (tag == last && tag.isNamed());
      boolean named = entry.id() != AclEntry.NO_ID;
      if (!inOrder || named != tag.isNamed() || (entry.permissions() & ~AclEntry.ALL) != 0) {
        throw new FsException(Errno.EINVAL, "ACL entry " + entry + " after " + last);
      }
      needsMask |= tag.isNamed();
      hasMask |= tag == Tag.MASK;
      hasGroup |= tag == Tag.OWNING_GROUP;
      last = tag;
    }
    if (last != Tag.OTHERS || !hasGroup || (needsMask && !hasMask)) {
      throw new FsException(Errno.EINVAL, "incomplete ACL " + entries);
    }
  }

  /** The list as an attribute's value. */
  public byte[] encode() {
    ByteBuffer into =
        ByteBuffer.allocate(HEADER_BYTES + entries.size() * ENTRY_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    into.putInt(VERSION);
    for (AclEntry entry : entries) {
      into.putShort((short) entry.tag().code());
      into.putShort((short) entry.permissions());
      into.putInt(entry.id());
    }
    return into.array();
  }

  /** In their order. */
  public List<AclEntry> entries() {
    return entries;
  }

  /** True for the list that stands for none. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** True if permission bits can say the same: nobody is named, and there is no mask. */
  public boolean isMinimal() {
    return entries.stream().noneMatch(entry -> entry.tag().isNamed() || entry.tag() == Tag.MASK);
  }

  /**
   * What setting this access list makes of an inode: its bits for owner, group (the mask, if there
   * is one) and others follow the list.
   *
   * @param permissions what the inode has
   * @param clearSetgid the setgid bit goes, too
   */
  public ModeAndAcl setOn(int permissions, boolean clearSetgid) {
    int mode = permissions & ~ALL_CLASSES;
    if (clearSetgid) {
      mode &= ~Attributes.SETGID;
    }
    int group = 0;
    for (AclEntry entry : entries) {
      switch (entry.tag()) {
        case OWNER -> mode |= entry.permissions() << OWNER_SHIFT;
        case OWNING_GROUP, MASK -> group = entry.permissions();
        case OTHERS -> mode |= entry.permissions();
        case USER, GROUP -> {}
      }
    }
    return new ModeAndAcl(mode | group << GROUP_SHIFT, isMinimal() ? null : this);
  }

  /** This access list after chmod(2): owner, others, and the mask or else the owning group. */
  public PosixAcl afterChmod(int permissions) {
    return ofClasses(
        permissions >> OWNER_SHIFT & AclEntry.ALL,
        permissions >> GROUP_SHIFT & AclEntry.ALL,
        permissions & AclEntry.ALL);
  }

  /**
   * What a new inode gets in a directory that has this default list: no more than the list gives,
   * and no more than asked for. The umask has no say.
   *
   * @param permissions what was asked for
   */
  public ModeAndAcl inheritedBy(int permissions) {
    ModeAndAcl whole = setOn(permissions, false);
    int mode = permissions & (whole.permissions() | ~ALL_CLASSES);
    return new ModeAndAcl(mode, isMinimal() ? null : afterChmod(mode));
  }

  private PosixAcl ofClasses(int owner, int group, int others) {
    Tag groupClass = isMinimal() ? Tag.OWNING_GROUP : Tag.MASK;
    List<AclEntry> changed = new ArrayList<>(entries.size());
    for (AclEntry entry : entries) {
      Tag tag = entry.tag();
      if (tag == Tag.OWNER) {
        changed.add(entry.with(owner));
      } else if (tag == Tag.OTHERS) {
        changed.add(entry.with(others));
      } else {
        changed.add(tag == groupClass ? entry.with(group) : entry);
      }
    }
    return new PosixAcl(changed);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PosixAcl acl && entries.equals(acl.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
