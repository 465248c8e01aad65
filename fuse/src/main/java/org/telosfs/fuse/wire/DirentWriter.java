package org.telosfs.fuse.wire;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.DirectorySink;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.LookupSink;

/** Packs a listing into a reply until it is full. */
public final class DirentWriter implements DirectorySink, LookupSink {
  private final ByteBuffer buffer;
  private final ByteBuffer names;
  private final int start;
  private final EntryWriter entries;
  private int at;
  private int end;

  DirentWriter(ByteBuffer buffer, int start, EntryWriter entries) {
    this.buffer = buffer;
    this.names = buffer.duplicate();
    this.start = start;
    this.entries = entries;
  }

  void begin(int bytes) {
    at = start;
    end = Math.min(start + bytes, buffer.capacity());
  }

  int usedBytes() {
    return at - start;
  }

  @Override
  public boolean accept(DirectoryEntry entry) {
    int next = at + recordBytes(entry.name());
    if (next > end) {
      return false;
    }
    putDirent(at, entry, next);
    at = next;
    return true;
  }

  @Override
  public boolean accept(DirectoryEntry entry, @Nullable Entry looked) {
    int dirent = at + FuseWire.ENTRY_BYTES;
    int next = dirent + recordBytes(entry.name());
    if (next > end) {
      return false;
    }
    if (looked == null) {
      zero(at, dirent);
    } else {
      entries.put(at, looked);
    }
    putDirent(dirent, entry, next);
    at = next;
    return true;
  }

  /** Tells the inodes that this READDIRPLUS listing has looked up. */
  public void forEachLookup(LongConsumer inodes) {
    for (int record = start; record < at; ) {
      long node = buffer.getLong(record + FuseWire.ENTRY_NODE);
      if (node != 0) {
        inodes.accept(node);
      }
      int dirent = record + FuseWire.ENTRY_BYTES;
      record = dirent + aligned(buffer.getInt(dirent + FuseWire.DIRENT_NAMELEN));
    }
  }

  private void putDirent(int dirent, DirectoryEntry entry, int next) {
    FileName name = entry.name();
    buffer.putLong(dirent + FuseWire.DIRENT_INO, entry.inode().value());
    buffer.putLong(dirent + FuseWire.DIRENT_OFF, entry.nextCookie());
    buffer.putInt(dirent + FuseWire.DIRENT_NAMELEN, name.length());
    buffer.putInt(dirent + FuseWire.DIRENT_TYPE, entry.type().code());
    buffer.putLong(next - Long.BYTES, 0); // the padding; the name then covers the rest of it
    names.limit(next).position(dirent + FuseWire.DIRENT_BYTES);
    name.putInto(names);
  }

  private void zero(int from, int to) {
    for (int i = from; i < to; i += Long.BYTES) {
      buffer.putLong(i, 0);
    }
  }

  private static int recordBytes(FileName name) {
    return aligned(name.length());
  }

  private static int aligned(int nameBytes) {
    int bytes = FuseWire.DIRENT_BYTES + nameBytes;
    return (bytes + FuseWire.DIRENT_ALIGNMENT - 1) & -FuseWire.DIRENT_ALIGNMENT;
  }

  /** Puts a {@code fuse_entry_out}. */
  interface EntryWriter {
    void put(int at, Entry entry);
  }
}
