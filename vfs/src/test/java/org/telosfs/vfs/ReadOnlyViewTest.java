package org.telosfs.vfs;

import java.io.IOException;
import org.telosfs.vfs.memory.MemoryFileSystem;

class ReadOnlyViewTest extends ReadOnlyContract {
  @Override
  protected VirtualFileSystem newTree() throws IOException {
    MemoryFileSystem tree =
        new MemoryFileSystem(new ManualClock(), 1 << 20, FileSystemTraits.soleWriter("memory"));
    try {
      new PathWalk(tree).directory("d");
      new PathWalk(tree).file("d/f", "text");
    } catch (FsException refusal) {
      throw new IOException(refusal);
    }
    return new ReadOnlyView(tree);
  }

  @Override
  protected String filePath() {
    return "d/f";
  }
}
