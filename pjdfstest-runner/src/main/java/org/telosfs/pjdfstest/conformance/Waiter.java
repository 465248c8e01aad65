package org.telosfs.pjdfstest.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** A thread in a system call that must wait. */
final class Waiter {
  /** A real-time signal that neither the JVM nor the C library uses. */
  private static final int SIGNAL = 44;

  private static final int PATIENCE_SECONDS = 30;

  private final Linux linux;
  private final CompletableFuture<Long> thread = new CompletableFuture<>();
  private final CompletableFuture<Long> answer = new CompletableFuture<>();

  private Waiter(Linux linux) {
    this.linux = linux;
  }

  static Waiter start(Sandbox in, Callable<Long> call) {
    Waiter waiter = new Waiter(in.sys());
    Thread thread =
        new Thread(
            () -> {
              waiter.thread.complete(in.sys().call(SystemCall.GETTID));
              try {
                waiter.answer.complete(call.call());
              } catch (Exception e) {
                waiter.answer.completeExceptionally(e);
              }
            },
            "waiter");
    thread.setDaemon(true);
    thread.start();
    return waiter;
  }

  /** Until the thread sleeps in its call, as the kernel tells, or is through. */
  Waiter awaitBlocked() throws IOException, InterruptedException, ExecutionException {
    Path current = Path.of("/proc/self/task/" + thread.get() + "/syscall");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!answer.isDone() && System.nanoTime() < end) {
      String call = Files.readString(current).split(" ", 2)[0];
      if (call.equals(Integer.toString(SystemCall.FLOCK.number()))
          || call.equals(Integer.toString(SystemCall.FCNTL.number()))) {
        return this;
      }
      Thread.sleep(1);
    }
    if (!answer.isDone()) {
      throw new UnexpectedException("the call was not reached");
    }
    return this;
  }

  boolean isDone() {
    return answer.isDone();
  }

  /** The call's answer, which must come soon. */
  long answer() throws InterruptedException, ExecutionException {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new UnexpectedException("still waiting after " + PATIENCE_SECONDS + " s");
    }
  }

  void interrupt() throws LinuxException, InterruptedException, ExecutionException {
    linux.interruptBy(SIGNAL);
    LinuxException.check("tgkill", linux.signal(thread.get(), SIGNAL));
  }
}
