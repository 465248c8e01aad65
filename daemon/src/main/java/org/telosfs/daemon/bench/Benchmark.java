package org.telosfs.daemon.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Works in a directory of its own below the one that is measured, and removes it at the end. */
public final class Benchmark {
  private static final int LARGE_CHUNK_BYTES = 1 << 20;
  private static final long SEED = 42;

  private final BenchmarkPlan plan;
  private final Consumer<Measured> progress;
  private final List<Measured> results = new ArrayList<>();
  private final ByteBuffer small;
  private final ByteBuffer large = ByteBuffer.allocateDirect(LARGE_CHUNK_BYTES);

  /**
   * @param progress is told each result as soon as it is there
   */
  public Benchmark(BenchmarkPlan plan, Consumer<Measured> progress) {
    this.plan = plan;
    this.progress = progress;
    this.small = ByteBuffer.allocateDirect(plan.fileBytes());
  }

  public List<Measured> run(Path directory) throws IOException {
    Path own = Files.createTempDirectory(directory, "telosfs-bench-");
    try {
      manySmallFiles(own);
      oneLargeFile(own.resolve("large"));
    } finally {
      remove(own);
    }
    return List.copyOf(results);
  }

  private void done(Stopwatch watch, String name, long bytesMoved) {
    Measured measured = watch.result(name, bytesMoved);
    results.add(measured);
    progress.accept(measured);
  }

  private void manySmallFiles(Path own) throws IOException {
    Path files = Files.createDirectory(own.resolve("files"));
    long bytes = (long) plan.files() * plan.fileBytes();
    eachFile(files, "create+write", bytes, this::create);
    eachFile(
        files,
        "stat",
        0,
        file -> Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    list(files);
    eachFile(files, "open+read", bytes, this::read);
    eachFile(files, "unlink", 0, Files::delete);
  }

  @FunctionalInterface
  private interface OnFile {
    void run(Path file) throws IOException;
  }

  private void eachFile(Path directory, String name, long bytes, OnFile operation)
      throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < plan.files(); i++) {
      files.add(directory.resolve("file-" + i));
    }
    Stopwatch watch = new Stopwatch();
    for (Path file : files) {
      watch.time(() -> operation.run(file));
    }
    done(watch, name, bytes);
  }

  private void create(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeAll(channel, small, 0);
    }
  }

  private void read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      readAll(channel, small, 0);
    }
  }

  /** Whole listings; an operation is one entry. */
  private void list(Path directory) throws IOException {
    Stopwatch watch = new Stopwatch();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      var iterator = entries.iterator();
      for (int i = 0; i < plan.files(); i++) {
        watch.time(iterator::next);
      }
    }
    done(watch, "list", 0);
  }

  private void oneLargeFile(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      sequential(channel, "sequential write", (from, at) -> writeAll(channel, from, at));
      Stopwatch sync = new Stopwatch();
      sync.time(() -> channel.force(true));
      done(sync, "fsync", 0);
      sequential(channel, "sequential read", (into, at) -> readAll(channel, into, at));
      random("random write", at -> writeAll(channel, small, at));
      random("random read", at -> readAll(channel, small, at));
      Stopwatch syncs = new Stopwatch();
      for (int i = 0; i < 100; i++) {
        long at = (long) i * plan.fileBytes();
        syncs.time(
            () -> {
              writeAll(channel, small, at);
              channel.force(false);
            });
      }
      done(syncs, "write+fsync", 100L * plan.fileBytes());
    }
  }

  @FunctionalInterface
  private interface Transfer {
    void run(ByteBuffer buffer, long offsetBytes) throws IOException;
  }

  private void sequential(FileChannel channel, String name, Transfer transfer) throws IOException {
    Stopwatch watch = new Stopwatch();
    for (long at = 0; at + LARGE_CHUNK_BYTES <= plan.largeBytes(); at += LARGE_CHUNK_BYTES) {
      long offset = at;
      watch.time(() -> transfer.run(large, offset));
    }
    done(watch, name, channel.size());
  }

  @FunctionalInterface
  private interface AtOffset {
    void run(long offsetBytes) throws IOException;
  }

  private void random(String name, AtOffset operation) throws IOException {
    SplittableRandom places = new SplittableRandom(SEED);
    long slots = plan.largeBytes() / LARGE_CHUNK_BYTES * (LARGE_CHUNK_BYTES / plan.fileBytes());
    Stopwatch watch = new Stopwatch();
    for (int i = 0; i < plan.randomOperations(); i++) {
      long at = places.nextLong(slots) * plan.fileBytes();
      watch.time(() -> operation.run(at));
    }
    done(watch, name, (long) plan.randomOperations() * plan.fileBytes());
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer, long offsetBytes)
      throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      channel.write(buffer, offsetBytes + buffer.position());
    }
  }

  private static void readAll(FileChannel channel, ByteBuffer buffer, long offsetBytes)
      throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offsetBytes + buffer.position()) < 0) {
        throw new IOException("the file ended at " + (offsetBytes + buffer.position()));
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          remove(entry);
        } else {
          Files.delete(entry);
        }
      }
    }
    Files.delete(directory);
  }
}
