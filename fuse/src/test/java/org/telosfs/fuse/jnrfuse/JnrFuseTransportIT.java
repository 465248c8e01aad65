package org.telosfs.fuse.jnrfuse;

import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.TransportContract;

/** The contract through libfuse 2. */
class JnrFuseTransportIT extends TransportContract {
  @Override
  protected FuseTransport transport() {
    return new JnrFuseTransport();
  }
}
