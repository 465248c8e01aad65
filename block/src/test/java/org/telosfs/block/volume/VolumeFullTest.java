package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.telosfs.block.volume.VolumeFixture.blocks;
import static org.telosfs.block.volume.VolumeFixture.copyOf;
import static org.telosfs.block.volume.VolumeFixture.entries;
import static org.telosfs.block.volume.VolumeFixture.formatted;
import static org.telosfs.block.volume.VolumeFixture.key;
import static org.telosfs.block.volume.VolumeFixture.open;
import static org.telosfs.block.volume.VolumeFixture.sync;
import static org.telosfs.block.volume.VolumeFixture.value;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.NoSpaceException;

class VolumeFullTest {
  private final MemoryBlockDevice device = formatted();
  private Volume volume = open(device);
  private final List<StoredExtent> files = new ArrayList<>();

  VolumeFullTest() throws IOException {}

  private void requireSound() throws IOException {
    ScrubReport report =
        VolumeScrub.run(
            volume, (map, found) -> files.forEach(f -> found.accept(f.extent(), f.checksums())));
    assertEquals(List.of(), report.findings());
  }

  private static Key fileKey(StoredExtent file) {
    return Key.of(ByteBuffer.allocate(9).put((byte) 9).putLong(file.extent().startBlock()).array());
  }

  private void writeFile(Reservation space, Purpose purpose, int count) throws IOException {
    try (VolumeTransaction tx = volume.begin(purpose)) {
      List<StoredExtent> stored =
          volume.extents().write(tx, space, ExtentStore.ANYWHERE, blocks(count, 3));
      for (StoredExtent file : stored) {
        tx.put(fileKey(file), encode(file.checksums()));
      }
      tx.commit();
      files.addAll(stored);
    }
  }

  private static byte[] encode(BlockChecksums checksums) {
    ByteBuffer bytes = ByteBuffer.allocate(checksums.blocks() * BlockChecksums.BYTES_PER_BLOCK);
    checksums.encode(bytes);
    return bytes.array();
  }

  private void removeFile(int index) throws IOException {
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      StoredExtent file = files.get(index);
      volume.extents().free(tx, file.extent());
      tx.delete(fileKey(file));
      tx.commit();
      files.remove(index);
    }
  }

  /** Writes files of one block until the volume refuses. */
  private void fillWithFiles() throws IOException {
    while (true) {
      try (Reservation space = volume.reserve(1)) {
        writeFile(space, Purpose.GROW, 1);
        sync(volume);
      } catch (NoSpaceException full) {
        return;
      }
    }
  }

  @Test
  void acceptedDataNeverMeetsAFullVolume() throws IOException {
    long available = volume.stats().blocksAvailable();
    try (Reservation all = volume.reserve(available)) {
      while (all.blocks() > 0) {
        writeFile(all, Purpose.RELEASE, 1);
        if (files.size() % 7 == 0) {
          sync(volume);
        }
      }
    }
    assertEquals(available, files.size());
    sync(volume);
    requireSound();
  }

  @Test
  void removingWorksOnAFullVolumeAndMakesRoom() throws IOException {
    fillWithFiles();
    assertTrue(files.size() > 500, files.size() + " files");
    while (!files.isEmpty()) {
      removeFile(files.size() / 2);
      if (files.size() % 5 == 0) {
        sync(volume);
      }
    }
    sync(volume);
    volume.checkpoint();
    assertTrue(volume.stats().blocksAvailable() > 500, volume.stats().toString());
    requireSound();
  }

  @Test
  void fragmentedSpaceIsFilledToTheEnd() throws IOException {
    fillWithFiles();
    int all = files.size();
    for (int i = all - 1; i >= 0; i -= 2) {
      removeFile(i);
    }
    sync(volume);
    fillWithFiles();
    assertTrue(files.size() > all * 9 / 10, files.size() + " of " + all);
    requireSound();
    volume = open(copyOf(device));
    requireSound();
    removeFile(0);
    sync(volume);
  }

  @Test
  void mapFillsUpAndEmptiesAgain() throws IOException {
    int count = 0;
    while (true) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        tx.put(key("entry " + count), new byte[1000]);
        tx.commit();
        sync(volume);
        count++;
      } catch (NoSpaceException full) {
        break;
      }
    }
    assertTrue(count > 1000, count + " entries");
    requireSound();
    volume = open(copyOf(device));
    assertEquals(count, entries(volume.view()).size());
    for (int i = 0; i < count; i++) {
      try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
        tx.delete(key("entry " + i));
        tx.commit();
      }
      sync(volume);
    }
    volume.checkpoint();
    requireSound();
    assertTrue(entries(volume.view()).isEmpty());
  }

  @Test
  void nthMissingBlockLeavesEverythingUnharmed() throws IOException {
    for (int left = 0; left < 60; left++) {
      MemoryBlockDevice fresh = formatted();
      volume = open(fresh);
      files.clear();
      long available = volume.stats().blocksAvailable();
      boolean done = false;
      try (Reservation others = volume.reserve(available - left)) {
        try (Reservation space = volume.reserve(20)) {
          writeFile(space, Purpose.GROW, 20);
          sync(volume);
          done = true;
        } catch (NoSpaceException full) {
          assertTrue(left < 40, "refused with " + left + " blocks left");
        }
        assertTrue(others.blocks() >= 0);
      }
      assertEquals(done ? 20 : 0, files.stream().mapToInt(f -> f.extent().blocks()).sum());
      requireSound();
      volume = open(copyOf(fresh));
      requireSound();
      assertEquals(0, volume.stats().blocksReserved());
    }
  }

  @Test
  void growthIsRefusedBeforeReleaseIs() throws IOException {
    fillWithFiles();
    Reservation rest = volume.reserve(volume.stats().blocksAvailable());
    assertThrows(
        NoSpaceException.class,
        () -> {
          for (int i = 0; i < 10_000; i++) {
            try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
              tx.put(key("more " + i), new byte[1000]);
              tx.commit();
            }
            sync(volume);
          }
        });
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      tx.put(key("renamed"), value("over"));
      tx.commit();
    }
    sync(volume);
    rest.close();
    requireSound();
  }
}
