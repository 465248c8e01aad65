package org.telosfs.vfs.memory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.FileName;

/**
 * The names of a directory, and their order for listings. A name keeps its cookie for as long as it
 * exists, also when it comes to lead to another inode; cookies are given out in ascending order and
 * never again, so a listing that goes on after a cookie neither loses nor repeats a name. Guarded
 * by its node's lock.
 */
final class DirectoryContent {
  /** Cookies of {@code .} and {@code ..}; those of names follow. */
  static final long DOT_COOKIE = 1;

  static final long DOT_DOT_COOKIE = 2;

  private static final int FEWEST_DEAD = 16;

  private final Map<FileName, Slot> byName = new HashMap<>();

  /** Ascending by cookie, with the removed ones until {@link #compact}. */
  private Slot[] byCookie = new Slot[0];

  private int used;
  private long lastCookie = DOT_DOT_COOKIE;

  @Nullable MemoryNode find(FileName name) {
    Slot slot = byName.get(name);
    return slot == null ? null : slot.node;
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Lets the name lead to the node, whether it existed or not. */
  void put(FileName name, MemoryNode node) {
    Slot present = byName.get(name);
    if (present != null) {
      present.node = node;
      return;
    }
    Slot slot = new Slot(name, ++lastCookie, node);
    byName.put(name, slot);
    if (used == byCookie.length) {
      byCookie = Arrays.copyOf(byCookie, Math.max(8, used * 2));
    }
    byCookie[used++] = slot;
  }

  void remove(FileName name) {
    Slot slot = byName.remove(name);
    if (slot == null) {
      throw new IllegalStateException("no name " + name);
    }
    slot.removed = true;
    if (used - byName.size() > byName.size() + FEWEST_DEAD) {
      compact();
    }
  }

  /** Adds up to {@code most} names after the cookie. */
  void list(long cookie, int most, List<Listed> into) {
    int taken = 0;
    for (int i = firstAfter(cookie); i < used && taken < most; i++) {
      Slot slot = byCookie[i];
      if (!slot.removed) {
        into.add(new Listed(slot.name, slot.node, slot.cookie));
        taken++;
      }
    }
  }

  private int firstAfter(long cookie) {
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (byCookie[middle].cookie <= cookie) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void compact() {
    Slot[] living = new Slot[Math.max(8, byName.size())];
    int count = 0;
    for (int i = 0; i < used; i++) {
      if (!byCookie[i].removed) {
        living[count++] = byCookie[i];
      }
    }
    byCookie = living;
    used = count;
  }

  /** A name as a listing shows it. */
  record Listed(FileName name, MemoryNode node, long cookie) {}

  private static final class Slot {
    final FileName name;
    final long cookie;
    MemoryNode node;
    boolean removed;

    Slot(FileName name, long cookie, MemoryNode node) {
      this.name = name;
      this.cookie = cookie;
      this.node = node;
    }
  }
}
