package org.telosfs.persistence.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * Finds the segments of a directory, checks that they are one unbroken log, reads its transactions,
 * and tells a torn tail from damage. Changes nothing: what is torn is cut by {@link SegmentedLog},
 * once the log is opened for writing.
 */
public final class LogRecovery {

  private final StorageDirectory directory;
  private final List<SegmentFile> segments;
  private LogEnd end;
  private TransactionId newest = TransactionId.NONE;
  private long tornBytes;
  private boolean closedInOrder = true;

  private LogRecovery(StorageDirectory directory, List<SegmentFile> segments) {
    this.directory = directory;
    this.segments = segments;
    this.end = segments.get(0).start();
  }

  /** Whether the directory holds a log, whole or not. */
  public static boolean present(StorageDirectory directory) throws IOException {
    return !segmentNumbers(directory).isEmpty();
  }

  /**
   * Opens all segments and checks their headers against each other.
   *
   * @throws StoreException.NotOurs if there is no log or a file with the name of a segment is none
   * @throws StoreException.TooNew if a newer version wrote it
   * @throws StoreException.Truncated if a segment is missing or cut short
   * @throws StoreException.Damaged if a header is not as it was written
   */
  public static LogRecovery open(StorageDirectory directory) throws IOException {
    List<Integer> numbers = segmentNumbers(directory);
    if (numbers.isEmpty()) {
      throw new StoreException.NotOurs(directory.describe() + " holds no object store");
    }
    List<SegmentFile> segments = new ArrayList<>();
    try {
      for (int number : numbers) {
        if (number != segments.size() + 1) {
          throw new StoreException.Truncated(
              directory.describe()
                  + "/"
                  + LogFormat.segmentName(segments.size() + 1)
                  + " is missing");
        }
        segments.add(SegmentFile.open(directory, number));
        requireConsecutive(directory, segments);
      }
      if (segments.get(segments.size() - 1).packed() != null) {
        throw new StoreException.Truncated(
            directory.describe()
                + "/"
                + LogFormat.segmentName(segments.size() + 1)
                + " is missing");
      }
      return new LogRecovery(directory, segments);
    } catch (IOException e) {
      closeAll(segments);
      throw e;
    }
  }

  /** The reader of the log, which owns the open files from now on. */
  public LogReader reader() {
    return new LogReader(directory, segments);
  }

  /** Whether the place lies within the log's files as they are. */
  public boolean contains(LogEnd place) throws IOException {
    return place.segment() <= segments.size()
        && place.offsetBytes() <= segments.get(place.segment() - 1).file().sizeBytes();
  }

  /** The number of the last pack that rewrote a segment; 0 if none did. */
  public int lastPack() {
    return segments.stream().mapToInt(segment -> segment.header().pack()).max().orElse(0);
  }

  /** Whether objects in the last segment may hold blobs. */
  boolean blobs() {
    return segments.get(segments.size() - 1).header().blobs();
  }

  /** Before it, states may lack revisions that packs left out. */
  public TransactionId horizon() {
    return new TransactionId(greatestInTrailers(PackedTrailer::horizon));
  }

  /** The greatest object id that packed segments ever held; 0 if there is none. */
  public long greatestPackedObject() {
    return greatestInTrailers(PackedTrailer::greatest);
  }

  /** The newest transaction that packed segments ever held. */
  public TransactionId newestPacked() {
    return new TransactionId(greatestInTrailers(PackedTrailer::newest));
  }

  private long greatestInTrailers(ToLongFunction<PackedTrailer> value) {
    long greatest = 0;
    for (SegmentFile segment : segments) {
      if (segment.packed() != null) {
        greatest = Math.max(greatest, value.applyAsLong(segment.packed().trailer()));
      }
    }
    return greatest;
  }

  /** The log's id, which everything that is derived from it repeats. */
  public UUID logId() {
    return segments.get(0).header().logId();
  }

