package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * What a store of many small objects takes of memory, and how long it takes to open. With {@code
 * -Dtelosfs.long=true} ten million objects and the promised times; else few, for their memory
 * alone. The figures are printed.
 */
class ManyObjectsTest {

  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int OBJECTS =
      Integer.getInteger("telosfs.objects", LONG ? 10_000_000 : 200_000);
  private static final int AT_ONCE = Integer.getInteger("telosfs.objects.at.once", 1000);
  private static final int STATE_BYTES = 100;
  private static final double HEAP_BYTES_AN_OBJECT = 24;
  private static final double CLEAN_SECONDS = 2;
  private static final double KILLED_SECONDS = 10;

  @Test
  void manyObjectsTakeLittleMemoryAndOpenSoon(@TempDir Path path) throws IOException {
    StorageDirectory directory = new HostStorageDirectory(path);
    LocalObjectStore.create(directory);
    try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
      long start = System.nanoTime();
      fill(store);
      print("filled", seconds(start));
      // What a kill leaves: nothing was closed, the index on disk is as old as it may be.
      double killed = open(directory, "after a kill");
      assertTrue(!LONG || killed <= KILLED_SECONDS, killed + " s after a kill");
    }
    double clean = open(directory, "after a clean stop");
    assertTrue(!LONG || clean <= CLEAN_SECONDS, clean + " s after a clean stop");
  }

  private static void fill(LocalObjectStore store) throws IOException {
    ByteString state = ByteString.copyOf(new byte[STATE_BYTES]);
    for (int done = 0; done < OBJECTS; done += AT_ONCE) {
      List<ObjectPut> puts = new ArrayList<>();
      for (ObjectId id : store.newIds(AT_ONCE)) {
        puts.add(new ObjectPut(id, state, List.of()));
      }
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(puts);
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
    }
  }

  private static double open(StorageDirectory directory, String when) throws IOException {
    long before = usedHeapBytes();
    long start = System.nanoTime();
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(directory)) {
      double seconds = seconds(start);
      double heap = (double) (usedHeapBytes() - before) / OBJECTS;
      assertEquals(OBJECTS, store.stats().objects());
      print("opened " + when, seconds);
      print("heap bytes an object", heap);
      print("of these, index", (double) store.stats().indexBytes() / OBJECTS);
      assertTrue(!LONG || heap <= HEAP_BYTES_AN_OBJECT, heap + " bytes of heap an object");
      assertTrue(
          store.stats().indexBytes() <= HEAP_BYTES_AN_OBJECT * OBJECTS,
          store.stats().indexBytes() + " bytes of index");
      return seconds;
    }
  }

  private static long usedHeapBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int times = 0; times < 3; times++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static void print(String what, double figure) {
    System.out.printf("%,d objects: %s: %.2f%n", OBJECTS, what, figure);
  }
}
