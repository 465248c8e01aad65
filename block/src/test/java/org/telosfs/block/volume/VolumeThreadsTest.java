package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.telosfs.block.volume.VolumeFixture.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;

/** Writers, waiters, readers and checkpoints at once; afterwards every block is accounted for. */
class VolumeThreadsTest {
  private static final int WRITERS = 4;
  private static final int STEPS = Boolean.getBoolean("telosfs.long") ? 50_000 : 1_500;

  private final MemoryBlockDevice device = VolumeFixture.formatted(16L << 20);
  private Volume volume = Volume.open(device, new VolumeConfig(32, 64, true));
  private final ConcurrentHashMap<Key, StoredExtent> files = new ConcurrentHashMap<>();

  VolumeThreadsTest() throws IOException {}

  @Test
  void everyBlockIsAccountedForAfterwards() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        work.add(threads.submit(() -> write(number)));
      }
      work.add(threads.submit(this::checkpointOften));
      for (Future<?> one : work) {
        one.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    volume.awaitDurable(volume.seal());
    requireSound();
    volume.close();
    volume = VolumeFixture.open(device);
    requireSound();
    assertEquals(files.size(), VolumeFixture.entries(volume.view()).size());
  }

  private Void checkpointOften() throws IOException {
    for (int i = 0; i < STEPS / 10; i++) {
      volume.checkpoint();
      volume.view().ceiling(Key.of((byte) 0));
    }
    return null;
  }

  /** Each writer has keys of its own, as the owner's locks would have it. */
  private Void write(int writer) throws IOException {
    Random random = new Random(writer);
    for (int step = 0; step < STEPS; step++) {
      Key key = Key.of((byte) (1 + writer), (byte) random.nextInt(100));
      StoredExtent old = files.get(key);
      try (Reservation space = volume.reserve(3);
          VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        if (old != null) {
          readBack(old);
          volume.extents().free(tx, old.extent());
        }
        if (random.nextInt(4) == 0) {
          tx.delete(key);
          tx.commit();
          files.remove(key);
        } else {
          List<StoredExtent> stored =
              volume
                  .extents()
                  .write(
                      tx,
                      space,
                      ExtentStore.ANYWHERE,
                      blocks(1 + random.nextInt(3), random.nextInt(256)));
          for (StoredExtent tooMany : stored.subList(1, stored.size())) {
            volume.extents().free(tx, tooMany.extent());
          }
          tx.put(key, new byte[random.nextInt(300)]);
          if (random.nextInt(10) > 0) {
            tx.commit();
            files.put(key, stored.get(0));
          }
        }
      }
      if (random.nextInt(5) == 0) {
        volume.awaitDurable(volume.seal());
      }
    }
    return null;
  }

  private void readBack(StoredExtent file) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(file.extent().blocks() * BlockGeometry.BLOCK_BYTES);
    volume.extents().read(file.extent(), file.checksums(), 0, into);
  }

  private void requireSound() throws IOException {
    ScrubReport report =
        VolumeScrub.run(
            volume,
            (map, found) -> files.values().forEach(f -> found.accept(f.extent(), f.checksums())));
    assertEquals(List.of(), report.findings());
  }
}
