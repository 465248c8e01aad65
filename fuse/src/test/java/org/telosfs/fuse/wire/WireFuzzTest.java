package org.telosfs.fuse.wire;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.vfs.FsException;

/** Whatever arrives, reading it ends in values or in a refusal. */
class WireFuzzTest {
  private static final int ROUNDS = Boolean.getBoolean("telosfs.long") ? 5_000_000 : 100_000;

  private final List<byte[]> seeds = List.copyOf(new CapturedRequests().all().values());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xC0FFEE})
  void mutatedRequestsAreReadOrRefused(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] request = mutated(random);
      try {
        AllFields.read(CapturedFuzz.view(request));
      } catch (BadRequestException | FsException refused) {
        // as it should be
      } catch (RuntimeException broken) {
        throw new AssertionError(
            "seed " + seed + ", round " + round + ": " + java.util.Arrays.toString(request),
            broken);
      }
    }
  }

  private byte[] mutated(Random random) {
    byte[] request = seeds.get(random.nextInt(seeds.size())).clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      request[4 + random.nextInt(request.length - 4)] = extreme(random);
    }
    int length = random.nextInt(4) == 0 ? 40 + random.nextInt(request.length - 39) : request.length;
    return CapturedRequests.cut(request, length);
  }

  private static byte extreme(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> 0x7F;
      default -> (byte) random.nextInt();
    };
  }

  /** One buffer for all rounds. */
  private static final class CapturedFuzz {
    private static final java.nio.ByteBuffer BUFFER = java.nio.ByteBuffer.allocateDirect(8192);

    static RequestView view(byte[] request) throws BadRequestException {
      BUFFER.put(0, request);
      RequestView view = new RequestView(BUFFER);
      view.received(request.length);
      return view;
    }
  }
}
