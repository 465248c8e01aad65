package org.telosfs.persistence.blob;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.ipc.IpcLimits;
import org.telosfs.persistence.ipc.ServedStore;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.storage.HostStorageDirectory;

/**
 * Writes a large blob and reads it again, in this process and through a socket, and says how long
 * that took: {@code DIRECTORY BYTES}. To be run with little heap.
 */
final class BlobMarathon {

  private static final int BLOCK_BYTES = 64 * 1024;

  private BlobMarathon() {}

  public static void main(String[] arguments) throws IOException {
    HostStorageDirectory directory = new HostStorageDirectory(Path.of(arguments[0]));
    long bytes = Long.parseLong(arguments[1]);
    LocalObjectStore.create(directory);
    ObjectId id;
    try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
      id = write("local up", store, bytes);
      read("local down", store, id, bytes);
      drop(store, id);
    }
    try (ServedStore served = ServedStore.open(directory, StoreConfig.DEFAULT, IpcLimits.DEFAULT);
        ObjectStore client = served.connect()) {
      id = write("socket up", client, bytes);
      read("socket down", client, id, bytes);
    }
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getTotalCapacity)
            .sum();
    System.out.printf(
        "heap at most %d MiB, direct memory at the end %d KiB%n",
        Runtime.getRuntime().maxMemory() >> 20, direct >> 10);
  }

  private static ObjectId write(String what, ObjectStore store, long bytes) throws IOException {
    ObjectId id = store.newIds(1).get(0);
    long start = System.nanoTime();
    try (BlobWriter writer = store.newBlob();
        StoreTransaction transaction = store.begin()) {
      writer.copyFrom(new Noise(bytes));
      transaction.put(new ObjectPut(id, ByteString.EMPTY, List.of(), Optional.of(writer.finish())));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    say(what, bytes, start);
    return id;
  }

  private static void read(String what, ObjectStore store, ObjectId id, long bytes)
      throws IOException {
    long start = System.nanoTime();
    ByteBuffer found = ByteBuffer.allocate(1 << 20);
    byte[] expected = new byte[1 << 20];
    Noise noise = new Noise(bytes);
    try (StoreSnapshot snapshot = store.snapshot();
        BlobReader reader = snapshot.openBlob(id).orElseThrow()) {
      for (long at = 0; at < bytes; at += found.position()) {
        int count = reader.read(found.clear(), at);
        int wanted = noise.readNBytes(expected, 0, expected.length);
        if (count != wanted
            || !ByteBuffer.wrap(expected, 0, count).equals(found.duplicate().flip())) {
          throw new IOException(what + ": other bytes at " + at);
        }
      }
    }
    say(what, bytes, start);
  }

  private static void drop(LocalObjectStore store, ObjectId id) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.delete(id);
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    store.pack().run(PackOptions.keepingFrom(TransactionId.MAX));
  }

  private static void say(String what, long bytes, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%s: %.1f s, %.0f MiB/s%n", what, seconds, bytes / seconds / (1 << 20));
  }

  /** So many bytes that follow from their place. */
  private static final class Noise extends InputStream {
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);
    private final long bytes;
    private long made;

    Noise(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return fill() ? Byte.toUnsignedInt(block.get()) : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, block.remaining());
      block.get(into, offset, count);
      return count;
    }

    private boolean fill() {
      if (!block.hasRemaining() && made < bytes) {
        SplittableRandom random = new SplittableRandom(made);
        block.clear();
        while (block.hasRemaining()) {
          block.putLong(random.nextLong());
        }
        block.flip().limit((int) Math.min(BLOCK_BYTES, bytes - made));
        made += block.limit();
      }
      return block.hasRemaining();
    }
  }
}
