package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.Timestamp;

/** What lending promises beside the content itself, which {@link FileContentModelTest} compares. */
class LendingTest {
  private static final int BYTES = 100_000;
  private static final int BLOCK_BYTES = 4096;

  private final ManualClock clock = new ManualClock();
  private final MemoryFileSystem tree =
      new MemoryFileSystem(
          clock, 64L << 20, FileSystemTraits.soleWriter("lent"), AccessTimes.STRICT);
  private final ContentPieces pieces = new ContentPieces();
  private InodeNumber file = InodeNumber.ROOT;

  @BeforeEach
  void writeFile() throws FsException {
    file = make(FileName.of("file"));
    write((byte) 1);
  }

  private InodeNumber make(FileName name) throws FsException {
    return tree.mknod(Caller.ROOT, InodeNumber.ROOT, name, FileType.REGULAR, 0644, 0).inode();
  }

  private void write(byte value) throws FsException {
    byte[] content = new byte[BYTES];
    Arrays.fill(content, value);
    ByteBuffer data = ByteBuffer.wrap(content);
    tree.write(Caller.ROOT, file, FileHandle.NONE, 0, data, PrivilegeLoss.NONE);
  }

  private Timestamp accessed() throws FsException {
    return tree.getattr(Caller.ROOT, file).accessed();
  }

  @Test
  void onlyWhatIsNoticedMovesTheAccessTime() throws Exception {
    Timestamp before = accessed();
    Timestamp now = clock.tick();
    tree.lend(file, 0, BYTES, false, pieces, lent -> assertEquals(BYTES, lent.totalBytes()));
    assertEquals(before, accessed());
    tree.lend(file, 0, BYTES, true, pieces, lent -> assertEquals(BYTES, lent.totalBytes()));
    assertEquals(now, accessed());
  }

  @Test
  void whoeverChangesTheContentWaitsForTheBorrower() throws Exception {
    CompletableFuture<Void> writing = new CompletableFuture<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                write((byte) 2);
                writing.complete(null);
              } catch (FsException e) {
                writing.completeExceptionally(e);
              }
            });
    tree.lend(
        file,
        0,
        BYTES,
        true,
        pieces,
        lent -> {
          writer.start();
          while (writer.getState() != Thread.State.WAITING && !writing.isDone()) {
            Thread.onSpinWait();
          }
          assertFalse(writing.isDone());
          assertEquals(1, lent.memory(0).get(lent.offset(0)));
        });
    writing.get(20, TimeUnit.SECONDS);
    assertEquals(0, pieces.count());
  }

  @Test
  void borrowerThatFailsLeavesNothingBehind() throws Exception {
    assertThrows(
        IOException.class,
        () ->
            tree.lend(
                file,
                0,
                BYTES,
                true,
                pieces,
                lent -> {
                  throw new IOException("made by the test");
                }));
    assertEquals(0, pieces.count());
    write((byte) 3);
  }

  /** Content that is scattered is sent at half the speed. */
  @Test
  void blocksOfManyRemovedFilesAreOneRangeInTheNext() throws Exception {
    tree.lend(file, 0, BYTES, true, pieces, lent -> assertEquals(1, lent.count()));
    List<FileName> names = new ArrayList<>();
    for (int i = 0; i * BLOCK_BYTES < BYTES; i++) {
      FileName name = FileName.of("small" + i);
      names.add(name);
      InodeNumber small = make(name);
      tree.write(
          Caller.ROOT, small, FileHandle.NONE, 0, ByteBuffer.allocate(1), PrivilegeLoss.NONE);
      tree.forget(small, 1);
    }
    Collections.shuffle(names, new Random(1));
    for (FileName name : names) {
      tree.unlink(Caller.ROOT, InodeNumber.ROOT, name);
    }
    tree.unlink(Caller.ROOT, InodeNumber.ROOT, FileName.of("file"));
    tree.forget(file, 1);
    writeFile();
    tree.lend(file, 0, BYTES, true, pieces, lent -> assertEquals(1, lent.count()));
  }
}
