package org.telosfs.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.MountBusyException;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountOptions;

/**
 * The mounts of a daemon, by tree name. Unmounting is never lazy: what is in use stays, and is
 * named.
 */
final class MountSet implements Closeable {
  private final Map<String, FuseMount> mounts;

  /** What serves without a mount ends when it is told to. */
  private final CountDownLatch toldToEnd;

  private MountSet(Map<String, FuseMount> mounts) {
    this.mounts = Collections.unmodifiableMap(mounts);
    this.toldToEnd = new CountDownLatch(mounts.isEmpty() ? 1 : 0);
  }

  /** Nothing mounted. */
  static MountSet none() {
    return new MountSet(Map.of());
  }

  /** Mounts all trees, or none. */
  static MountSet mount(FuseTransport transport, List<ServedTree> trees, MountOptions options)
      throws IOException {
    Map<String, FuseMount> mounted = new LinkedHashMap<>();
    try {
      for (ServedTree tree : trees) {
        mounted.put(tree.name(), transport.mount(tree.tree(), tree.where(), options));
      }
    } catch (MountException refused) {
      for (FuseMount mount : mounted.values()) {
        try {
          mount.unmount();
        } catch (IOException stays) {
          refused.addSuppressed(stays);
        }
      }
      throw refused;
    }
    return new MountSet(mounted);
  }

  /** By tree name, those that are over included. */
  Map<String, FuseMount> byName() {
    return mounts;
  }

  List<Path> mountPoints() {
    return mounts.values().stream().map(FuseMount::where).toList();
  }

  boolean isEmpty() {
    return toldToEnd.getCount() == 0 && mounts.values().stream().noneMatch(FuseMount::isMounted);
  }

  /** Waits until every mount is over, whoever ends it. */
  void awaitAll() throws InterruptedException {
    toldToEnd.await();
    for (FuseMount mount : mounts.values()) {
      mount.awaitUnmounted();
    }
  }

  /**
   * @throws MountBusyException if it is in use
   */
  void unmount(Path where) throws IOException {
    for (FuseMount mount : mounts.values()) {
      if (mount.where().equals(where)) {
        mount.unmount();
        return;
      }
    }
    throw new Refusal(ExitCode.NOT_FOUND, where + " is not mounted by this daemon");
  }

  /**
   * Unmounts all; tries each even if another is in use.
   *
   * @throws Refusal BUSY, naming every mount that stays
   */
  void unmountAll() throws IOException {
    toldToEnd.countDown();
    List<String> stay = new ArrayList<>();
    for (FuseMount mount : mounts.values()) {
      try {
        mount.unmount();
      } catch (MountBusyException busy) {
        stay.add(String.valueOf(busy.getMessage()));
      }
    }
    if (!stay.isEmpty()) {
      throw new Refusal(ExitCode.BUSY, String.join("; ", stay));
    }
  }

  @Override
  public void close() throws IOException {
    unmountAll();
  }
}
