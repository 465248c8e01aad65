package org.telosfs.vfs.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;

/** The extended attributes of a node; guarded by its lock. */
final class NodeXattrs {
  /** Of an entry of the map, of a name and of an array, besides their bytes. */
  private static final int HEAP_BYTES = 128;

  private final MemorySpace space;
  private final NavigableMap<XattrName, byte[]> values = new TreeMap<>();

  NodeXattrs(MemorySpace space) {
    this.space = space;
  }

  /** What all names and values take. */
  long heapBytes() {
    long sum = 0;
    for (Map.Entry<XattrName, byte[]> entry : values.entrySet()) {
      sum += heapBytes(entry.getKey(), entry.getValue());
    }
    return sum;
  }

  private static long heapBytes(XattrName name, byte[] value) {
    return (long) HEAP_BYTES + name.length() + value.length;
  }

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
    byte[] removed = values.remove(name);
    if (removed != null) {
      space.releaseHeap(heapBytes(name, removed));
    }
    return removed != null;
  }

  List<XattrName> names() {
    return new ArrayList<>(values.keySet());
  }

  /** Null if there is none. */
  @Nullable PosixAcl acl(AclKind kind) throws FsException {
    byte[] value = values.get(kind.attribute());
    return value == null ? null : PosixAcl.decode(value);
  }

  void setAcl(AclKind kind, PosixAcl acl) throws FsException {
    requireListable(kind.attribute());
    put(kind.attribute(), acl.encode());
  }

  private void put(XattrName name, byte[] value) throws FsException {
    space.takeHeap(heapBytes(name, value));
    byte[] before = values.put(name, value);
    if (before != null) {
      space.releaseHeap(heapBytes(name, before));
    }
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
