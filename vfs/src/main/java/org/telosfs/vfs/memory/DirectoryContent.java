package org.telosfs.vfs.memory;

import java.util.List;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * The names of a directory, and their order for listings. A name keeps its cookie for as long as it
 * exists, also when it comes to lead to another inode; cookies are given out in ascending order and
 * never again, so a listing that goes on after a cookie neither loses nor repeats a name. Guarded
 * by its node's lock.
 *
 * <p>Names are found by linear hashing (Litwin, 1980): there are as many buckets as names, and each
 * name that comes splits one bucket, each that goes joins two, so that no change costs more than
 * others. A node is given as its record in the {@link NodeTable}.
 */
final class DirectoryContent {
  /** Cookies of {@code .} and {@code ..}; those of names follow. */
  static final long DOT_COOKIE = 1;

  static final long DOT_DOT_COOKIE = 2;

  private final NameRecords names;

  /** The first name of each bucket; as many buckets as names. */
  private final IntPages buckets;

  private final IntTree byCookie;
  private long lastCookie = DOT_DOT_COOKIE;

  DirectoryContent(MemorySpace space) {
    this.names = space.names();
    this.buckets = new IntPages(space.treeNodes());
    this.byCookie = new IntTree(space.treeNodes(), RecordPool.NONE, 0);
  }

  /** The record of the node, or {@link RecordPool#NONE}. */
  int find(FileName name) {
    int found = record(name, names.hash(name));
    return found == RecordPool.NONE ? RecordPool.NONE : names.node(found);
  }

  boolean isEmpty() {
    return buckets.length() == 0;
  }

  /**
   * Lets the name lead to the node, whether it existed or not.
   *
   * @throws FsException ENOSPC if there is no memory for a new name; nothing has changed
   */
  void put(FileName name, int node) throws FsException {
    long hash = names.hash(name);
    int present = record(name, hash);
    if (present != RecordPool.NONE) {
      names.setNode(present, node);
      return;
    }
    int added = names.take(name);
    long cookie = lastCookie + 1;
    try {
      buckets.grow();
      try {
        byCookie.set(cookie, added);
      } catch (FsException full) {
        buckets.shrink();
        throw full;
      }
    } catch (FsException full) {
      names.giveBack(added);
      throw full;
    }
    lastCookie = cookie;
    names.setNode(added, node);
    names.setCookie(added, cookie);
    split();
    push(bucketOf(hash), added);
  }

  void remove(FileName name) {
    long hash = names.hash(name);
    int removed = record(name, hash);
    if (removed == RecordPool.NONE) {
      throw new IllegalStateException("no name " + name);
    }
    unchain(bucketOf(hash), removed);
    join();
    buckets.shrink();
    byCookie.clear(names.cookie(removed));
    names.giveBack(removed);
  }

  /** Adds up to {@code most} names after the cookie. */
  void list(long cookie, int most, NodeTable nodes, List<Listed> into) {
    long at = cookie == Long.MAX_VALUE ? IntTree.NONE : byCookie.nextFrom(cookie + 1);
    for (int taken = 0; at != IntTree.NONE && taken < most; taken++) {
      int name = byCookie.get(at);
      into.add(new Listed(names.toFileName(name), nodes.at(names.node(name)), at));
      at = byCookie.nextFrom(at + 1);
    }
  }

  private int record(FileName name, long hash) {
    if (isEmpty()) {
      return RecordPool.NONE;
    }
    int at = buckets.get(bucketOf(hash));
    while (at != RecordPool.NONE && !names.equals(at, name)) {
      at = names.next(at);
    }
    return at;
  }

  /** Of the last round of splits some may be still to do: their buckets hold two buckets' names. */
  private int bucketOf(long hash) {
    int round = Integer.highestOneBit(buckets.length());
    int bucket = (int) (hash & (2L * round - 1));
    return bucket < buckets.length() ? bucket : bucket & (round - 1);
  }

  /** The last bucket, which is empty, gets the names that belong there now. */
  private void split() {
    int added = buckets.length() - 1;
    if (added == 0) {
      return;
    }
    int from = splitFrom(added);
    int at = buckets.get(from);
    buckets.set(from, RecordPool.NONE);
    while (at != RecordPool.NONE) {
      int next = names.next(at);
      push(bucketOf(names.hash(at)), at);
      at = next;
    }
  }

  /** The names of the last bucket go back to where they came from. */
  private void join() {
    int last = buckets.length() - 1;
    int at = buckets.get(last);
    while (at != RecordPool.NONE) {
      int next = names.next(at);
      push(splitFrom(last), at);
      at = next;
    }
  }

  private static int splitFrom(int bucket) {
    return bucket & (Integer.highestOneBit(bucket) - 1);
  }

  private void push(int bucket, int name) {
    names.setNext(name, buckets.get(bucket));
    buckets.set(bucket, name);
  }

  private void unchain(int bucket, int name) {
    int at = buckets.get(bucket);
    if (at == name) {
      buckets.set(bucket, names.next(name));
      return;
    }
    while (names.next(at) != name) {
      at = names.next(at);
    }
    names.setNext(at, names.next(name));
  }

  /** A name as a listing shows it. */
  record Listed(FileName name, MemoryNode node, long cookie) {}
}
