package org.telosfs.persistence.ipc;

import java.io.IOException;

/** What the other side, or the way to it, refused. */
public final class IpcException extends IOException {
  private static final long serialVersionUID = 1;

  private final IpcError error;

  public IpcException(IpcError error, String message) {
    super(message);
    this.error = error;
  }

  public IpcException(IpcError error, String message, Throwable cause) {
    super(message, cause);
    this.error = error;
  }

  public IpcError error() {
    return error;
  }
}
