package org.telosfs.persistence.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostStorageDirectoryTest {
  private static final int APPENDS = 500;

  @TempDir private Path place = Path.of("");

  private HostStorageDirectory directory = new HostStorageDirectory(place);

  @BeforeEach
  void open() {
    directory = new HostStorageDirectory(place);
  }

  @AfterEach
  void forgetInterrupts() {
    assertTrue(!Thread.interrupted(), "a test leaves no interrupt behind");
  }

  @Test
  void anInterruptedThreadAppendsAndSyncs() throws IOException {
    Thread.currentThread().interrupt();
    try (AppendFile file = directory.create("log")) {
      file.append(text("one "));
      file.sync();
      file.append(text("two"));
      assertEquals(7, file.sizeBytes());
      file.truncate(6);
      file.sync();
      directory.sync();
    }
    try (ReadFile file = directory.read("log")) {
      ByteBuffer read = ByteBuffer.allocate(10);
      assertEquals(6, file.read(read, 0));
    }
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    assertEquals("one tw", Files.readString(place.resolve("log")));
  }

  /** However often and whenever an interrupt comes, nothing is written twice or left out. */
  @Test
  void interruptsAtAnyMomentLoseAndRepeatNothing() throws Exception {
    byte[] expected = new byte[APPENDS * 64];
    FutureTask<Void> writing =
        new FutureTask<>(
            () -> {
              try (AppendFile file = directory.create("log")) {
                for (int number = 0; number < APPENDS; number++) {
                  byte[] part = new byte[64];
                  java.util.Arrays.fill(part, (byte) number);
                  System.arraycopy(part, 0, expected, number * 64, 64);
                  file.append(ByteBuffer.wrap(part));
                  if (number % 50 == 0) {
                    file.sync();
                  }
                }
              }
              return null;
            });
    Thread writer = new Thread(writing);
    writer.start();
    while (writer.isAlive()) {
      writer.interrupt();
    }
    writing.get();
    assertArrayEquals(expected, Files.readAllBytes(place.resolve("log")));
  }

  @Test
  void appendsReplaceWhatIsReserved() throws IOException {
    requireReserving(directory);
    requireReserving(new MemoryStorageDirectory());
  }

  private static void requireReserving(StorageDirectory in) throws IOException {
    try (AppendFile file = in.create("reserving");
        ReadFile read = in.read("reserving")) {
      file.append(text("one "));
      file.reserve(100_000);
      assertEquals(4, file.sizeBytes());
      assertEquals(100_004, read.sizeBytes());
      file.append(text("two"));
      file.reserve(10);
      assertEquals(7, file.sizeBytes());
      assertEquals(100_004, read.sizeBytes());
      try (AppendFile again = in.append("reserving")) {
        assertEquals(100_004, again.sizeBytes());
      }
      file.truncate(7);
      assertEquals(7, read.sizeBytes());
      ByteBuffer found = ByteBuffer.allocate(10);
      assertEquals(7, read.read(found, 0));
      assertEquals("one two", US_ASCII.decode(found.flip()).toString());
    }
  }

  @Test
  void aClosedFileTakesNothingMore() throws IOException {
    AppendFile file = directory.create("log");
    file.close();
    assertThrows(IOException.class, () -> file.append(text("late")));
    assertThrows(IOException.class, file::sync);
  }

  @Test
  void noFileIsMadeTwice() throws IOException {
    directory.create("log").close();
    assertThrows(FileAlreadyExistsException.class, () -> directory.create("log"));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }
}
