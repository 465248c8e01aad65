package org.telosfs.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.memory.MemoryFileSystem;

/** A tree in memory, gone when it is unmounted. */
final class MemoryTree implements Served {
  private final MemoryFileSystem tree;
  private final Path where;
  private final long capacityBytes;

  MemoryTree(Path where, long capacityBytes, AccessTimes accessTimes) {
    this.where = where;
    this.capacityBytes = capacityBytes;
    this.tree =
        new MemoryFileSystem(
            InstantSource.system(), capacityBytes, traits(accessTimes), accessTimes);
  }

  private static FileSystemTraits traits(AccessTimes accessTimes) {
    FileSystemTraits common = FileSystemTraits.soleWriter("telosfs-memory");
    return new FileSystemTraits(
        common.name(),
        common.readOnly(),
        accessTimes != AccessTimes.STRICT,
        common.posixAcls(),
        common.entryTimeout(),
        common.attributeTimeout(),
        common.negativeTimeout());
  }

  @Override
  public List<ServedTree> trees() {
    return List.of(new ServedTree("memory", tree, where));
  }

  @Override
  public Optional<ObjectStore> objects() {
    return Optional.empty();
  }

  @Override
  public Map<String, ControlHandler> handlers() {
    return Map.of();
  }

  @Override
  public void describe(ObjectNode status) {
    status.putObject("memory").put("capacityBytes", capacityBytes);
  }

  @Override
  public void close() throws IOException {
    tree.close();
  }
}
