package org.telosfs.vfs.memory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/**
 * Lists directories, a batch of lines at a time, so that no lock is held while a sink takes them.
 */
final class MemoryListing {
  private static final int LISTING_BATCH = 64;

  private final NodeTable nodes;
  private final AccessTimes accessTimes;
  private final InstantSource clock;

  MemoryListing(NodeTable nodes, AccessTimes accessTimes, InstantSource clock) {
    this.nodes = nodes;
    this.accessTimes = accessTimes;
    this.clock = clock;
  }

  /** Takes a line of a listing, and its node unless it is {@code .} or {@code ..}. */
  @FunctionalInterface
  interface LineSink {
    boolean accept(DirectoryEntry entry, @Nullable MemoryNode node);
  }

  /**
   * @param countLookups whether each node that the sink takes is looked up once more
   */
  void list(MemoryNode above, long cookie, boolean countLookups, LineSink sink) throws FsException {
    above.names();
    above.read(accessTimes, clock);
    if (!listDots(above, cookie, sink)) {
      return;
    }
    long at = Math.max(cookie, DirectoryContent.DOT_DOT_COOKIE);
    while (true) {
      List<DirectoryContent.Listed> batch = batchAfter(above, at, countLookups);
      for (int i = 0; i < batch.size(); i++) {
        DirectoryContent.Listed line = batch.get(i);
        if (!sink.accept(entryOf(line), line.node())) {
          if (countLookups) {
            batch.subList(i, batch.size()).forEach(left -> nodes.forget(left.node().number, 1));
          }
          return;
        }
        at = line.cookie();
      }
      if (batch.size() < LISTING_BATCH) {
        return;
      }
    }
  }

  private static boolean listDots(MemoryNode above, long cookie, LineSink sink) {
    return (cookie >= DirectoryContent.DOT_COOKIE
            || sink.accept(dots(above.number, FileName.DOT, DirectoryContent.DOT_COOKIE), null))
        && (cookie >= DirectoryContent.DOT_DOT_COOKIE
            || sink.accept(
                dots(above.parent(), FileName.DOT_DOT, DirectoryContent.DOT_DOT_COOKIE), null));
  }

  private static DirectoryEntry dots(InodeNumber number, FileName name, long cookie) {
    return new DirectoryEntry(number, FileType.DIRECTORY, name, cookie);
  }

  private static DirectoryEntry entryOf(DirectoryContent.Listed line) {
    return new DirectoryEntry(line.node().number, line.node().type, line.name(), line.cookie());
  }

  private List<DirectoryContent.Listed> batchAfter(
      MemoryNode above, long cookie, boolean countLookups) throws FsException {
    List<DirectoryContent.Listed> batch = new ArrayList<>(LISTING_BATCH);
    long stamp = above.lock.readLock();
    try {
      above.requireAlive();
      above.names().list(cookie, LISTING_BATCH, nodes, batch);
      if (countLookups) {
        for (DirectoryContent.Listed line : batch) {
          line.node().addLookups(1);
        }
      }
    } finally {
      above.lock.unlockRead(stamp);
    }
    return batch;
  }
}
