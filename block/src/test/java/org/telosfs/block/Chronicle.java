package org.telosfs.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What one life of a system told while it ran: which states it passed, in order, and which of them
 * a power loss may no longer take away. Used by one thread.
 *
 * @param <S> a state as a user sees it, compared by equals
 */
public final class Chronicle<S> {
  private record Told<S>(int position, S state) {}

  /** From this position of the log on, the state of this index or a later one survives. */
  private record Promise(int position, int index) {}

  private final WriteLog log;
  private final List<S> allowed;
  private final boolean followed;
  private final List<Told<S>> states = new ArrayList<>();
  private final List<Promise> promises = new ArrayList<>();

  Chronicle(WriteLog log, List<S> allowed, boolean followed) {
    this.log = log;
    this.allowed = allowed;
    this.followed = followed;
  }

  /**
   * To be told first: the state found at the start of this life.
   *
   * @return the same
   * @throws AssertionError if the power loss should not have left this state
   */
  public S recovered(S found) {
    if (!states.isEmpty()) {
      throw new IllegalStateException("recovered twice");
    }
    if (!allowed.contains(found)) {
      throw new AssertionError(
          "found a state that is none of the "
              + allowed.size()
              + " allowed ones: "
              + brief(found)
              + "\nthe oldest allowed: "
              + brief(allowed.get(0))
              + "\nthe newest allowed: "
              + brief(allowed.get(allowed.size() - 1)));
    }
    states.add(new Told<>(0, found));
    promises.add(new Promise(0, 0));
    return found;
  }

  private static String brief(Object state) {
    String text = Objects.toString(state);
    return text.length() <= 4000 ? text : text.substring(0, 4000) + "...";
  }

  /**
   * False if nothing that this life does from now on matters, so that it may end once it has
   * recovered.
   */
  public boolean isFollowed() {
    return followed;
  }

  /**
   * To be told before anything of it is written: from now on a power loss may leave this state.
   *
   * @return names the state in {@link #survives}
   */
  public int possible(S state) {
    return possible(state, log.position());
  }

  /**
   * The same for what may have been written since an earlier {@link #position}.
   *
   * @return names the state in {@link #survives}
   */
  public int possible(S state, int since) {
    states.add(new Told<>(since, state));
    return states.size() - 1;
  }

  /** How much was written so far. */
  public int position() {
    return log.position();
  }

  /** From now on no power loss leaves a state older than this one. */
  public void survives(int index) {
    if (index >= states.size()) {
      throw new IllegalArgumentException("no state " + index);
    }
    promises.add(new Promise(log.position(), index));
  }

  /** From now on no power loss leaves a state older than the newest. */
  public void survives() {
    survives(states.size() - 1);
  }

  /** What may be found if power is lost at this position of the log. */
  List<S> allowedAt(int position) {
    int least = 0;
    for (Promise promise : promises) {
      if (promise.position() <= position) {
        least = Math.max(least, promise.index());
      }
    }
    List<S> found = new ArrayList<>();
    for (int i = least; i < states.size() && states.get(i).position() <= position; i++) {
      found.add(states.get(i).state());
    }
    return found;
  }
}
