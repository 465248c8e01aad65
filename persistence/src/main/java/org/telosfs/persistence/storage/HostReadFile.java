package org.telosfs.persistence.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to read; an interrupt ends nothing. */
final class HostReadFile implements ReadFile {
  private final ReopeningChannel channel;

  HostReadFile(Path path) throws IOException {
    this.channel = new ReopeningChannel(path, StandardOpenOption.READ);
  }

  @Override
  public long sizeBytes() throws IOException {
    return channel.use(open -> open.size());
  }

  @Override
  public int read(ByteBuffer into, long offsetBytes) throws IOException {
    int start = into.position();
    return Math.toIntExact(
        channel.use(
            open -> {
              into.position(start);
              while (into.hasRemaining()) {
                int count =
                    open.read(ReopeningChannel.piece(into), offsetBytes + into.position() - start);
                if (count < 0) {
                  break;
                }
                into.position(into.position() + count);
              }
              return (long) into.position() - start;
            }));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
