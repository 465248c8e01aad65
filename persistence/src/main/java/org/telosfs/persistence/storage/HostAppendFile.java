package org.telosfs.persistence.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;

/**
 * A file that grows; an interrupt ends nothing. Bytes are written at places that are known before,
 * so a write may be repeated. A sync may not: the kernel tells of lost writes once, and the channel
 * that an interrupt closes could keep that to itself. So syncs go through a channel that an
 * interrupt does not close.
 */
final class HostAppendFile implements AppendFile {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

  private final ReopeningChannel channel;
  private final AsynchronousFileChannel synced;
  private long end;

  /** Of a file that exists. */
  HostAppendFile(Path path) throws IOException {
    this.channel = new ReopeningChannel(path, StandardOpenOption.WRITE);
    try {
      this.end = channel.use(open -> open.size());
      this.synced =
          AsynchronousFileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  /** Of a file that this makes. */
  static HostAppendFile create(Path path, FileAttribute<?>... attributes) throws IOException {
    Files.createFile(path, attributes);
    return new HostAppendFile(path);
  }

  @Override
  public long sizeBytes() {
    return end;
  }

  @Override
  public void append(ByteBuffer bytes) throws IOException {
    end = write(bytes, end);
  }

  @Override
  public void reserve(int bytes) throws IOException {
    long to = end + bytes;
    for (long at = end; at < to; ) {
      at = write(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), to - at)), at);
    }
  }

  /** Returns where it ends. */
  private long write(ByteBuffer bytes, long at) throws IOException {
    int start = bytes.position();
    return channel.use(
        open -> {
          bytes.position(start);
          while (bytes.hasRemaining()) {
            int count = open.write(ReopeningChannel.piece(bytes), at + bytes.position() - start);
            bytes.position(bytes.position() + count);
          }
          return at + bytes.position() - start;
        });
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    end = channel.use(open -> open.truncate(sizeBytes).size());
  }

  @Override
  public void sync() throws IOException {
    synced.force(false);
  }

  @Override
  public void close() throws IOException {
    try (synced) {
      channel.close();
    }
  }
}
