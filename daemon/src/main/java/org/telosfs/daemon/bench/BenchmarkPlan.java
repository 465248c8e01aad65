package org.telosfs.daemon.bench;

/**
 * How much is done.
 *
 * @param files of {@link #fileBytes} that are created, listed, read and removed
 * @param largeBytes size of the file for sequential and random I/O
 * @param randomOperations reads and writes of {@link #fileBytes} at random places of it
 */
public record BenchmarkPlan(int files, int fileBytes, long largeBytes, int randomOperations) {
  public static final BenchmarkPlan STANDARD = new BenchmarkPlan(20_000, 4096, 256L << 20, 20_000);

  public BenchmarkPlan {
    if (files < 1 || fileBytes < 1 || largeBytes < fileBytes || randomOperations < 1) {
      throw new IllegalArgumentException("a benchmark does something: " + files + " files");
    }
  }
}
