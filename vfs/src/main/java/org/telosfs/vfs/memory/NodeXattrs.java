package org.telosfs.vfs.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;

/** The extended attributes of a node, which most have none of; guarded by its lock. */
final class NodeXattrs {
  private NavigableMap<XattrName, byte[]> values = Collections.emptyNavigableMap();

  byte[] get(XattrName name) throws FsException {
    byte[] value = values.get(name);
    if (value == null) {
      throw new FsException(Errno.ENODATA);
    }
    return value.clone();
  }

  void set(XattrName name, byte[] value, XattrMode mode) throws FsException {
    boolean exists = values.containsKey(name);
    if (mode == XattrMode.CREATE && exists) {
      throw new FsException(Errno.EEXIST);
    }
    if (mode == XattrMode.REPLACE && !exists) {
      throw new FsException(Errno.ENODATA);
    }
    requireListable(name);
    put(name, value.clone());
  }

  /** False if there was none. */
  boolean remove(XattrName name) {
    return !values.isEmpty() && values.remove(name) != null;
  }

  List<XattrName> names() {
    return new ArrayList<>(values.keySet());
  }

  /** Null if there is none. */
  @Nullable PosixAcl acl(AclKind kind) throws FsException {
    byte[] value = values.get(kind.attribute());
    return value == null ? null : PosixAcl.decode(value);
  }

  /** Null removes it. */
  void setAcl(AclKind kind, @Nullable PosixAcl acl) throws FsException {
    if (acl == null) {
      remove(kind.attribute());
    } else {
      requireListable(kind.attribute());
      put(kind.attribute(), acl.encode());
    }
  }

  private void put(XattrName name, byte[] value) {
    if (values.isEmpty()) {
      values = new TreeMap<>();
    }
    values.put(name, value);
  }

  private void requireListable(XattrName added) throws FsException {
    if (values.containsKey(added)) {
      return;
    }
    int listed = values.keySet().stream().mapToInt(XattrName::listedBytes).sum();
    if (listed + added.listedBytes() > XattrName.MAX_LIST_BYTES) {
      throw new FsException(Errno.ENOSPC, "the names of all attributes are too long");
    }
  }
}
