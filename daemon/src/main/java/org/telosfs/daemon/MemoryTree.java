package org.telosfs.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
  /** Requests and replies lie outside the heap as well. */
  private static final long TRANSPORT_BYTES = 128L << 20;

  private static final long LEAST_BYTES = 16L << 20;

  private final MemoryFileSystem tree;
  private final Path where;
  private final long capacityBytes;

  /** Takes what the JVM lets it have outside the heap, but for what transports need. */
  MemoryTree(Path where, AccessTimes accessTimes) {
    this.where = where;
    this.capacityBytes =
        MemoryFileSystem.capacityWithin(
            Math.max(LEAST_BYTES, maxDirectMemoryBytes() - TRANSPORT_BYTES));
    this.tree =
        new MemoryFileSystem(
            InstantSource.system(), capacityBytes, traits(accessTimes), accessTimes);
  }

  /** {@code -XX:MaxDirectMemorySize}; as large as the heap where it is not given. */
  private static long maxDirectMemoryBytes() {
    long given =
        Long.parseLong(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
    return given > 0 ? given : Runtime.getRuntime().maxMemory();
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
