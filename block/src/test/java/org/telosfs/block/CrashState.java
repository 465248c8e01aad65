package org.telosfs.block;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.WriteLog.Event;

/**
 * One way in which power may be lost while a log was written. As text: {@code p12} after 12 events;
 * {@code t12@1024} after 12 events and 1,024 bytes of the next; {@code s41:05} before the flush
 * that is event 41, when of the epoch's writes only the first and third had arrived.
 *
 * @param position how many events had begun before
 * @param tornBytes of the event at the position, or 0
 * @param arrived which writes since the last flush arrived, counted from it; null for all
 */
record CrashState(int position, int tornBytes, @Nullable BitSet arrived) {
  static CrashState prefix(int position) {
    return new CrashState(position, 0, null);
  }

  static CrashState torn(int position, int bytes) {
    return new CrashState(position, bytes, null);
  }

  static CrashState subset(int position, BitSet arrived) {
    return new CrashState(position, 0, arrived);
  }

  static CrashState parse(String text) {
    try {
      String rest = text.substring(1);
      switch (text.charAt(0)) {
        case 'p':
          return prefix(Integer.parseInt(rest));
        case 't':
          String[] at = rest.split("@", 2);
          return torn(Integer.parseInt(at[0]), Integer.parseInt(at[1]));
        case 's':
          String[] set = rest.split(":", 2);
          return subset(Integer.parseInt(set[0]), BitSet.valueOf(HexFormat.of().parseHex(set[1])));
        default:
          throw new IllegalArgumentException("not a crash state: " + text);
      }
    } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
      throw new IllegalArgumentException("not a crash state: " + text, malformed);
    }
  }

  /**
   * Does to the device what was left.
   *
   * @param device holds what was flushed: the events before {@code epochStart}
   */
  void leaveOn(ImageBlockDevice device, List<Event> events, int epochStart) {
    for (int i = epochStart; i < position; i++) {
      byte[] bytes = events.get(i).bytes();
      if (bytes != null && (arrived == null || arrived.get(i - epochStart))) {
        device.overwrite(events.get(i).offsetBytes(), ByteBuffer.wrap(bytes));
      }
    }
    if (tornBytes > 0) {
      Event torn = events.get(position);
      byte[] bytes = torn.bytes();
      if (bytes == null || bytes.length < tornBytes) {
        throw new IllegalArgumentException(this + " of " + torn);
      }
      device.overwrite(torn.offsetBytes(), ByteBuffer.wrap(bytes, 0, tornBytes));
    }
  }

  @Override
  public String toString() {
    if (arrived != null) {
      return "s" + position + ":" + HexFormat.of().formatHex(arrived.toByteArray());
    }
    return tornBytes == 0 ? "p" + position : "t" + position + "@" + tornBytes;
  }
}
