package org.telosfs.block;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Lets a system live once on a device that logs, builds the device's content for each way in which
 * power may have been lost meanwhile ({@link CrashStates}), and lets the system live again on each,
 * which must find a state that it may find. Some of these second lives are followed the same way:
 * power is lost during recovery and what comes after it, and a third life begins.
 *
 * <p>The same seed tries the same states. A failure names its state; the system property {@value
 * #REPLAY}, set to that name, tries that one alone.
 *
 * @param <S> a state as a user sees it, compared by equals
 */
public final class PowerLossSweep<S> {
  /** Names one state to try, as failures do: the seed, then crash states separated by slashes. */
  public static final String REPLAY = "telosfs.replay";

  private static final long PROGRESS_NANOS = 5_000_000_000L;

  /**
   * What the system does from the opening of the device to the end. It has to do the same each time
   * it finds the same, and may be called by several threads.
   *
   * @param <S> a state
   */
  @FunctionalInterface
  public interface Life<S> {
    /**
     * Recovers, tells the chronicle what was found, then works on if it is followed. Different
     * lives should do different things, so that remains of an earlier one show.
     *
     * @param number 0 for the first life, 1 after the first power loss, and so on
     */
    void live(BlockDevice device, int number, Chronicle<S> chronicle) throws Exception;
  }

  /**
   * How much was tried.
   *
   * @param states all of them
   * @param ofRecovery those among them that were lost in a second life
   */
  public record Result(long states, long ofRecovery, double seconds) {}

  private final String name;
  private final DeviceImage base;
  private final S initial;
  private final Life<S> life;
  private final long seed;
  private final int budget;

  private final AtomicLong states = new AtomicLong();
  private final AtomicLong ofRecovery = new AtomicLong();
  private final AtomicLong nextProgress = new AtomicLong();
  private final PrintStream out = System.out;
  private long started;

  /**
   * A sweep.
   *
   * @param name for the progress line
   * @param base the device before the first life
   * @param initial what the first life finds there
   * @param budget how many states to try at most; if there are more, a sample of them
   */
  public PowerLossSweep(
      String name, DeviceImage base, S initial, Life<S> life, long seed, int budget) {
    this.name = name;
    this.base = base;
    this.initial = initial;
    this.life = life;
    this.seed = seed;
    this.budget = budget;
  }

  /** A life and the ways to lose power in it, none if it is not followed. */
  private record Lived<S>(CrashStates crashes, Chronicle<S> chronicle) {}

  /**
   * Tries the states.
   *
   * @throws AssertionError naming the first state that was found wrong
   */
  public Result run() {
    started = System.nanoTime();
    nextProgress.set(started + PROGRESS_NANOS);
    Lived<S> first = live(base, List.of(initial), 0, true, "");
    String replay = System.getProperty(REPLAY);
    if (replay != null && replay.startsWith(seed + "/")) {
      replay(first, replay);
    } else {
      sweep(first);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    Result result = new Result(states.get(), ofRecovery.get(), seconds);
    report(result);
    return result;
  }

  private void replay(Lived<S> first, String path) {
    Lived<S> lived = first;
    String[] steps = path.split("/");
    for (int i = 1; i < steps.length; i++) {
      CrashState crash = CrashState.parse(steps[i]);
      out.println(name + ": replaying " + steps[i] + " of " + lived.crashes());
      lived = crash(lived, crash, i, true, path);
    }
  }

  private void sweep(Lived<S> first) {
    List<CrashState> all = first.crashes().all(new Random(seed));
    List<CrashState> tried = sample(all, budget / 2, new Random(seed + 1));
    out.printf(
        "%s: seed %d, %s, %,d crash states, %,d of them tried%n",
        name, seed, first.crashes(), all.size(), tried.size());
    int left = Math.max(0, budget - tried.size());
    int followed = Math.min(tried.size(), Math.max(1, (int) Math.sqrt(left)));
    int share = left / followed;
    IntStream.range(0, tried.size())
        .parallel()
        .forEach(
            i -> {
              boolean follow =
                  share > 0
                      && (long) (i + 1) * followed / tried.size()
                          > (long) i * followed / tried.size();
              CrashState crash = tried.get(i);
              String path = seed + "/" + crash;
              Lived<S> second = crash(first, crash, 1, follow, path);
              if (follow) {
                sweepSecond(second, share, path, seed + i);
              }
            });
  }

  private void sweepSecond(Lived<S> second, int share, String path, long shareSeed) {
    Random random = new Random(shareSeed);
    for (CrashState crash : sample(second.crashes().all(random), share, random)) {
      crash(second, crash, 2, false, path + "/" + crash);
      ofRecovery.incrementAndGet();
    }
  }

  private Lived<S> crash(
      Lived<S> lived, CrashState crash, int number, boolean follow, String path) {
    DeviceImage image = lived.crashes().image(crash);
    List<S> allowed = lived.chronicle().allowedAt(crash.position());
    Lived<S> next = live(image, allowed, number, follow, path);
    states.incrementAndGet();
    long now = System.nanoTime();
    long due = nextProgress.get();
    if (now - due >= 0 && nextProgress.compareAndSet(due, now + PROGRESS_NANOS)) {
      report(new Result(states.get(), ofRecovery.get(), (now - started) / 1e9));
    }
    return next;
  }

  private void report(Result result) {
    out.printf(
        "%s: seed %d, %,d of %,d states (%,d of recovery) in %.1f s, %,.0f a second%n",
        name,
        seed,
        result.states(),
        budget,
        result.ofRecovery(),
        result.seconds(),
        result.states() / result.seconds());
  }

  private Lived<S> live(
      DeviceImage image, List<S> allowed, int number, boolean follow, String path) {
    RecordingBlockDevice device = new RecordingBlockDevice(image.device());
    Chronicle<S> chronicle = new Chronicle<>(device.log(), allowed, follow);
    try {
      life.live(device, number, chronicle);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          name
              + ": "
              + (path.isEmpty() ? "the first life, before any power loss" : path)
              + " fails; -D"
              + REPLAY
              + "="
              + path
              + " tries it alone: "
              + failure,
          failure);
    }
    return new Lived<>(new CrashStates(image, follow ? device.log() : new WriteLog()), chronicle);
  }

  /** At most so many, spread evenly over the list, in its order. */
  private static <T> List<T> sample(List<T> all, int most, Random random) {
    if (all.size() <= most) {
      return all;
    }
    List<T> chosen = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      long from = (long) i * all.size() / most;
      long to = (long) (i + 1) * all.size() / most;
      chosen.add(all.get((int) (from + random.nextInt((int) (to - from)))));
    }
    return chosen;
  }

  /** The larger budget in a long run, see the project's test tiers. */
  public static int budget(int shortRun, int longRun) {
    return Boolean.getBoolean("telosfs.long") ? longRun : shortRun;
  }
}
