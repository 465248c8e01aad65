package org.telosfs.daemon.bench;

import java.time.Duration;
import java.util.List;

/**
 * What is done with an object store.
 *
 * @param warmUp before anything is measured, each kind of call is made for so long
 * @param each for how long each kind is measured
 * @param batches objects in one call, for the table
 * @param sizes bytes of an object, for the table; without sizes there is no table
 */
public record StoreBenchmarkPlan(
    Duration warmUp, Duration each, List<Integer> batches, List<Integer> sizes) {

  /** Objects of each size that are there to be read and changed, at most and at least. */
  static final int MOST_OBJECTS = 50_000;

  static final int LEAST_OBJECTS = 2_048;

  /** What is there of each size together, if that makes no fewer objects than the least. */
  static final long WORKING_SET_BYTES = 64L << 20;

  /** A call that would carry more than this is not measured: one transaction holds no more. */
  static final long MOST_BYTES_A_CALL = 128L << 20;

  /** What changes write in one measurement: enough to tell, and no disk is filled. */
  static final long MOST_BYTES_WRITTEN = 512L << 20;

  public StoreBenchmarkPlan {
    batches = List.copyOf(batches);
    sizes = List.copyOf(sizes);
    if (each.isZero() || each.isNegative() || warmUp.isNegative()) {
      throw new IllegalArgumentException("a benchmark takes time: " + each);
    }
  }

  /** The works that are compared with others'. */
  public static StoreBenchmarkPlan works(Duration each) {
    return new StoreBenchmarkPlan(each.plus(each), each, List.of(), List.of());
  }

  /** These, and every size of a batch with every size of an object. */
  public static StoreBenchmarkPlan worksAndTable(Duration each) {
    return new StoreBenchmarkPlan(
        each.plus(each),
        each,
        List.of(1, 4, 16, 64, 256, 1024),
        List.of(64, 1024, 16 * 1024, 256 * 1024));
  }

  static int objects(int bytes) {
    return (int) Math.max(LEAST_OBJECTS, Math.min(MOST_OBJECTS, WORKING_SET_BYTES / bytes));
  }
}
