package org.telosfs.block;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.telosfs.block.WriteLog.Event;

/**
 * All crash states of a log: every prefix; of an epoch between two flushes every subset of up to
 * {@value #ALL_SUBSETS_UP_TO} writes, of more writes {@value #RANDOM_SUBSETS} random subsets, each
 * write alone and each missing alone; every write torn at each {@value #TEAR_BYTES} bytes.
 */
final class CrashStates {
  static final int ALL_SUBSETS_UP_TO = 8;
  static final int RANDOM_SUBSETS = 64;
  static final int TEAR_BYTES = 512;

  private final DeviceImage base;
  private final List<Event> events;

  /** For each position, where its epoch begins. */
  private final int[] epochStarts;

  /** The image at the start of each epoch, by position. */
  private final DeviceImage[] flushed;

  CrashStates(DeviceImage base, WriteLog log) {
    this.base = base;
    this.events = log.events();
    this.epochStarts = new int[events.size() + 1];
    this.flushed = new DeviceImage[events.size() + 1];
    flushed[0] = base;
    ImageBlockDevice device = base.device();
    int start = 0;
    for (int i = 0; i < events.size(); i++) {
      epochStarts[i] = start;
      CrashState.prefix(i + 1).leaveOn(device, events, i);
      if (events.get(i).isFlush()) {
        start = i + 1;
        flushed[start] = device.image();
      }
    }
    epochStarts[events.size()] = start;
  }

  /** In the order of the log; {@code random} chooses the subsets of large epochs. */
  List<CrashState> all(Random random) {
    List<CrashState> states = new ArrayList<>();
    for (int i = 0; i <= events.size(); i++) {
      states.add(CrashState.prefix(i));
      byte[] bytes = i < events.size() ? events.get(i).bytes() : null;
      if (bytes != null) {
        for (int torn = TEAR_BYTES; torn < bytes.length; torn += TEAR_BYTES) {
          states.add(CrashState.torn(i, torn));
        }
      } else {
        addSubsets(states, i, random);
      }
    }
    return states;
  }

  private void addSubsets(List<CrashState> states, int end, Random random) {
    int writes = end - epochStarts[end];
    if (writes <= ALL_SUBSETS_UP_TO) {
      long whole = (1L << writes) - 1; // A prefix already; smaller prefixes promise less.
      for (long subset = 0; subset < whole; subset++) {
        states.add(CrashState.subset(end, BitSet.valueOf(new long[] {subset})));
      }
      return;
    }
    for (int i = 0; i < RANDOM_SUBSETS; i++) {
      BitSet subset = new BitSet();
      for (int write = 0; write < writes; write++) {
        subset.set(write, random.nextBoolean());
      }
      states.add(CrashState.subset(end, subset));
    }
    for (int write = 0; write < writes; write++) {
      BitSet alone = new BitSet();
      alone.set(write);
      states.add(CrashState.subset(end, alone));
      BitSet missing = new BitSet();
      missing.set(0, writes);
      missing.clear(write);
      states.add(CrashState.subset(end, missing));
    }
  }

  /** What is on the device in such a state. */
  DeviceImage image(CrashState state) {
    if (state.position() > events.size()) {
      throw new IllegalArgumentException(state + " of " + events.size() + " events");
    }
    int start = epochStarts[state.position()];
    ImageBlockDevice device = flushed[start].device();
    state.leaveOn(device, events, start);
    return device.image();
  }

  int writes() {
    int writes = 0;
    for (Event event : events) {
      writes += event.isFlush() ? 0 : 1;
    }
    return writes;
  }

  int flushes() {
    return events.size() - writes();
  }

  @Override
  public String toString() {
    return writes() + " writes and " + flushes() + " flushes on " + base.sizeBytes() + " bytes";
  }
}
