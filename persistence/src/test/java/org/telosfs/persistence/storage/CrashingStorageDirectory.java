package org.telosfs.persistence.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Records all that is done to a directory in memory, and makes what a loss of power after any of
 * these steps can leave: what was synced, and of the rest nothing, all, or a random part, with gaps
 * and torn appends.
 */
public final class CrashingStorageDirectory implements StorageDirectory {

  /** Whether syncs of files do what they promise; if not, a sweep must find the loss. */
  public enum Syncs {
    HONEST,
    LYING
  }

  private static final int SECTOR_BYTES = 512;

  private final MemoryStorageDirectory now;
  private final Syncs syncs;

  @GuardedBy("this")
  private final List<Step> steps = new ArrayList<>();

  @GuardedBy("this")
  private final Map<String, Integer> fileOfName = new HashMap<>();

  @GuardedBy("this")
  private int files;

  private final int startSteps;

  private interface Step {
    void on(Platter platter);
  }

  /** Starts with what is there, all of it durable. */
  public CrashingStorageDirectory(MemoryStorageDirectory start, Syncs syncs) throws IOException {
    this.now = start.copy();
    this.syncs = syncs;
    for (String name : start.list()) {
      int file = files++;
      byte[] content = start.content(name);
      fileOfName.put(name, file);
      steps.add(
          platter -> {
            platter.durable.put(file, content);
            platter.durableNames.put(name, file);
          });
    }
    startSteps = steps.size();
  }

  /** How many states of this directory power can be lost in. */
  public synchronized int stepCount() {
    return steps.size();
  }

  /**
   * What is found after power was lost behind the first so many steps; seed 0: all volatile is
   * lost, 1: nothing is.
   */
  public synchronized MemoryStorageDirectory afterPowerLoss(int stepCount, long seed) {
    Platter platter = new Platter();
    steps.subList(0, stepCount).forEach(step -> step.on(platter));
    return platter.survivors(seed);
  }

  /** The first state that is not before the start: behind the steps that made what was there. */
  public synchronized int firstStep() {
    return startSteps;
  }

  private synchronized void record(Step step) {
    steps.add(step);
  }

  @Override
  public List<String> list() {
    return now.list();
  }

  @Override
  public synchronized AppendFile create(String name) throws IOException {
    AppendFile file = now.create(name);
    int number = files++;
    fileOfName.put(name, number);
    record(platter -> platter.volatileNames.add(names -> names.put(name, number)));
    return new RecordedFile(file, number);
  }

  @Override
  public synchronized AppendFile append(String name) throws IOException {
    return new RecordedFile(now.append(name), fileOfName.get(name));
  }

  @Override
  public ReadFile read(String name) throws IOException {
    return now.read(name);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    now.rename(from, to);
    fileOfName.put(to, fileOfName.remove(from));
    record(platter -> platter.volatileNames.add(names -> names.put(to, names.remove(from))));
  }

  @Override
  public synchronized void delete(String name) {
    now.delete(name);
    fileOfName.remove(name);
    record(platter -> platter.volatileNames.add(names -> names.remove(name)));
  }

  @Override
  public void sync() {
    record(Platter::syncNames);
  }

  @Override
  public Closeable lock() throws IOException {
    return now.lock();
  }

  @Override
  public String describe() {
    return "crashing memory";
  }

  private final class RecordedFile implements AppendFile {
    private final AppendFile file;
    private final int number;

    RecordedFile(AppendFile file, int number) {
      this.file = file;
      this.number = number;
    }

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      long at = file.sizeBytes();
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      file.append(bytes);
      record(platter -> platter.change(number, new Change((int) at, copy)));
    }

    @Override
    public void reserve(int bytes) throws IOException {
      long at = file.sizeBytes();
      file.reserve(bytes);
      record(platter -> platter.change(number, new Change((int) at, new byte[bytes])));
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
      record(platter -> platter.change(number, new Change((int) sizeBytes, null)));
    }

    @Override
    public void sync() throws IOException {
      file.sync();
      if (syncs == Syncs.HONEST) {
        record(platter -> platter.syncFile(number));
      } else {
        record(platter -> {});
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private interface NameChange {
    void on(Map<String, Integer> names);
  }

  /** Bytes at a place, or, without bytes, a cut there. */
  private record Change(int offset, byte[] bytes) {

    byte[] on(byte[] content) {
      if (bytes == null) {
        return Arrays.copyOf(content, Math.min(content.length, offset));
      }
      byte[] changed = Arrays.copyOf(content, Math.max(content.length, offset + bytes.length));
      System.arraycopy(bytes, 0, changed, offset, bytes.length);
      return changed;
    }

    /** What a random medium makes of it: nothing, all, the first bytes, or some sectors. */
    byte[] partOn(byte[] content, Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> content;
        case 1 -> on(content);
        case 2 ->
            bytes == null
                ? on(content)
                : new Change(offset, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)))
                    .on(content);
        default -> bytes == null ? on(content) : sectorsOn(content, random);
      };
    }

    private byte[] sectorsOn(byte[] content, Random random) {
      byte[] changed = content;
      for (int from = 0, to; from < bytes.length; from = to) {
        to =
            Math.min(
                bytes.length,
                (offset + from) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES - offset);
        if (random.nextBoolean()) {
          changed = new Change(offset + from, Arrays.copyOfRange(bytes, from, to)).on(changed);
        }
      }
      return changed;
    }
  }

  private static final class Platter {
    private final Map<Integer, byte[]> durable = new HashMap<>();
    private final Map<Integer, List<Change>> changes = new TreeMap<>();
    private final Map<String, Integer> durableNames = new TreeMap<>();
    private final List<NameChange> volatileNames = new ArrayList<>();

    void change(int file, Change change) {
      changes.computeIfAbsent(file, number -> new ArrayList<>()).add(change);
    }

    void syncFile(int file) {
      byte[] content = durable.getOrDefault(file, new byte[0]);
      for (Change change : changes.getOrDefault(file, List.of())) {
        content = change.on(content);
      }
      durable.put(file, content);
      changes.remove(file);
    }

    void syncNames() {
      volatileNames.forEach(change -> change.on(durableNames));
      volatileNames.clear();
    }

    MemoryStorageDirectory survivors(long seed) {
      Random random = new Random(seed);
      Map<Integer, byte[]> contents = new HashMap<>(durable);
      changes.forEach(
          (file, pending) -> {
            byte[] content = contents.getOrDefault(file, new byte[0]);
            for (Change change : pending) {
              content =
                  seed == 0
                      ? content
                      : seed == 1 ? change.on(content) : change.partOn(content, random);
            }
            contents.put(file, content);
          });
      Map<String, Integer> names = new TreeMap<>(durableNames);
      int kept =
          seed == 0
              ? 0
              : seed == 1 ? volatileNames.size() : random.nextInt(volatileNames.size() + 1);
      volatileNames.subList(0, kept).forEach(change -> change.on(names));
      MemoryStorageDirectory directory = new MemoryStorageDirectory();
      names.forEach((name, file) -> directory.put(name, contents.getOrDefault(file, new byte[0])));
      return directory;
    }
  }
}
