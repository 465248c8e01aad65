package org.telosfs.block.volume;

import java.io.Closeable;
import java.io.IOException;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.NoSpaceException;

/** Signature only. */
@SuppressWarnings("DoNotCallSuggester")
public final class Volume implements Closeable {
  private Volume() {}

  /** Makes a new, empty volume; whatever the device held is lost. */
  public static void format(BlockDevice device, VolumeFormat format) throws IOException {
    throw new AssertionError();
  }

  /** Opens and recovers; the volume closes the device when it is closed, or when this fails. */
  public static Volume open(BlockDevice device, VolumeConfig config) throws IOException {
    throw new AssertionError();
  }

  /** The newest committed state. */
  public VolumeView view() {
    throw new AssertionError();
  }

  /** A new transaction. */
  public VolumeTransaction begin(Purpose purpose) throws IOException {
    throw new AssertionError();
  }

  /** Data blocks. */
  public ExtentStore extents() {
    throw new AssertionError();
  }

  /** Sets blocks aside. */
  public Reservation reserve(long blocks) throws NoSpaceException, IOException {
    throw new AssertionError();
  }

  /** Closes the open group and returns its sequence, the last one's if nothing was committed. */
  public long seal() throws IOException {
    throw new AssertionError();
  }

  /** Journal bytes of the open group. */
  public long openGroupBytes() {
    throw new AssertionError();
  }

  /** Waits until the group was handed to the device. */
  public void awaitWritten(long sequence) throws IOException {
    throw new AssertionError();
  }

  /** Waits until the group survives a power loss. */
  public void awaitDurable(long sequence) throws IOException {
    throw new AssertionError();
  }

  /** Writes the last sealed state. */
  public void checkpoint() throws IOException {
    throw new AssertionError();
  }

  /** In numbers. */
  public VolumeStats stats() {
    throw new AssertionError();
  }

  @Override
  public void close() throws IOException {
    throw new AssertionError();
  }
}
