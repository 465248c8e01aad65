package org.telosfs.block.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.telosfs.block.BlockChecksums;

/**
 * The data that groups count only with: which of the last groups a power loss has left without
 * theirs. A block that a later group has freed may hold anything once that group was durable, so
 * its data is asked for only up to there. Used by one thread.
 */
final class CheckedData {
  /** A run of blocks that a group counts only with. */
  private record Check(long sequence, long startBlock, BlockChecksums checksums) {}

  /** A run of blocks that a group has freed. */
  private record Freed(long sequence, long startBlock, int blocks) {}

  /** Groups that do not count for lack of a block: from the one that wrote it, to its freeing. */
  private record Lacking(long from, long to) {}

  private final Deque<Check> checks = new ArrayDeque<>();
  private final Deque<Freed> frees = new ArrayDeque<>();

  /** Notes what a group checks and frees; groups come in order. */
  JournalSink group(long sequence) {
    return new JournalSink() {
      @Override
      public void put(byte[] key, byte[] value) {}

      @Override
      public void delete(byte[] key) {}

      @Override
      public void allocate(long startBlock, int blocks) {}

      @Override
      public void free(long startBlock, int blocks) {
        frees.add(new Freed(sequence, startBlock, blocks));
      }

      @Override
      public void check(long startBlock, BlockChecksums checksums) {
        checks.add(new Check(sequence, startBlock, checksums));
      }
    };
  }

  /** The groups up to this one were durable, and their data with them. */
  void wereDurable(long sequence) {
    while (!checks.isEmpty() && checks.getFirst().sequence() <= sequence) {
      checks.removeFirst();
    }
    while (!frees.isEmpty() && frees.getFirst().sequence() <= sequence) {
      frees.removeFirst();
    }
  }

  /**
   * The greatest sequence up to {@code last} at which every block that is in use holds what its
   * group says.
   */
  long lastWhole(long last, JournalScanner.Data data) throws IOException {
    List<Lacking> lacking = lacking(data);
    long whole = last;
    for (int i = lacking.size() - 1; i >= 0; i--) {
      Lacking groups = lacking.get(i);
      if (groups.from() <= whole && whole < groups.to()) {
        whole = groups.from() - 1;
      }
    }
    return whole;
  }

  /** In ascending order of the groups that wrote the blocks. */
  private List<Lacking> lacking(JournalScanner.Data data) throws IOException {
    TreeMap<Long, Freed> freed = new TreeMap<>();
    frees.forEach(run -> freed.put(run.startBlock(), run));
    List<Lacking> lacking = new ArrayList<>();
    for (Check check : checks) {
      for (int i = 0; i < check.checksums().blocks(); i++) {
        long block = check.startBlock() + i;
        if (!data.holds(block, check.checksums().at(i))) {
          Map.Entry<Long, Freed> run = freed.floorEntry(block);
          boolean isFreed = run != null && block < run.getKey() + run.getValue().blocks();
          lacking.add(
              new Lacking(check.sequence(), isFreed ? run.getValue().sequence() : Long.MAX_VALUE));
        }
      }
    }
    return lacking;
  }
}
