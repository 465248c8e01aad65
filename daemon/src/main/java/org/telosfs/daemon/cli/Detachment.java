package org.telosfs.daemon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A command that goes on in the background. The launcher starts it as a process of a new session,
 * shows its output until it says that it is ready, or ends, and returns.
 */
final class Detachment {
  private static final String PROPERTY = "telosfs.detached";
  private static final String READY = "telosfs: ready";

  private Detachment() {}

  /** Whether this process is the one in the background. */
  static boolean isDetached() {
    return Boolean.getBoolean(PROPERTY);
  }

  /**
   * What was promised is there, and whoever waits may go: nothing is printed from now on, and no
   * pipe or terminal held.
   */
  static void sayReady(PrintWriter out) throws IOException {
    out.println(READY);
    for (FileDescriptor stream : new FileDescriptor[] {FileDescriptor.out, FileDescriptor.err}) {
      new FileOutputStream(stream).close(); // which leads it to /dev/null
    }
  }
}
