package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * Writes one segment anew without the records that nobody needs, and puts it in the segment's place
 * in one step. Everything is verified twice: each record while it is read, and the new file, read
 * back, before it takes the place. Until then nothing has happened; what a crash leaves is a file
 * without meaning that the next writer deletes.
 */
public final class SegmentRewrite {

  private static final int COPY_BYTES = 256 * 1024;

  /** So much is synced at once: a commit's sync must not wait for a whole segment. */
  private static final int SYNC_BYTES = 4 * 1024 * 1024;

  private final StorageDirectory directory;
  private final LogReader reader;
  private final int pack;
  private final TransactionId horizon;
  private final Retention retention;
  private final Pace pace;

  /** A segment of which less can go is left alone, unless an object must go altogether. */
  private static final int WORTHWHILE = 32;

  /** What becomes of a revision. */
  public enum Fate {
    KEPT,

    /** A later one took its place. It may stay where it is. */
    SUPERSEDED,

    /** The object is gone; if one revision stayed, it might come back. */
    GONE
  }

  /** Which revisions stay. */
  @FunctionalInterface
  public interface Retention {
    Fate of(TransactionId transaction, LoggedTransaction.Change change);
  }

  /** Is told of each small piece of work, and may take its time. */
  @FunctionalInterface
  public interface Pace {
    void next(long bytes) throws IOException;
  }

  /**
   * @param pack the number of this pack, greater than that of the pack before
   * @param horizon before it, states may lack revisions from now on
   */
  public SegmentRewrite(
      StorageDirectory directory,
      LogReader reader,
      int pack,
      TransactionId horizon,
      Retention retention,
      Pace pace) {
    this.directory = directory;
    this.reader = reader;
    this.pack = pack;
    this.horizon = horizon;
    this.retention = retention;
    this.pace = pace;
  }

  /**
   * Rewrites a segment that is not the last, unless this pack has done so already, or too little of
   * it can go.
   *
   * @return the bytes it takes now; empty if it was left alone
   * @throws StoreException.Damaged if it is not intact; it stays as it is
   */
  public Optional<Long> rewrite(int number) throws IOException {
    SegmentFile segment = segment(number);
    if (reader.segment(number + 1) == null) {
      throw new IllegalArgumentException("segment " + number + " is not complete");
    }
    if (segment.header().pack() >= pack) {
      return Optional.empty();
    }
    Survey survey = survey(segment);
    if (!survey.worthwhile(segment)) {
      return Optional.empty();
    }
    String unfinished = segment.name() + LogFormat.UNFINISHED;
    directory.delete(unfinished);
    try {
      write(segment, survey, unfinished);
      verify(survey, unfinished, number);
      directory.rename(unfinished, segment.name());
    } catch (IOException e) {
      abandon(unfinished, e);
      throw e;
    }
    directory.sync();
    SegmentFile packed = SegmentFile.open(directory, number);
    reader.replace(packed);
    return Optional.of(packed.storedBytes());
  }

  /**
   * What {@link #rewrite} would return, without anything being done; also of the last segment,
   * which may grow meanwhile.
   */
  public Optional<Long> measure(int number) throws IOException {
    SegmentFile segment = segment(number);
    Survey survey = new Survey(segment);
    BrokenRecordException broken = scan(segment, survey);
    if (broken != null && reader.segment(number + 1) != null) {
      throw damaged(segment, broken);
    }
    return survey.worthwhile(segment) ? Optional.of(survey.sizeBytes()) : Optional.empty();
  }

  private SegmentFile segment(int number) {
    SegmentFile segment = reader.segment(number);
    if (segment == null) {
      throw new IllegalArgumentException("there is no segment " + number);
    }
    return segment;
  }

