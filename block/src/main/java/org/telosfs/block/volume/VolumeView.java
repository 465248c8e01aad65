package org.telosfs.block.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Key;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.TreeCursor;
import org.telosfs.block.tree.TreeRoot;

/**
 * The map at one committed state. Immutable, safe for threads, takes no lock. To be used for one
 * operation: from the second checkpoint after it was made on, a node that has changed since may
 * have lost its place to another, and reading it then fails as if it were damaged.
 */
public final class VolumeView implements MapReader {
  private final BTree tree;
  private final TreeRoot root;

  VolumeView(BTree tree, TreeRoot root) {
    this.tree = tree;
    this.root = root;
  }

  TreeCursor cursor(byte[] from) throws IOException {
    return tree.cursor(root, from);
  }

  @Override
  public byte @Nullable [] get(Key key) throws IOException {
    return tree.get(root, key.bytes());
  }

  @Override
  public @Nullable MapEntry floor(Key key) throws IOException {
    TreeCursor cursor = tree.cursor(root, key.bytes());
    boolean found = cursor.isBefore(key.bytes()) ? cursor.next() : cursor.previous();
    return found ? entry(cursor) : null;
  }

  @Override
  public @Nullable MapEntry ceiling(Key key) throws IOException {
    TreeCursor cursor = tree.cursor(root, key.bytes());
    return cursor.next() ? entry(cursor) : null;
  }

  private static MapEntry entry(TreeCursor cursor) {
    return new MapEntry(Key.of(cursor.key()), cursor.value());
  }

  @Override
  public MapCursor scan(Key fromInclusive, @Nullable Key toExclusive) throws IOException {
    return new Scan(tree.cursor(root, fromInclusive.bytes()), toExclusive);
  }

  private static final class Scan implements MapCursor {
    private final TreeCursor cursor;
    private final @Nullable Key end;
    private @Nullable Key key;

    Scan(TreeCursor cursor, @Nullable Key end) {
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
