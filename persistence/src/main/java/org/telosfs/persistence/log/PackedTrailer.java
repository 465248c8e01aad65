package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.storage.ReadFile;

/**
 * What a packed segment says at its end.
 *
 * @param runs how many runs of records it holds
 * @param firstBytes how long the segment was before it was packed first
 * @param newest the id of the newest transaction that ever was in it, 0 if there was none
 * @param greatest the greatest object id that ever was in it, 0 if there was none
 * @param horizon the transaction id before which states may lack revisions
 * @param chain the chain value behind its last transaction
 * @param hash SHA-256 of all before the trailer
 * @param tableCrc checksum of the table of runs
 */
record PackedTrailer(
    int runs,
    long firstBytes,
    long newest,
    long greatest,
    long horizon,
    ByteString chain,
    ByteString hash,
    int tableCrc) {

  ByteBuffer encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(LogFormat.TRAILER_BYTES)
            .putLong(LogFormat.TRAILER_MAGIC)
            .putInt(0)
            .putInt(runs)
            .putLong(firstBytes)
            .putLong(newest)
            .putLong(greatest)
            .putLong(horizon);
    chain.putInto(bytes);
    hash.putInto(bytes);
    bytes.putInt(tableCrc).putInt(0);
    return bytes.putInt(LogFormat.TRAILER_CRC_OFFSET, checksum(bytes)).flip();
  }

  /**
   * Reads and checks the trailer of a file.
   *
   * @throws StoreException if the file has none that fits it
   */
  static PackedTrailer read(ReadFile file, String place, String name) throws IOException {
    long start = file.sizeBytes() - LogFormat.TRAILER_BYTES;
    if (start < LogFormat.SEGMENT_HEADER_BYTES) {
      throw new StoreException.Truncated(place + "/" + name + " is cut short");
    }
    ByteBuffer bytes = ByteBuffer.allocate(LogFormat.TRAILER_BYTES);
    file.read(bytes, start);
    if (bytes.getLong(0) != LogFormat.TRAILER_MAGIC
        || bytes.getInt(LogFormat.TRAILER_CRC_OFFSET) != checksum(bytes)) {
      throw new StoreException.Damaged(
          name, start, List.of(), "the packed segment's end is damaged or cut off");
    }
    PackedTrailer trailer =
        new PackedTrailer(
            bytes.getInt(LogFormat.TRAILER_RUNS_OFFSET),
            bytes.getLong(LogFormat.TRAILER_SIZE_OFFSET),
            bytes.getLong(LogFormat.TRAILER_NEWEST_OFFSET),
            bytes.getLong(LogFormat.TRAILER_GREATEST_OFFSET),
            bytes.getLong(LogFormat.TRAILER_HORIZON_OFFSET),
            ByteString.copyOf(bytes.array(), LogFormat.TRAILER_CHAIN_OFFSET, LogFormat.CHAIN_BYTES),
            ByteString.copyOf(bytes.array(), LogFormat.TRAILER_HASH_OFFSET, HASH_BYTES),
            bytes.getInt(LogFormat.TRAILER_TABLE_CRC_OFFSET));
    if (trailer.runs < 0
        || trailer.tableOffset(file.sizeBytes()) < LogFormat.SEGMENT_HEADER_BYTES
        || trailer.firstBytes < LogFormat.SEGMENT_HEADER_BYTES
        || trailer.newest < 0
        || trailer.greatest < 0
        || trailer.horizon < 0) {
      throw new StoreException.Damaged(
          name, start, List.of(), "the packed segment's end makes no sense");
    }
    return trailer;
  }

  private static final int HASH_BYTES = 32;

  /** Where the table of runs starts in a file of that size. */
  long tableOffset(long storedBytes) {
    return storedBytes - LogFormat.TRAILER_BYTES - (long) LogFormat.RUN_BYTES * runs;
  }

  private static int checksum(ByteBuffer trailer) {
    CRC32C crc = new CRC32C();
    crc.update(
        trailer.slice(
            LogFormat.TRAILER_RUNS_OFFSET,
            LogFormat.TRAILER_BYTES - LogFormat.TRAILER_RUNS_OFFSET));
    return (int) crc.getValue();
  }
}
