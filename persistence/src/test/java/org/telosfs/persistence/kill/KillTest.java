package org.telosfs.persistence.kill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreCheck;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * A writing and packing process is killed again and again. What it acknowledged is there, in both
 * objects of a pair or in none, with its blob whole, at most one transaction of a thread more, the
 * log is whole, and of blobs that no transaction links nothing stays.
 */
class KillTest {

  private static final int KILLS = Boolean.getBoolean("telosfs.long") ? 200 : 5;
  private static final int MOST_ACKNOWLEDGED = 400;

  @TempDir private Path directory;

  private final long[] known = new long[KilledWriter.THREADS];

  @Test
  void everyAcknowledgedCommitSurvivesEveryKill() throws Exception {
    HostStorageDirectory medium = new HostStorageDirectory(directory);
    LocalObjectStore.create(medium);
    Random random = new Random(7);
    long acknowledged = 0;
    int cutShort = 0;
    int orphans = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged += writeUntilKilled(random.nextInt(MOST_ACKNOWLEDGED));
      cutShort += medium.list().contains("pack") ? 1 : 0;
      String state = "kill " + kill;
      int found = blobs(medium).list().size();
      assertEquals(List.of(), StoreCheck.run(medium).damages(), state);
      try (LocalObjectStore store = LocalObjectStore.open(medium, KilledWriter.CONFIG)) {
        requireKnown(store, state);
        orphans += found - requireNoOrphans(medium, store, state);
        assertEquals(
            List.of(),
            store.pack().dryRun(PackOptions.keepingFrom(TransactionId.MAX)).dangling(),
            state);
      }
    }
    try (LocalObjectStore store = LocalObjectStore.open(medium, KilledWriter.CONFIG)) {
      store.pack().run(PackOptions.keepingFrom(TransactionId.MAX));
      requireKnown(store, "packed");
      long linked = LongStream.of(known).filter(KilledWriter::hasBlob).count();
      assertEquals(linked, blobs(medium).list().size(), "blobs that the pack left");
    }
    assertTrue(acknowledged > KILLS, acknowledged + " commits");
    System.getLogger(KillTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} kills, {1} commits acknowledged, {2} packs cut short, {3} blobs without a transaction",
            KILLS,
            acknowledged,
            cutShort,
            orphans);
  }

  private static StorageDirectory blobs(StorageDirectory medium) {
    return medium.directory(BlobStore.DIRECTORY);
  }

  /** Returns how many blobs there are, each of which has the name of a transaction that exists. */
  private static int requireNoOrphans(StorageDirectory medium, LocalObjectStore store, String state)
      throws IOException {
    List<BlobStore.Entry> entries = new BlobStore(medium).entries();
    assertEquals(entries.size(), blobs(medium).list().size(), state);
    try (StoreSnapshot snapshot = store.snapshot()) {
      for (BlobStore.Entry entry : entries) {
        assertTrue(entry.transaction().compareTo(snapshot.transaction()) <= 0, state + entry);
      }
    }
    return entries.size();
  }

  /** Kills once so many commits were acknowledged; reads what else was by then. */
  private long writeUntilKilled(int commits) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(KilledWriter.class.getName(), directory.toString()));
    for (long last : known) {
      command.add(Long.toString(last));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    long count = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        assertFalse(line.startsWith("failed"), line);
        String[] words = line.split(" ");
        if (words.length == 2) {
          int thread = Integer.parseInt(words[0]);
          known[thread] = Math.max(known[thread], Long.parseLong(words[1]));
          count++;
        }
        if (count >= commits && process.isAlive()) {
          // Not the process itself: that would close its output, which still is to be read.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    return count;
  }

  private void requireKnown(LocalObjectStore store, String state) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      SortedMap<String, ObjectId> roots = snapshot.roots();
      for (int thread = 0; thread < KilledWriter.THREADS; thread++) {
        long left = number(snapshot, roots.get(KilledWriter.root(thread, "left")));
        long right = number(snapshot, roots.get(KilledWriter.root(thread, "right")));
        String where = state + ", thread " + thread + ", known " + known[thread];
        assertEquals(left, right, where);
        assertTrue(left >= known[thread] && left <= known[thread] + 1, where + ", is " + left);
        known[thread] = left;
        requireBlob(snapshot, roots.get(KilledWriter.root(thread, "left")), thread, where);
      }
    }
  }

  private void requireBlob(StoreSnapshot snapshot, ObjectId id, int thread, String where)
      throws IOException {
    if (id == null) {
      return;
    }
    Optional<BlobReader> blob = snapshot.openBlob(id);
    assertEquals(KilledWriter.hasBlob(known[thread]), blob.isPresent(), where);
    if (blob.isPresent()) {
      try (BlobReader reader = blob.get()) {
        byte[] content = KilledWriter.blobContent(thread, known[thread]);
        assertArrayEquals(content, reader.stream().readAllBytes(), where);
      }
    }
  }

  private static long number(StoreSnapshot snapshot, ObjectId id) throws IOException {
    if (id == null) {
      return 0;
    }
    Revision revision = snapshot.get(id).orElseThrow();
    String text = new String(revision.state().toByteArray(), StandardCharsets.UTF_8);
    int end = text.indexOf('-');
    return Long.parseLong(end < 0 ? text : text.substring(0, end));
  }
}
