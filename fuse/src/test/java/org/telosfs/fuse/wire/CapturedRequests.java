package org.telosfs.fuse.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/**
 * One request of each kind as Linux 6.18 sent it on x86-64 (and a few, which it sends seldom, made
 * to the same pattern).
 */
public final class CapturedRequests {
  private static final String RESOURCE = "requests-7.45.txt";

  private final Map<Opcode, byte[]> requests = new EnumMap<>(Opcode.class);

  public CapturedRequests() {
    try (InputStream file = CapturedRequests.class.getResourceAsStream(RESOURCE)) {
      String text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
      for (String line : text.split("\n")) {
        String[] words = line.split(" ");
        requests.put(Opcode.valueOf(words[0]), HexFormat.of().parseHex(words[1]));
      }
    } catch (IOException unreadable) {
      Assertions.fail(unreadable);
    }
  }

  /** All of them. */
  public Map<Opcode, byte[]> all() {
    return requests;
  }

  /** The request of this kind. */
  public byte[] of(Opcode opcode) {
    return requests.get(opcode).clone();
  }

  /** The request, shown as if it had just been received. */
  public RequestView view(Opcode opcode) throws BadRequestException {
    return view(of(opcode));
  }

  /** These bytes, shown as if they had just been received. */
  public static RequestView view(byte[] bytes) throws BadRequestException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.nativeOrder());
    buffer.put(0, bytes);
    RequestView view = new RequestView(buffer);
    view.received(bytes.length);
    return view;
  }

  /** The first {@code length} bytes, with a header that says so. */
  public static byte[] cut(byte[] request, int length) {
    byte[] cut = java.util.Arrays.copyOf(request, length);
    ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
    return cut;
  }
}