  /**
   * Reads the transactions behind a place that is known to be good, or all of them.
   *
   * @param from where to start; null for the beginning
   * @param newestBefore the newest transaction before that
   * @throws StoreException.Damaged at the first damage
   */
  public void read(
      @Nullable LogEnd from, TransactionId newestBefore, Consumer<LoggedTransaction> visitor)
      throws IOException {
    newest = newestBefore;
    end = from == null ? segments.get(0).start() : from;
    for (SegmentFile segment : segments.subList(end.segment() - 1, segments.size())) {
      if (segment.header().number() > end.segment()) {
        requireFollows(segment);
        end = segment.start();
      }
      readSegment(segment, visitor);
    }
  }

  /**
   * Reads every segment by itself and collects the first damage of each; an index is not asked.
   *
   * @return empty if all is as it was written
   */
  public List<StoreException.Damaged> check(Consumer<LoggedTransaction> visitor)
      throws IOException {
    List<StoreException.Damaged> found = new ArrayList<>();
    for (SegmentFile segment : segments) {
      try {
        if (segment.header().number() > 1 && found.isEmpty()) {
          requireFollows(segment);
        }
        end = segment.start();
        segment.requireContent();
        readSegment(segment, visitor);
      } catch (StoreException.Damaged damage) {
        found.add(damage);
      }
    }
    return found;
  }

  /** Behind the last transaction. */
  public LogEnd end() {
    return end;
  }

  /** The last transaction that was read. */
  public TransactionId newest() {
    return newest;
  }

  /** How many bytes behind the last transaction are no transaction, but for zeros at the end. */
  public long tornBytes() {
    return tornBytes;
  }

  /** Whether no transaction that was read lies behind the last close mark, and nothing was torn. */
  public boolean closedInOrder() {
    return closedInOrder && tornBytes == 0;
  }

  public void close() throws IOException {
    closeAll(segments);
  }

  StorageDirectory directory() {
    return directory;
  }

  private void readSegment(SegmentFile segment, Consumer<LoggedTransaction> visitor)
      throws IOException {
    SegmentScan scan = new SegmentScan(segment, end, newest);
    BrokenRecordException broken = scan.run(visitor);
    end = scan.end();
    newest = scan.newest();
    closedInOrder = scan.closedInOrder(closedInOrder);
    if (broken == null) {
      return;
    }
    if (segment.header().number() < segments.size() || scan.restWasDurable()) {
      throw new StoreException.Damaged(
          segment.name(),
          broken.offsetBytes(),
          broken.objects(),
          String.valueOf(broken.getMessage()));
    }
    tornBytes = scan.writtenBytes() - end.offsetBytes();
  }

  private void requireFollows(SegmentFile segment) throws StoreException {
    if (!segment.header().chain().equals(end.chain())) {
      throw new StoreException.Damaged(
          segment.name(), 0, List.of(), "the segment does not follow the one before");
    }
  }

  private static void requireConsecutive(StorageDirectory directory, List<SegmentFile> segments)
      throws IOException {
    SegmentFile segment = segments.get(segments.size() - 1);
    if (segments.size() == 1) {
      return;
    }
    SegmentFile previous = segments.get(segments.size() - 2);
    if (!segment.header().logId().equals(previous.header().logId())) {
      throw new StoreException.Damaged(
          segment.name(), 0, List.of(), "the segment belongs to another log");
    }
    long expected = segment.header().previousBytes();
    long found = previous.file().sizeBytes();
    if (found < expected) {
      throw new StoreException.Truncated(
          directory.describe()
              + "/"
              + previous.name()
              + " has "
              + found
              + " bytes instead of "
              + expected);
    }
    if (found > expected) {
      throw new StoreException.Damaged(
          previous.name(), expected, List.of(), "bytes follow the end of the segment");
    }
  }

  private static List<Integer> segmentNumbers(StorageDirectory directory) throws IOException {
    TreeMap<Integer, String> numbers = new TreeMap<>();
    try {
      for (String name : directory.list()) {
        Matcher matcher = LogFormat.SEGMENT_NAME.matcher(name);
        if (matcher.matches()) {
          numbers.put(Integer.valueOf(matcher.group(1)), name);
        }
      }
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new StoreException.NotOurs("there is no directory " + directory.describe());
    }
    return numbers.entrySet().stream().map(Map.Entry::getKey).toList();
  }

  private static void closeAll(List<SegmentFile> segments) throws IOException {
    for (SegmentFile segment : segments) {
      segment.close();
    }
  }
}
