package org.telosfs.daemon;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ipc.SocketPlace;
import org.telosfs.fuse.MountOptions;
import org.telosfs.vfs.AccessTimes;

/**
 * What a daemon serves, and how.
 *
 * @param store null for a tree in memory
 * @param memory where to mount a tree in memory; null for a store
 * @param posix where to mount the POSIX tree; null for the store's own directory
 * @param image where to mount the image; null for the store's own directory
 * @param accessTimes when reading moves them in the POSIX tree or the tree in memory
 * @param demo whether the demonstration client runs
 * @param mounts whether anything is mounted
 * @param socket where the objects are served, and to whom
 */
public record DaemonConfig(
    @Nullable StoreLayout store,
    @Nullable Path memory,
    @Nullable Path posix,
    @Nullable Path image,
    Transport transport,
    MountOptions options,
    AccessTimes accessTimes,
    boolean demo,
    boolean mounts,
    SocketPlace socket) {

  public DaemonConfig {
    if ((store == null) == (memory == null)) {
      throw new IllegalArgumentException("either a store or a memory tree is served");
    }
  }

  /** A store's trees. */
  public static DaemonConfig ofStore(
      StoreLayout store, @Nullable Path posix, @Nullable Path image) {
    return new DaemonConfig(
        store,
        null,
        posix,
        image,
        Transport.KERNEL,
        MountOptions.DEFAULTS,
        AccessTimes.RELATIME,
        false,
        true,
        SocketPlace.PRIVATE);
  }

  /** A store's objects on their socket, and nothing mounted. */
  public static DaemonConfig ofObjects(StoreLayout store) {
    return new DaemonConfig(
        store,
        null,
        null,
        null,
        Transport.KERNEL,
        MountOptions.DEFAULTS,
        AccessTimes.RELATIME,
        false,
        false,
        SocketPlace.PRIVATE);
  }

  /** A tree in memory. */
  public static DaemonConfig ofMemory(Path where) {
    return new DaemonConfig(
        null,
        where,
        null,
        null,
        Transport.KERNEL,
        MountOptions.DEFAULTS,
        AccessTimes.RELATIME,
        false,
        true,
        SocketPlace.PRIVATE);
  }

  public DaemonConfig withTransport(Transport value) {
    return new DaemonConfig(
        store, memory, posix, image, value, options, accessTimes, demo, mounts, socket);
  }

  public DaemonConfig withOptions(MountOptions value) {
    return new DaemonConfig(
        store, memory, posix, image, transport, value, accessTimes, demo, mounts, socket);
  }

  public DaemonConfig withAccessTimes(AccessTimes value) {
    return new DaemonConfig(
        store, memory, posix, image, transport, options, value, demo, mounts, socket);
  }

  public DaemonConfig withDemo(boolean value) {
    return new DaemonConfig(
        store, memory, posix, image, transport, options, accessTimes, value, mounts, socket);
  }

  public DaemonConfig withSocket(SocketPlace value) {
    return new DaemonConfig(
        store, memory, posix, image, transport, options, accessTimes, demo, mounts, value);
  }

  /** Mount points by tree name, in the order they are mounted. */
  public Map<String, Path> mountPoints() {
    Map<String, Path> points = new LinkedHashMap<>();
    if (!mounts) {
      return points;
    }
    if (store == null) {
      points.put("memory", java.util.Objects.requireNonNull(memory));
    } else {
      points.put("posix", posix == null ? store.posix() : posix);
      points.put("image", image == null ? store.image() : image);
    }
    return points;
  }
}
