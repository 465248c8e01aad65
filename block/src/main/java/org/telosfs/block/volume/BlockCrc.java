package org.telosfs.block.volume;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.telosfs.block.BlockGeometry;

/** CRC32C of the volume's salt, a block's address and its content. Used by one thread. */
final class BlockCrc {
  private final CRC32C crc = new CRC32C();
  private final byte[] prefix = new byte[2 * Long.BYTES];
  private final ByteBuffer prefixFields = ByteBuffer.wrap(prefix);

  BlockCrc(long salt) {
    prefixFields.putLong(0, salt);
  }

  /** Of a block. */
  int of(long block, byte[] content) {
    prefixFields.putLong(Long.BYTES, block);
    crc.reset();
    crc.update(prefix, 0, prefix.length);
    crc.update(content, 0, BlockGeometry.BLOCK_BYTES);
    return (int) crc.getValue();
  }

  /** Of the next block of a buffer, over which it moves. */
  int next(long block, ByteBuffer from) {
    prefixFields.putLong(Long.BYTES, block);
    crc.reset();
    crc.update(prefix, 0, prefix.length);
    int end = from.limit();
    from.limit(from.position() + BlockGeometry.BLOCK_BYTES);
    crc.update(from);
    from.limit(end);
    return (int) crc.getValue();
  }
}
