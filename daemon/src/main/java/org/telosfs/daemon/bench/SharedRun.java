package org.telosfs.daemon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients that make the same call again and again at the same time, first to warm up. */
final class SharedRun {
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long warmUpNanos;
  private final long eachNanos;
  private final long bytesWrittenACall;
  private final BooleanSupplier goesOn;
  private final AtomicLong bytesLeft = new AtomicLong(StoreBenchmarkPlan.MOST_BYTES_WRITTEN);
  private final List<Client> clients = new ArrayList<>();

  /** What is measured. */
  @FunctionalInterface
  interface Call {
    void run() throws IOException;
  }

  /**
   * @param bytesWrittenACall 0 if it only reads; the run ends early when much was written
   */
  SharedRun(StoreBenchmarkPlan plan, long bytesWrittenACall) {
    this.warmUpNanos = plan.warmUp().toNanos();
    this.eachNanos = plan.each().toNanos();
    this.bytesWrittenACall = bytesWrittenACall;
    this.goesOn = () -> false;
  }

  /** Without warming up, for as long as that is so, and one call each at least. */
  SharedRun(BooleanSupplier goesOn) {
    this.warmUpNanos = 0;
    this.eachNanos = 1;
    this.bytesWrittenACall = 0;
    this.goesOn = goesOn;
  }

  void client(Call call) {
    clients.add(new Client(call));
  }

  /**
   * Lets the clients run, and waits for them.
   *
   * @throws IOException the first failure of one
   */
  StoreMeasured result(String work, int count, int batch, int bytes) throws IOException {
    long begin = System.nanoTime();
    for (Client client : clients) {
      client.start(begin);
    }
    Histogram nanos = new Histogram(DIGITS);
    long end = begin + warmUpNanos;
    for (Client client : clients) {
      nanos.add(client.await());
      end = Math.max(end, client.ended);
    }
    return new StoreMeasured(
        work,
        count,
        batch,
        bytes,
        nanos.getTotalCount(),
        (end - begin - warmUpNanos) / NANOS_PER_SECOND,
        nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
        nanos.getValueAtPercentile(99) / NANOS_PER_MICRO);
  }

  /** One thread, and what it measured. */
  private final class Client {
    private final Call call;
    private final Histogram nanos = new Histogram(DIGITS);
    private @Nullable Thread thread;
    private @Nullable Throwable failure;
    private long ended;

    Client(Call call) {
      this.call = call;
    }

    void start(long begin) {
      Thread started = new Thread(() -> run(begin), "telosfs-bench");
      thread = started;
      started.start();
    }

    private void run(long begin) {
      try {
        long measured = begin + warmUpNanos;
        long end = measured + eachNanos;
        long now = System.nanoTime();
        while ((now < end && bytesLeft.get() > 0) || goesOn.getAsBoolean()) {
          call.run();
          long after = System.nanoTime();
          if (now >= measured) {
            nanos.recordValue(after - now);
            bytesLeft.addAndGet(-bytesWrittenACall);
          }
          now = after;
        }
        ended = now;
      } catch (IOException | RuntimeException | Error failed) {
        failure = failed;
      }
    }

    Histogram await() throws IOException {
      try {
        if (thread != null) {
          thread.join();
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", stopped);
      }
      if (failure != null) {
        throw new IOException("a client failed: " + failure.getMessage(), failure);
      }
      return nanos;
    }
  }
}
