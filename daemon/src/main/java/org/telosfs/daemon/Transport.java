package org.telosfs.daemon;

import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.kernel.KernelTransport;

/** The ways to mount, by the name the command line has for them. */
public enum Transport {
  KERNEL("kernel") {
    @Override
    FuseTransport open() {
      return new KernelTransport();
    }
  };

  private final String word;

  Transport(String word) {
    this.word = word;
  }

  abstract FuseTransport open();

  @Override
  public String toString() {
    return word;
  }
}
