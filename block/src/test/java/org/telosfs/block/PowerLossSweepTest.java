package org.telosfs.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The sweep finds each way in which a small store of one number can be wrong. */
class PowerLossSweepTest {
  private static final int SECTOR = 512;
  private static final long SIZE = 64 * 1024;
  private static final int COMMITS = 6;

  /** Keeps a number 1024 times over in one of two slots; the sector at 0 says in which. */
  private record Slots(boolean flushesData, boolean flushesHeader, boolean recoversInPlace)
      implements PowerLossSweep.Life<Long> {
    private static final int SLOT_BYTES = 8192;

    @Override
    public void live(BlockDevice device, int number, Chronicle<Long> chronicle) throws IOException {
      int slot = (int) read(device, 0, SECTOR).getLong(0);
      ByteBuffer content = read(device, SLOT_BYTES * (1L + slot), SLOT_BYTES);
      long value = content.getLong(0);
      while (content.hasRemaining()) {
        assertEquals(value, content.getLong(), "a number in two parts");
      }
      chronicle.recovered(value);
      if (recoversInPlace) {
        write(device, SLOT_BYTES * (1L + slot), SLOT_BYTES, value + 1_000_000);
        write(device, SLOT_BYTES * (1L + slot), SLOT_BYTES, value);
      }
      for (int i = 0; i < COMMITS && chronicle.isFollowed(); i++) {
        slot = 1 - slot;
        value += 1 + 1000L * number;
        chronicle.possible(value);
        write(device, SLOT_BYTES * (1L + slot), SLOT_BYTES, value);
        if (flushesData) {
          device.flush();
        }
        write(device, 0, SECTOR, slot);
        if (flushesHeader) {
          device.flush();
        }
        chronicle.survives();
      }
    }

    private static ByteBuffer read(BlockDevice device, long offset, int length) throws IOException {
      ByteBuffer into = ByteBuffer.allocate(length);
      device.read(offset, into);
      return into.flip();
    }

    private static void write(BlockDevice device, long offset, int length, long value)
        throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining()) {
        bytes.putLong(value);
      }
      device.write(offset, bytes.flip());
    }
  }

  private static PowerLossSweep.Result sweep(PowerLossSweep.Life<Long> life) {
    return new PowerLossSweep<>("slots", DeviceImage.blank(SECTOR, SIZE), 0L, life, 7, 2000).run();
  }

  @Test
  void aCorrectStorePasses() {
    PowerLossSweep.Result result = sweep(new Slots(true, true, false));
    assertTrue(result.states() > 1000, result::toString);
    assertTrue(result.ofRecovery() > 500, result::toString);
  }

  @Test
  void dataNotFlushedBeforeItsHeaderIsFound() {
    assertThrows(AssertionError.class, () -> sweep(new Slots(false, true, false)));
  }

  @Test
  void aPromiseWithoutAFlushIsFound() {
    assertThrows(AssertionError.class, () -> sweep(new Slots(true, false, false)));
  }

  @Test
  void flushesThatDoNothingAreFound() {
    Slots slots = new Slots(true, true, false);
    assertThrows(
        AssertionError.class,
        () ->
            sweep(
                (device, number, chronicle) ->
                    slots.live(new NoFlushBlockDevice(device), number, chronicle)));
  }

  @Test
  void aRecoveryThatDamagesWhatItFindsIsFound() {
    assertThrows(AssertionError.class, () -> sweep(new Slots(true, true, true)));
  }

  @Test
  void aFailureNamesItsStateWhichParsesBack() {
    UnaryOperator<String> again = text -> CrashState.parse(text).toString();
    for (String text : new String[] {"p12", "t12@1024", "s41:05", "s3:"}) {
      assertEquals(text, again.apply(text));
    }
    assertThrows(IllegalArgumentException.class, () -> CrashState.parse("x1"));
    assertThrows(IllegalArgumentException.class, () -> CrashState.parse("t12"));
  }

  @Test
  void anEpochOfFewWritesIsTriedInEverySubset() throws IOException {
    RecordingBlockDevice device = new RecordingBlockDevice(new MemoryBlockDevice(SECTOR, 64));
    for (int i = 0; i < 3; i++) {
      device.write((long) SECTOR * i, ByteBuffer.allocate(SECTOR));
    }
    device.flush();
    CrashStates crashes = new CrashStates(DeviceImage.blank(SECTOR, SIZE), device.log());
    long prefixes = 4 + 1;
    long incompleteSubsets = 8 - 1;
    assertEquals(prefixes + incompleteSubsets, crashes.all(new Random(1)).size());
  }

  @Test
  void aCrashedDeviceShowsWhatWasFlushedAndFailsAfterwards() throws IOException {
    MemoryBlockDevice platter = new MemoryBlockDevice(SECTOR, 64);
    CrashingBlockDevice device =
        new CrashingBlockDevice(platter, 2, CrashingBlockDevice.Survivors.NONE, 1);
    Slots.write(device, 0, SECTOR, 5);
    device.flush();
    Slots.write(device, SECTOR, SECTOR, 6);
    assertEquals(6, Slots.read(device, SECTOR, SECTOR).getLong());
    assertThrows(IOException.class, () -> Slots.write(device, 0, SECTOR, 7));
    assertThrows(IOException.class, device::flush);
    assertEquals(5, Slots.read(platter, 0, SECTOR).getLong());
    assertEquals(0, Slots.read(platter, SECTOR, SECTOR).getLong());
  }

  @Test
  void aFailingDeviceFailsTheNthOnly() throws IOException {
    FailingBlockDevice device =
        new FailingBlockDevice(new MemoryBlockDevice(SECTOR, 64))
            .fail(FailingBlockDevice.Operation.FLUSH, 2, FailingBlockDevice.Span.ONCE);
    device.flush();
    assertThrows(FailingBlockDevice.MediumException.class, device::flush);
    device.flush();
    assertEquals(3, device.count(FailingBlockDevice.Operation.FLUSH));
    assertEquals(1, device.struck());
  }

  @Test
  void aFlippedBitHealsWhenItsSectorIsWritten() throws IOException {
    BlockDevice device = new FlippingBlockDevice(new MemoryBlockDevice(SECTOR, 64), 8 * 519 + 3);
    assertEquals(1 << 3, Slots.read(device, SECTOR, SECTOR).get(7));
    assertEquals(0, Slots.read(device, 0, SECTOR).get(7));
    Slots.write(device, SECTOR, SECTOR, 0);
    assertEquals(0, Slots.read(device, SECTOR, SECTOR).get(7));
  }
}
