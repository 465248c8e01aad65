package org.telosfs.persistence.pack;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.index.IdSet;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * What a pack that is not finished takes away. Once its file is durable its objects do not exist,
 * whatever the log still holds of them. The format, version 1, big-endian:
 *
 * <pre>
 *   0  8 magic "TELOSPLN"   8  4 version   12  4 number of the pack   16 16 log id
 *  32  8 horizon           40  4 last segment   44 4 pages
 *  48    each page: 8 number n, 32 bits of the ids 256n to 256n+255, the lowest in the first byte's lowest bit
 *  end 4 crc32c of all before
 * </pre>
 *
 * @param number greater than that of the pack before
 * @param horizon the states from there on stay whole
 * @param lastSegment it goes over the segments up to this one
 * @param gone the objects that it takes away altogether
 */
public record PackDecision(
    int number, UUID logId, TransactionId horizon, int lastSegment, IdSet gone) {

  /** Its file. */
  public static final String NAME = "pack";

  private static final String UNFINISHED_NAME = NAME + ".tmp";
  private static final long MAGIC = 0x54454C4F53504C4EL; // "TELOSPLN"
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 48;
  private static final int PAGE_WORDS = 4;
  private static final int PAGE_BYTES = Long.BYTES + PAGE_WORDS * Long.BYTES;

  /** Makes it durable: from now on the objects are gone. */
  void write(StorageDirectory directory) throws IOException {
    SortedMap<Long, long[]> pages = pages();
    int size = HEADER_BYTES + PAGE_BYTES * pages.size() + Integer.BYTES;
    ByteBuffer bytes =
        ByteBuffer.allocate(size)
            .putLong(MAGIC)
            .putInt(VERSION)
            .putInt(number)
            .putLong(logId.getMostSignificantBits())
            .putLong(logId.getLeastSignificantBits())
            .putLong(horizon.epochNanos())
            .putInt(lastSegment)
            .putInt(pages.size());
    for (Map.Entry<Long, long[]> page : pages.entrySet()) {
      bytes.putLong(page.getKey()).order(ByteOrder.LITTLE_ENDIAN);
      for (long word : page.getValue()) {
        bytes.putLong(word);
      }
      bytes.order(ByteOrder.BIG_ENDIAN);
    }
    bytes.putInt(checksum(bytes)).flip();
    directory.delete(UNFINISHED_NAME);
    try (AppendFile file = directory.create(UNFINISHED_NAME)) {
      file.append(bytes);
      file.sync();
    } catch (IOException e) {
      directory.delete(UNFINISHED_NAME);
      throw e;
    }
    directory.rename(UNFINISHED_NAME, NAME);
    directory.sync();
  }

  private SortedMap<Long, long[]> pages() {
    SortedMap<Long, long[]> pages = new TreeMap<>();
    gone.forEachWord(
        (number, bits) ->
            pages
                    .computeIfAbsent(number / PAGE_WORDS, page -> new long[PAGE_WORDS])[
                    (int) (number % PAGE_WORDS)] =
                bits);
    return pages;
  }

  /**
   * The decision of a directory; empty if there is none.
   *
   * @throws StoreException.Damaged if its file is not what was written
   */
  public static Optional<PackDecision> read(StorageDirectory directory) throws IOException {
    ByteBuffer bytes;
    try (ReadFile file = directory.read(NAME)) {
      bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
      file.read(bytes, 0);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    return Optional.of(decode(bytes.flip(), directory));
  }

  private static PackDecision decode(ByteBuffer bytes, StorageDirectory directory)
      throws StoreException {
    int size = bytes.limit();
    if (size < HEADER_BYTES + Integer.BYTES || bytes.getLong() != MAGIC) {
      throw damaged("it is no decision of a pack");
    }
    int end = size - Integer.BYTES;
    if (bytes.getInt(end) != checksum(bytes.duplicate().position(end))) {
      throw damaged("its checksum is wrong");
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new StoreException.TooNew(directory.describe() + "/" + NAME, version, VERSION);
    }
    int number = bytes.getInt();
    UUID logId = new UUID(bytes.getLong(), bytes.getLong());
    long horizon = bytes.getLong();
    int lastSegment = bytes.getInt();
    int pages = bytes.getInt();
    if (number <= 0
        || horizon < 0
        || pages < 0
        || end != HEADER_BYTES + (long) PAGE_BYTES * pages) {
      throw damaged("it makes no sense");
    }
    IdSet gone = new IdSet();
    for (int page = 0; page < pages; page++) {
      long pageNumber = bytes.getLong();
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      for (int word = 0; word < PAGE_WORDS; word++) {
        gone.addWord(pageNumber * PAGE_WORDS + word, bytes.getLong());
      }
      bytes.order(ByteOrder.BIG_ENDIAN);
    }
    return new PackDecision(number, logId, new TransactionId(horizon), lastSegment, gone);
  }

  /** Forgets it, when nothing is left to do. */
  static void delete(StorageDirectory directory) throws IOException {
    directory.delete(NAME);
    directory.sync();
  }

  /** A transaction without what it did to the objects that are gone; empty if nothing is left. */
  public Optional<LoggedTransaction> left(LoggedTransaction transaction) {
    List<LoggedTransaction.Change> left =
        transaction.changes().stream().filter(change -> !gone.contains(change.object())).toList();
    return left.isEmpty() && !transaction.id().equals(horizon)
        ? Optional.empty()
        : Optional.of(new LoggedTransaction(transaction.id(), transaction.commitPosition(), left));
  }

  /** Whether that object is gone. */
  public boolean takes(ObjectId id) {
    return gone.contains(id);
  }

  private static StoreException.Damaged damaged(String what) {
    return new StoreException.Damaged(NAME, 0, List.of(), what);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().flip());
    return (int) crc.getValue();
  }
}
