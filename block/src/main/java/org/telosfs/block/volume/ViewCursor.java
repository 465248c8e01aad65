package org.telosfs.block.volume;

import java.io.IOException;
import org.telosfs.block.Key;
import org.telosfs.block.tree.TreeCorruptException;
import org.telosfs.block.tree.TreeCursor;

/** Walks a view in key order, either way, and moves on with it. Used by one thread. */
final class ViewCursor {
  private final VolumeView view;
  private VolumeView.Version version;
  private TreeCursor cursor;

  /** The key that it stands beside: the one it was made with, then that of the last entry. */
  private byte[] beside;

  /** Whether it stands behind that key, if there is an entry of it, and not before. */
  private boolean behind;

  /** Stands before the first key that is not less than {@code from}. */
  ViewCursor(VolumeView view, byte[] from) throws IOException {
    this.view = view;
    this.beside = from;
    this.version = view.version();
    this.cursor = open();
  }

  /** At the same place of the view's version of now. */
  private TreeCursor open() throws IOException {
    while (true) {
      version = view.version();
      try {
        TreeCursor opened = view.tree().cursor(version.root(), beside);
        if (behind && opened.isBefore(beside)) {
          opened.next();
        }
        return opened;
      } catch (TreeCorruptException unreadable) {
        view.moveOn(version, unreadable);
      }
    }
  }

  /** Whether a new cursor stands right before {@code from}, the key that it was made with. */
  boolean isBefore(byte[] from) {
    return cursor.isBefore(from);
  }

  /** Moves over the next entry; false at the end. */
  boolean next() throws IOException {
    return move(true);
  }

  /** Moves back over the entry before; false at the start. */
  boolean previous() throws IOException {
    return move(false);
  }

  private boolean move(boolean forwards) throws IOException {
    while (true) {
      try {
        boolean moved = forwards ? cursor.next() : cursor.previous();
        if (moved) {
          beside = cursor.key();
          behind = forwards;
        }
        return moved;
      } catch (TreeCorruptException unreadable) {
        view.moveOn(version, unreadable);
        cursor = open();
      }
    }
  }

  /** The key of the entry moved over last. */
  byte[] key() {
    return beside;
  }

  /** The value of the entry moved over last. */
  byte[] value() {
    return cursor.value();
  }

  /** The entry moved over last. */
  MapEntry entry() {
    return new MapEntry(Key.of(beside), value());
  }
}