  private void abandon(String unfinished, IOException failure) {
    try {
      directory.delete(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** What is to be kept of a segment. */
  private static final class Survey {
    private boolean anyGone;
    private final List<Range> kept = new ArrayList<>();
    private long transactions;
    private long revisions;
    private long newest;
    private long greatest;
    private LogEnd end;

    Survey(SegmentFile segment) {
      this.end = segment.start();
      if (segment.packed() != null) {
        newest = segment.packed().trailer().newest();
        greatest = segment.packed().trailer().greatest();
      }
    }

    boolean worthwhile(SegmentFile segment) throws IOException {
      long before = segment.storedBytes();
      return anyGone || before - sizeBytes() > before / WORTHWHILE;
    }

    long sizeBytes() {
      long bytes = LogFormat.SEGMENT_HEADER_BYTES + LogFormat.TRAILER_BYTES;
      for (Range range : kept) {
        bytes += LogFormat.RUN_BYTES + range.to() - range.from();
      }
      return bytes;
    }

    void keep(long from, long to) {
      int last = kept.size() - 1;
      if (last >= 0 && kept.get(last).to() == from) {
        kept.set(last, new Range(kept.get(last).from(), to));
      } else {
        kept.add(new Range(from, to));
      }
    }
  }

  private record Range(long from, long to) {}

  private Survey survey(SegmentFile segment) throws IOException {
    Survey survey = new Survey(segment);
    BrokenRecordException broken = scan(segment, survey);
    if (broken != null) {
      throw damaged(segment, broken);
    }
    return survey;
  }

  private @Nullable BrokenRecordException scan(SegmentFile segment, Survey survey)
      throws IOException {
    SegmentScan scan = new SegmentScan(segment, segment.start(), TransactionId.NONE, pace);
    BrokenRecordException broken =
        scan.run(transaction -> survey(survey, transaction, scan.recordEnds()));
    survey.end = scan.end();
    return broken;
  }

  private static StoreException.Damaged damaged(SegmentFile segment, BrokenRecordException broken) {
    return new StoreException.Damaged(
        segment.name(),
        broken.offsetBytes(),
        broken.objects(),
        String.valueOf(broken.getMessage()));
  }

  private void survey(Survey survey, LoggedTransaction transaction, List<Long> recordEnds) {
    List<LoggedTransaction.Change> changes = transaction.changes();
    boolean any = false;
    for (int at = 0; at < changes.size(); at++) {
      LoggedTransaction.Change change = changes.get(at);
      survey.greatest = Math.max(survey.greatest, change.object().value());
      switch (retention.of(transaction.id(), change)) {
        case KEPT -> {
          survey.keep(LogPosition.offsetBytes(change.position()), recordEnds.get(at));
          survey.revisions++;
          any = true;
        }
        case GONE -> survey.anyGone = true;
        // A revision must not outlive the blob that it links.
        case SUPERSEDED -> survey.anyGone |= change.blob().isPresent();
      }
    }
    survey.newest = Math.max(survey.newest, transaction.id().epochNanos());
    if (any || transaction.id().equals(horizon)) {
      survey.keep(
          LogPosition.offsetBytes(transaction.commitPosition()),
          recordEnds.get(recordEnds.size() - 1));
      survey.transactions++;
    }
  }

  private void write(SegmentFile segment, Survey survey, String name) throws IOException {
    try (AppendFile file = directory.create(name)) {
      Output output = new Output(file);
      output.append(segment.header().packedBy(pack).encode());
      ByteBuffer table = ByteBuffer.allocate(LogFormat.RUN_BYTES * survey.kept.size());
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      for (Range range : survey.kept) {
        table.putInt((int) range.from()).putInt((int) (output.sizeBytes + buffer.position()));
        for (long at = range.from(); at < range.to(); ) {
          int count = (int) Math.min(buffer.remaining(), range.to() - at);
          int start = buffer.position();
          buffer.limit(start + count);
          segment.file().read(buffer, at);
          buffer.limit(buffer.capacity());
          at += count;
          if (!buffer.hasRemaining()) {
            output.append(buffer.flip());
            buffer.clear();
          }
        }
      }
      output.append(buffer.flip());
      table.flip();
      CRC32C tableCrc = new CRC32C();
      tableCrc.update(table.duplicate());
      output.append(table);
      PackedTrailer trailer =
          new PackedTrailer(
              survey.kept.size(),
              segment.file().sizeBytes(),
              survey.newest,
              survey.greatest,
              Math.max(
                  horizon.epochNanos(),
                  segment.packed() == null ? 0 : segment.packed().trailer().horizon()),
              survey.end.chain(),
              output.hash(),
              (int) tableCrc.getValue());
      output.append(trailer.encode());
      file.sync();
    }
  }

  private void verify(Survey survey, String name, int number) throws IOException {
    try (SegmentFile written = SegmentFile.open(directory, name, number)) {
      long[] found = new long[2];
      SegmentScan scan = new SegmentScan(written, written.start(), TransactionId.NONE, pace);
      BrokenRecordException broken =
          scan.run(
              transaction -> {
                found[0]++;
                found[1] += transaction.changes().size();
              });
      written.requireContent();
      if (broken != null || found[0] != survey.transactions || found[1] != survey.revisions) {
        throw new IOException(
            directory.describe()
                + "/"
                + name
                + " is not what was written: "
                + (broken == null ? "records are missing" : broken.getMessage())
                + "; the segment stays as it was");
      }
    }
  }

  /** The new file, which is hashed, slowed down and synced bit by bit as it grows. */
  private final class Output {
    private final AppendFile file;
    private final MessageDigest digest = HashChain.sha256();
    private long sizeBytes;
    private long unsynced;

    Output(AppendFile file) {
      this.file = file;
    }

    void append(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      pace.next(count);
      digest.update(bytes.duplicate());
      file.append(bytes);
      sizeBytes += count;
      unsynced += count;
      if (unsynced >= SYNC_BYTES) {
        file.sync();
        unsynced = 0;
      }
    }

    /** Of all so far. */
    ByteString hash() {
      return ByteString.copyOf(digest.digest());
    }
  }
}
