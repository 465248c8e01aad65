package org.telosfs.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.FileBlockDevice;
import org.telosfs.block.volume.VolumeStats;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.daemon.quota.QuotaService;
import org.telosfs.image.ImageConfig;
import org.telosfs.image.ImageFileSystem;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreStats;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.posix.PosixConfig;
import org.telosfs.posix.PosixFileSystem;
import org.telosfs.posix.PosixStats;
import org.telosfs.vfs.AccessTimes;

/** A store's POSIX tree and object store, open. */
final class StoreTrees implements Served {
  private final Parts parts;
  private final PosixFileSystem posix;
  private final LocalObjectStore objects;
  private final List<ServedTree> trees;

  private StoreTrees(
      Parts parts, PosixFileSystem posix, LocalObjectStore objects, List<ServedTree> trees) {
    this.parts = parts;
    this.posix = posix;
    this.objects = objects;
    this.trees = List.copyOf(trees);
  }

  /**
   * Opens both, the one beside the other.
   *
   * @param points where each tree will be mounted, by name
   * @throws Refusal DAMAGED, LOCKED; nothing is open then
   */
  static StoreTrees open(StoreLayout store, Map<String, Path> points, AccessTimes accessTimes)
      throws IOException {
    Parts parts = new Parts();
    Opening<LocalObjectStore> opening =
        parts.add(
            Opening.begin(
                "objects",
                () ->
                    LocalObjectStore.open(
                        new HostStorageDirectory(store.objects()), StoreConfig.DEFAULT)));
    try {
      PosixFileSystem posix =
          parts.add(
              StoreVolume.open(
                  store.volume(), FileBlockDevice::open, PosixConfig.standard().with(accessTimes)));
      LocalObjectStore objects = opening.get();
      ImageFileSystem image = parts.add(new ImageFileSystem(objects, imageConfig()));
      List<ServedTree> trees =
          List.of(
              new ServedTree("posix", posix, where(points, "posix")),
              new ServedTree("image", image, where(points, "image")));
      return new StoreTrees(parts, posix, objects, trees);
    } catch (IOException | RuntimeException failed) {
      parts.closeAfter(failed);
      throw failed;
    }
  }

  private static ImageConfig imageConfig() throws IOException {
    Path self = Path.of("/proc/self");
    return ImageConfig.ownedBy(
        (Integer) Files.getAttribute(self, "unix:uid"),
        (Integer) Files.getAttribute(self, "unix:gid"));
  }

  private static Path where(Map<String, Path> points, String name) {
    Path where = points.get(name);
    if (where == null) {
      throw new IllegalArgumentException("no mount point for " + name + " in " + points);
    }
    return where;
  }

  @Override
  public List<ServedTree> trees() {
    return trees;
  }

  @Override
  public Optional<ObjectStore> objects() {
    return Optional.of(objects);
  }

  @Override
  public Map<String, ControlHandler> handlers() {
    return new QuotaService(posix, trees.get(0).where()).handlers();
  }

  @Override
  public void describe(ObjectNode status) {
    PosixStats tree = posix.stats();
    VolumeStats volume = tree.volume();
    ObjectNode blocks =
        status
            .putObject("volume")
            .put("id", volume.id().toString())
            .put("totalBytes", volume.blocksTotal() * BlockGeometry.BLOCK_BYTES)
            .put("freeBytes", volume.blocksFree() * BlockGeometry.BLOCK_BYTES)
            .put("availableBytes", volume.blocksAvailable() * BlockGeometry.BLOCK_BYTES)
            .put("journalBytes", volume.journalBytes())
            .put("journalBytesUsed", volume.journalBytesUsed())
            .put("generation", volume.generation())
            .put("liveInodes", tree.liveInodes());
    if (tree.readOnlyReason() != null) {
      blocks.put("readOnlyReason", tree.readOnlyReason());
    }
    describe(objects.stats(), status);
  }

  /** The object store's figures. */
  static void describe(StoreStats stats, ObjectNode status) {
    ObjectNode log =
        status
            .putObject("objects")
            .put("objects", stats.objects())
            .put("revisions", stats.revisions())
            .put("transactions", stats.transactions())
            .put("newest", stats.newest().toString())
            .put("segments", stats.segments())
            .put("logBytes", stats.logBytes())
            .put("commits", stats.commits())
            .put("syncs", stats.syncs());
    stats.writingEnded().ifPresent(reason -> log.put("writingEnded", reason));
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }
}
