package org.telosfs.block.volume;

import org.telosfs.block.Key;

/** A key and its value, which nobody changes. */
public final class MapEntry {
  private final Key key;
  private final byte[] value;

  MapEntry(Key key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  /** The key. */
  public Key key() {
    return key;
  }

  /** The value itself, not to be changed. */
  public byte[] value() {
    return value;
  }

  @Override
  public String toString() {
    return key + " (" + value.length + " bytes)";
  }
}
