package org.telosfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.TransportContract;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.VirtualFileSystem;

/** The contract over a tree that keeps its opens: open and create reach it, and so do releases. */
class StatefulKernelTransportIT extends TransportContract {
  @Override
  protected FuseTransport transport() {
    return new KernelTransport();
  }

  @Override
  protected VirtualFileSystem newTree() {
    return memoryTree(false);
  }

  @Test
  void everyOpenIsReleased() throws Exception {
    shell.run("for i in $(seq 20); do echo $i > f$i; cat f$i > /dev/null; ls > /dev/null; done");
    mount.unmount();
    Map<Opcode, Long> requests = mount.stats().requests();
    assertEquals(20, requests.get(Opcode.CREATE));
    assertTrue(requests.get(Opcode.OPEN) >= 20);
    assertTrue(requests.get(Opcode.RELEASE) >= 39);
    assertEquals(0, mount.stats().knownInodes());
  }
}
