package org.telosfs.block.volume;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Key;

/** Entries of a committed state with a transaction's changes over them. */
final class MergedScan implements MapCursor {
  private final MapCursor committed;
  private final NavigableMap<byte[], byte @Nullable []> changes;
  private final @Nullable Key end;

  private boolean hasCommitted;
  private Map.@Nullable Entry<byte[], byte @Nullable []> changed;
  private @Nullable Key key;
  private byte[] value = new byte[0];

  MergedScan(
      MapCursor committed,
      NavigableMap<byte[], byte @Nullable []> changes,
      Key from,
      @Nullable Key end)
      throws IOException {
    this.committed = committed;
    this.changes = changes;
    this.end = end;
    this.hasCommitted = committed.next();
    this.changed = beforeEnd(changes.ceilingEntry(from.bytes()));
  }

  private Map.@Nullable Entry<byte[], byte @Nullable []> beforeEnd(
      Map.@Nullable Entry<byte[], byte @Nullable []> entry) {
    boolean beyond =
        entry != null && end != null && Arrays.compareUnsigned(entry.getKey(), end.bytes()) >= 0;
    return beyond ? null : entry;
  }

  @Override
  public boolean next() throws IOException {
    key = null;
    while (hasCommitted || changed != null) {
      Map.Entry<byte[], byte @Nullable []> change = changed;
      int order =
          change == null
              ? 1
              : hasCommitted
                  ? Arrays.compareUnsigned(change.getKey(), committed.key().bytes())
                  : -1;
      if (change == null || order > 0) {
        key = committed.key();
        value = committed.value();
        hasCommitted = committed.next();
        return true;
      }
      if (order == 0) {
        hasCommitted = committed.next();
      }
      changed = beforeEnd(changes.higherEntry(change.getKey()));
      byte[] newValue = change.getValue();
      if (newValue != null) {
        key = Key.of(change.getKey());
        value = newValue;
        return true;
      }
    }
    return false;
  }

  @Override
  public Key key() {
    return VolumeView.requireEntry(key);
  }

  @Override
  public byte[] value() {
    VolumeView.requireEntry(key);
    return value;
  }
}
