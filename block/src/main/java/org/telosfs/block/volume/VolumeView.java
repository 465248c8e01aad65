package org.telosfs.block.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Key;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.TreeCorruptException;
import org.telosfs.block.tree.TreeRoot;

/**
 * The map at one committed state, for as long as that can be read. Safe for threads, takes no lock.
 *
 * <p>A state's nodes are not kept for its readers: the place of one that has changed since may hold
 * another soon after the next checkpoint. A reader that comes so late finds something else than the
 * parent node promises; its view then moves on to the newest committed state and reads there. Who
 * needs several keys of one state keeps away those who would change them, as transactions do.
 */
public final class VolumeView implements MapReader {
  private final BTree tree;
  private final Versions versions;
  private volatile Version version;

  /**
   * A committed state.
   *
   * @param reclaims how often places of replaced nodes had become free before it was the newest, at
   *     most
   */
  record Version(TreeRoot root, long reclaims) {}

  /** Knows the newest version. */
  interface Versions {
    Version newest();

    /** How often places of replaced nodes have become free. */
    long reclaims();
  }

  VolumeView(BTree tree, Versions versions) {
    this.tree = tree;
    this.versions = versions;
    this.version = versions.newest();
  }

  /** The map at a state that stays as it is. */
  static VolumeView ofUnchanging(BTree tree, TreeRoot root) {
    Version only = new Version(root, 0);
    return new VolumeView(
        tree,
        new Versions() {
          @Override
          public Version newest() {
            return only;
          }

          @Override
          public long reclaims() {
            return 0;
          }
        });
  }

  BTree tree() {
    return tree;
  }

  Version version() {
    return version;
  }

  /**
   * Moves on from a version of which a node could not be read.
   *
   * @throws TreeCorruptException the given one, if no place has become free since: then it is
   *     damage
   */
  void moveOn(Version from, TreeCorruptException unreadable) throws TreeCorruptException {
    if (versions.reclaims() == from.reclaims()) {
      throw unreadable;
    }
    version = versions.newest();
  }

  ViewCursor cursor(byte[] from) throws IOException {
    return new ViewCursor(this, from);
  }

  @Override
  public byte @Nullable [] get(Key key) throws IOException {
    byte[] wanted = key.bytes();
    while (true) {
      Version at = version;
      try {
        return tree.get(at.root(), wanted);
      } catch (TreeCorruptException unreadable) {
        moveOn(at, unreadable);
      }
    }
  }

  @Override
  public @Nullable MapEntry floor(Key key) throws IOException {
    ViewCursor cursor = cursor(key.bytes());
    boolean found = cursor.isBefore(key.bytes()) ? cursor.next() : cursor.previous();
    return found ? cursor.entry() : null;
  }

  @Override
  public @Nullable MapEntry ceiling(Key key) throws IOException {
    ViewCursor cursor = cursor(key.bytes());
    return cursor.next() ? cursor.entry() : null;
  }

  @Override
  public MapCursor scan(Key fromInclusive, @Nullable Key toExclusive) throws IOException {
    return new Scan(cursor(fromInclusive.bytes()), toExclusive);
  }

  private static final class Scan implements MapCursor {
    private final ViewCursor cursor;
    private final @Nullable Key end;
    private @Nullable Key key;

    Scan(ViewCursor cursor, @Nullable Key end) {
      this.cursor = cursor;
      this.end = end;
    }

    @Override
    public boolean next() throws IOException {
      key = null;
      if (!cursor.next()) {
        return false;
      }
      Key at = Key.of(cursor.key());
      if (end != null && at.compareTo(end) >= 0) {
        cursor.previous(); // Stays before the end, so that asking again answers the same.
        return false;
      }
      key = at;
      return true;
    }

    @Override
    public Key key() {
      return requireEntry(key);
    }

    @Override
    public byte[] value() {
      requireEntry(key);
      return cursor.value();
    }
  }

  static Key requireEntry(@Nullable Key key) {
    if (key == null) {
      throw new IllegalStateException("the cursor stands on no entry");
    }
    return key;
  }
}
