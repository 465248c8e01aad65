package org.telosfs.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.telosfs.daemon.cli.TelosCommand;
import org.telosfs.fuse.kernel.KernelTransport;

/**
 * Loads what every start that mounts needs later, in a thread beside the one that reads the command
 * line: both take as long. What fails here fails again where it is needed, and is told there.
 */
final class Preload {
  private static final System.Logger LOG = System.getLogger(Preload.class.getName());

  private Preload() {}

  static void begin() {
    Thread loader = new Thread(Preload::run, "telosfs-preload");
    loader.setDaemon(true);
    loader.start();
  }

  /** In the order in which it is needed. */
  private static void run() {
    TelosCommand.preload();
    KernelTransport.preload();
    try {
      ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
      MessageDigest.getInstance("SHA-256");
    } catch (IOException | NoSuchAlgorithmException needed) {
      LOG.log(System.Logger.Level.DEBUG, "preloading", needed);
    }
  }
}
