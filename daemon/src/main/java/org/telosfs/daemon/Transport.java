package org.telosfs.daemon;

import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.jnrfuse.JnrFuseTransport;
import org.telosfs.fuse.kernel.KernelTransport;

/** The ways to mount, by the name the command line has for them. */
public enum Transport {
  KERNEL("kernel") {
    @Override
    FuseTransport open() {
      return new KernelTransport();
    }
  },
  JNR_FUSE("jnr-fuse") {
    @Override
    FuseTransport open() {
      return new JnrFuseTransport();
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
