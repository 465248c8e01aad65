package org.telosfs.image;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.vfs.InodeNumber;

/**
 * Inode numbers, and which of them kernels have looked up.
 *
 * <p>The fixed places and those of one object each have numbers that tell the place: a tag and the
 * object's id. The others have a hash of their path with the highest bit set; where that is taken
 * by another place that is looked up, the next free number. Both are the same each time, and while
 * looked up a number is one place's alone. What nobody has looked up takes no memory.
 */
final class HeldNodes {

  private static final long HASHED = Long.MIN_VALUE;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  @GuardedBy("this")
  private final Map<Long, Held> byNumber = new HashMap<>();

  /** Numbers of the few places whose own was taken. */
  @GuardedBy("this")
  private final Map<ImageNode, Long> displaced = new HashMap<>();

  /** By the object they watch; only what its id does not tell, for there are many of the others. */
  @GuardedBy("this")
  private final Map<ObjectId, Set<ImageNode>> byWatched = new HashMap<>();

  private static final class Held {
    private final ImageNode node;
    private long lookups;

    Held(ImageNode node) {
      this.node = node;
    }
  }

  /** The place's number; while it is not looked up, the one it would get. */
  synchronized InodeNumber number(ImageNode node) {
    return new InodeNumber(numberOf(node));
  }

  /** Counts a lookup. */
  synchronized InodeNumber hold(ImageNode node) {
    long number = numberOf(node);
    Held held = byNumber.get(number);
    if (held == null) {
      held = new Held(node);
      byNumber.put(number, held);
      if (node.fixedNumber() == 0) {
        watch(node, number);
      }
    }
    held.lookups++;
    return new InodeNumber(number);
  }

  /** Gives lookups back. */
  synchronized void forget(InodeNumber inode, long lookups) {
    Held held = byNumber.get(inode.value());
    if (held == null) {
      return;
    }
    held.lookups -= lookups;
    if (held.lookups > 0) {
      return;
    }
    byNumber.remove(inode.value());
    if (held.node.fixedNumber() == 0) {
      displaced.remove(held.node);
      held.node.watched().ifPresent(id -> unwatch(id, held.node));
    }
  }

  @GuardedBy("this")
  private void watch(ImageNode node, long number) {
    if (number != hashed(node)) {
      displaced.put(node, number);
    }
    node.watched().ifPresent(id -> byWatched.computeIfAbsent(id, key -> new HashSet<>()).add(node));
  }

  @GuardedBy("this")
  private void unwatch(ObjectId id, ImageNode node) {
    Set<ImageNode> watching = byWatched.get(id);
    if (watching != null) {
      watching.remove(node);
      if (watching.isEmpty()) {
        byWatched.remove(id);
      }
    }
  }

  /** The place of a number that is looked up, or that tells its place. */
  Optional<ImageNode> node(InodeNumber inode) {
    synchronized (this) {
      Held held = byNumber.get(inode.value());
      if (held != null) {
        return Optional.of(held.node);
      }
    }
    return Optional.ofNullable(fixed(inode.value()));
  }

  synchronized boolean holds(ImageNode node) {
    return byNumber.containsKey(numberOf(node));
  }

  /** The looked-up places where a change of the object shows. */
  synchronized Collection<ImageNode> watching(ObjectId id) {
    List<ImageNode> watching = new ArrayList<>(byWatched.getOrDefault(id, Set.of()));
    List<ImageNode> places = new ArrayList<>(placesOf(id));
    if (id.equals(ObjectId.ROOTS)) {
      places.add(new RootsDirectory());
    }
    for (ImageNode place : places) {
      if (place.fixedNumber() != 0 && byNumber.containsKey(place.fixedNumber())) {
        watching.add(place);
      }
    }
    return watching;
  }

  /** How many places are looked up. */
  synchronized int size() {
    return byNumber.size();
  }

  @GuardedBy("this")
  private long numberOf(ImageNode node) {
    long fixed = node.fixedNumber();
    if (fixed != 0) {
      return fixed;
    }
    Long moved = displaced.isEmpty() ? null : displaced.get(node);
    if (moved != null) {
      return moved;
    }
    long number = hashed(node);
    Held held = byNumber.get(number);
    while (held != null && !held.node.equals(node)) {
      number = (number + 1) | HASHED;
      held = byNumber.get(number);
    }
    return number;
  }

  /** FNV-1a, its bits mixed once more. */
  private static long hashed(ImageNode node) {
    long hash = FNV_OFFSET;
    for (byte b : node.path().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    hash ^= hash >>> 32;
    return hash | HASHED;
  }

  private static @Nullable ImageNode fixed(long number) {
    long value = number >>> ImageNode.TAG_BITS;
    int tag = (int) (number - (value << ImageNode.TAG_BITS));
    if (number < 0) {
      return null;
    }
    if (tag == ShardDirectory.TAG) {
      return value < ShardDirectory.COUNT ? new ShardDirectory((int) value) : null;
    }
    List<ImageNode> candidates = value == 0 ? fixedPlaces() : placesOf(new ObjectId(value));
    for (ImageNode candidate : candidates) {
      if (candidate.fixedNumber() == number) {
        return candidate;
      }
    }
    return null;
  }

  private static List<ImageNode> fixedPlaces() {
    return List.of(
        new RootDirectory(),
        new ReadmeFile(),
        new StatsFile(),
        new RootsDirectory(),
        new ObjectsDirectory(),
        new TransactionsDirectory());
  }

  private static List<ImageNode> placesOf(ObjectId id) {
    List<ImageNode> places = RevisionDirectory.possibleParts(ObjectPlace.live(id));
    places.add(new ObjectDirectory(id));
    places.add(new HistoryDirectory(id));
    return places;
  }
}
