package org.telosfs.persistence.export;

import java.io.IOException;

/** An import would replace a root. */
public final class RootTakenException extends IOException {
  private static final long serialVersionUID = 1;

  RootTakenException(String name) {
    super("there is a root named '" + name + "' already; import with a prefix for names");
  }
}
