package org.telosfs.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.telosfs.fuse.wire.NotifyWriter;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.InodeNumber;

/**
 * Tells the kernel to drop what it caches. The kernel takes locks of its own for that and may make
 * us wait, so that a thread apart does it and a caller waits no longer than the deadline; a mount
 * that misses it is given up and not told again.
 *
 * <p>A request that is being served may already have read what has just changed, and would put it
 * into the kernel's cache after it was dropped. So what is in flight is answered first.
 */
final class KernelNotifier implements CacheInvalidator {
  private static final System.Logger LOG = System.getLogger(KernelNotifier.class.getName());

  private static final int PAGE_BYTES = 4096;

  private final FuseChannel.Port port;
  private final NotifyWriter writer;
  private final NodeLookups lookups;
  private final InFlight inFlight;
  private final Duration deadline;
  private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean over;

  KernelNotifier(FuseChannel channel, NodeLookups lookups, InFlight inFlight, Duration deadline) {
    ByteBuffer out = ByteBuffer.allocateDirect(NotifyWriter.BUFFER_BYTES);
    this.port = channel.port(ByteBuffer.allocateDirect(0), out);
    this.writer = new NotifyWriter(out);
    this.lookups = lookups;
    this.inFlight = inFlight;
    this.deadline = deadline;
    this.thread = new Thread(this::run, "telosfs-fuse-notify");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** The kernel is gone; whoever waits is let go. */
  void stop() {
    over = true;
    thread.interrupt();
  }

  @Override
  public void entryChanged(InodeNumber directory, FileName name) {
    if (lookups.isKnown(directory)) { // else no name in it can have been looked up
      tell(new Change(directory, name));
    }
  }

  @Override
  public void contentChanged(InodeNumber inode) {
    tell(new Change(inode, null));
  }

  @Override
  public void unread(InodeNumber inode, long sizeBytes) {
    if (!over && lookups.isKnown(inode)) {
      changes.add(new Change(inode, sizeBytes));
    }
  }

  private void tell(Change change) {
    if (over) {
      return;
    }
    changes.add(change);
    if (!change.awaitTold(deadline) && !over) {
      over = true;
      LOG.log(
          System.Logger.Level.ERROR,
          "the kernel did not drop {0} within {1}; what this mount shows may be out of date from"
              + " now on",
          change,
          deadline);
    }
  }

  private void run() {
    try {
      while (!over) {
        Change change = changes.take();
        send(change);
        change.told.countDown();
      }
    } catch (InterruptedException stopped) {
      LOG.log(System.Logger.Level.DEBUG, "no more notifications");
    } finally {
      over = true;
      for (Change left = changes.poll(); left != null; left = changes.poll()) {
        left.told.countDown();
      }
    }
  }

  private void send(Change change) {
    if (change.isUnread()) {
      sendUnread(change);
      return;
    }
    if (!inFlight.awaitAnswered(change.caller, deadline)) {
      return; // the caller's own deadline is over too
    }
    FileName name = change.name;
    sendMessage(
        change,
        name == null
            ? writer.invalidateInode(change.inode)
            : writer.invalidateEntry(change.inode, name));
  }

  /** Nothing wrong is cached, so that requests in flight do not matter. */
  private void sendUnread(Change change) {
    sendMessage(change, writer.invalidateInode(change.inode, 0, 1));
    if (change.sizeBytes > PAGE_BYTES) {
      sendMessage(change, writer.invalidateInode(change.inode, change.sizeBytes - 1, 1));
    }
  }

  private void sendMessage(Change change, int bytes) {
    try {
      port.send(bytes);
    } catch (IOException refused) {
      LOG.log(System.Logger.Level.ERROR, () -> "the kernel refused to drop " + change, refused);
    }
  }

  /** One thing to drop: a name in a directory, an inode's content, or the ends of that. */
  private static final class Change {
    final InodeNumber inode;
    final @Nullable FileName name;

    /** Of content whose ends alone are dropped; else negative. */
    final long sizeBytes;

    final Thread caller = Thread.currentThread();
    final CountDownLatch told = new CountDownLatch(1);

    Change(InodeNumber inode, @Nullable FileName name) {
      this.inode = inode;
      this.name = name;
      this.sizeBytes = -1;
    }

    Change(InodeNumber inode, long sizeBytes) {
      this.inode = inode;
      this.name = null;
      this.sizeBytes = sizeBytes;
    }

    boolean isUnread() {
      return sizeBytes >= 0;
    }

    boolean awaitTold(Duration deadline) {
      long end = System.nanoTime() + deadline.toNanos();
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return told.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
          } catch (InterruptedException later) {
            interrupted = true;
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public String toString() {
      return name == null ? "inode " + inode : "name '" + name + "' in inode " + inode;
    }
  }
}
