package org.telosfs.fuse.kernel;

import java.nio.file.Path;
import java.time.InstantSource;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountOptions;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.memory.MemoryFileSystem;

/**
 * A daemon for tests: mounts a memory tree that everyone may write to on its argument, says {@code
 * mounted}, and unmounts when its input ends. Refused, it says the reason.
 */
final class MountedMemory {
  private MountedMemory() {}

  public static void main(String[] arguments) throws Exception {
    try (MemoryFileSystem tree =
        new MemoryFileSystem(
            InstantSource.system(), 1L << 30, FileSystemTraits.soleWriter("telosfs"))) {
      tree.setattr(Caller.ROOT, InodeNumber.ROOT, AttributeChange.permissions(0777));
      FuseMount mount =
          new KernelTransport()
              .mount(tree, Path.of(arguments[0]), MountOptions.DEFAULTS.with(options(arguments)));
      System.out.println("mounted");
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
      mount.unmount();
      System.out.println("unmounted");
    } catch (MountException refusal) {
      System.out.println(refusal.reason() + " " + refusal.getMessage());
    }
  }

  private static String options(String[] arguments) {
    return arguments.length > 1 ? arguments[1] : "";
  }
}
