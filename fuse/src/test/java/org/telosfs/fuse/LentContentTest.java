package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.ScriptedFuseChannel.Body;
import org.telosfs.fuse.ScriptedFuseChannel.Reply;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.memory.MemoryFileSystem;

/** Large reads of a tree that lends its content, over a scripted channel. */
class LentContentTest {
  private static final int MOST_BYTES = 1 << 20;
  private static final int BLOCK = 4096;
  private static final int OK = 0;

  private final ScriptedFuseChannel kernel = new ScriptedFuseChannel();
  private final MemoryFileSystem tree =
      new MemoryFileSystem(InstantSource.system(), 64L << 20, FileSystemTraits.soleWriter("lent"));
  private final FuseSession session =
      new FuseSession(
          kernel, tree, new FuseConfig(4, 1, MOST_BYTES, false, Duration.ofSeconds(20)));
  private InodeNumber file = InodeNumber.ROOT;

  @BeforeEach
  void begin() throws FsException {
    session.start();
    FileName name = FileName.of("file");
    file = tree.mknod(Caller.ROOT, InodeNumber.ROOT, name, FileType.REGULAR, 0644, 0).inode();
  }

  @AfterEach
  void end() throws InterruptedException {
    kernel.unmount();
    assertTrue(session.awaitEnded(Duration.ofSeconds(20)));
  }

  private void write(int offset, byte[] content) throws FsException {
    ByteBuffer data = ByteBuffer.wrap(content);
    tree.write(Caller.ROOT, file, FileHandle.NONE, offset, data, PrivilegeLoss.NONE);
  }

  private Reply read(InodeNumber inode, long offset, int bytes) throws InterruptedException {
    Body body = new Body().i64(0).i64(offset).i32(bytes).i32(0).i64(0).i64(0);
    long unique = kernel.request(Opcode.READ, inode.value(), body.build());
    Reply reply = kernel.reply();
    assertEquals(unique, reply.unique());
    return reply;
  }

  private void assertRead(byte[] expected, int offset, int bytes) throws InterruptedException {
    Reply reply = read(file, offset, bytes);
    assertEquals(OK, reply.errno());
    byte[] content = new byte[reply.bodyBytes()];
    reply.bytes().get(16, content);
    int end = Math.min(expected.length, offset + bytes);
    assertArrayEquals(Arrays.copyOfRange(expected, offset, end), content);
  }

  /** As many pieces as a request can have: every second block is a hole. */
  @Test
  void contentAndHolesCome() throws Exception {
    byte[] all = new byte[2 * MOST_BYTES];
    Random random = new Random(1);
    byte[] block = new byte[BLOCK];
    for (int at = 0; at < all.length; at += 2 * BLOCK) {
      random.nextBytes(block);
      write(at, block);
      System.arraycopy(block, 0, all, at, BLOCK);
    }
    tree.setattr(Caller.ROOT, file, AttributeChange.size(all.length));
    for (int offset : new int[] {0, 1, BLOCK, 5 * BLOCK - 1, MOST_BYTES}) {
      assertRead(all, offset, MOST_BYTES);
    }
  }

  @Test
  void nothingComesFromBehindTheEnd() throws Exception {
    byte[] all = new byte[50_000];
    new Random(2).nextBytes(all);
    write(0, all);
    assertRead(all, 0, MOST_BYTES);
    assertRead(all, 40_000, MOST_BYTES);
    assertEquals(0, read(file, 50_000, MOST_BYTES).bodyBytes());
    assertEquals(0, read(file, 1L << 40, MOST_BYTES).bodyBytes());
    assertRead(all, 100, 40_000);
  }

  @Test
  void refusalIsAnsweredAsOne() throws Exception {
    assertEquals(Errno.EISDIR.number(), read(InodeNumber.ROOT, 0, MOST_BYTES).errno());
    assertEquals(Errno.EINVAL.number(), read(file, -1, MOST_BYTES).errno());
    assertEquals(0, session.stats().failed());
  }
}
