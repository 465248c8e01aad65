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
  private final ReopeningChannel channel;
  private final AsynchronousFileChannel synced;

  /** Of a file that exists. */
  HostAppendFile(Path path) throws IOException {
    this.channel = new ReopeningChannel(path, StandardOpenOption.WRITE);
    try {
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
  public long sizeBytes() throws IOException {
    return channel.use(open -> open.size());
  }

  @Override
  public void append(ByteBuffer bytes) throws IOException {
    long end = sizeBytes();
    int start = bytes.position();
    channel.use(
        open -> {
          bytes.position(start);
          while (bytes.hasRemaining()) {
            open.write(bytes, end + bytes.position() - start);
          }
          return end;
        });
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    channel.use(open -> open.truncate(sizeBytes).size());
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
