package org.telosfs.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.block.volume.VolumeFormat;
import org.telosfs.block.volume.VolumeFormatException;

class FileBlockDeviceTest extends BlockDeviceContract {
  @TempDir Path directory;

  private Path path() {
    return directory.resolve("device");
  }

  @Override
  protected BlockDevice device() throws IOException {
    return FileBlockDevice.create(path(), 64 * 4096);
  }

  @Test
  void newFileIsSparseAndPrivate() throws IOException {
    try (FileBlockDevice device = FileBlockDevice.create(path(), 1L << 36)) {
      assertEquals(1L << 36, device.sizeBytes());
      assertTrue(((Number) Files.getAttribute(path(), "unix:nlink")).intValue() == 1);
      assertEquals("rw-------", permissions());
    }
  }

  private String permissions() throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path()));
  }

  @Test
  void existingFileIsNotOverwritten() throws IOException {
    Files.writeString(path(), "precious");
    assertThrows(FileAlreadyExistsException.class, () -> FileBlockDevice.create(path(), 4096));
    assertEquals("precious", Files.readString(path()));
  }

  @Test
  void missingFileIsNotMade() {
    assertThrows(NoSuchFileException.class, () -> FileBlockDevice.open(path()));
    assertTrue(Files.notExists(path()));
  }

  @Test
  void secondOpenIsRefusedUntilTheFirstIsClosed() throws IOException {
    try (BlockDevice device = device()) {
      device.flush();
      assertThrows(DeviceInUseException.class, () -> FileBlockDevice.open(path()));
    }
  }

  @Test
  void openAgainAfterClose() throws IOException {
    device().close();
    try (BlockDevice again = FileBlockDevice.open(path())) {
      assertEquals(64 * 4096, again.sizeBytes());
    }
  }

  @Test
  void otherProcessIsRefused() throws Exception {
    try (BlockDevice device = device()) {
      device.flush();
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenInAnotherProcess.class.getName(),
                  path().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes());
      assertTrue(other.waitFor(60, TimeUnit.SECONDS));
      assertTrue(said.contains("in use"), said);
    }
  }

  /** Says why a device cannot be opened. */
  static final class OpenInAnotherProcess {
    public static void main(String[] arguments) throws IOException {
      try (BlockDevice device = FileBlockDevice.open(Path.of(arguments[0]))) {
        System.out.println("opened " + device);
      } catch (DeviceInUseException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  @Test
  void truncatedVolumeIsCorruptAndNotTouched() throws IOException {
    try (FileBlockDevice device = FileBlockDevice.create(path(), 8 << 20)) {
      Volume.format(device, VolumeFormat.fresh());
    }
    byte[] cut = java.util.Arrays.copyOf(Files.readAllBytes(path()), 6 << 20);
    Files.write(path(), cut);
    VolumeFormatException.Corrupt refused =
        assertThrows(VolumeFormatException.Corrupt.class, this::openVolume);
    assertTrue(String.valueOf(refused.getMessage()).contains("cut short"));
    assertArrayEquals(cut, Files.readAllBytes(path()));
  }

  @Test
  void fileOfAnotherKindIsNotOursAndNotTouched() throws IOException {
    byte[] text = "a letter, not a volume\n".repeat(1000).getBytes();
    Files.write(path(), text);
    assertThrows(VolumeFormatException.NotOurs.class, this::openVolume);
    assertArrayEquals(text, Files.readAllBytes(path()));
  }

  @Test
  void refusedVolumeLetsGoOfTheFile() throws IOException {
    Files.write(path(), new byte[1 << 20]);
    assertThrows(VolumeFormatException.NotOurs.class, this::openVolume);
    FileBlockDevice.open(path()).close();
  }

  private void openVolume() throws IOException {
    Volume.open(FileBlockDevice.open(path()), VolumeConfig.deterministic()).close();
  }
}
