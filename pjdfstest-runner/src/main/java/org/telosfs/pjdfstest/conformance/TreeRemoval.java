package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.AT_REMOVEDIR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.DirectoryEntry;
import org.telosfs.pjdfstest.syscall.Errno;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.Open;

/** Removes what a case left, by descriptors, since its paths may be longer than PATH_MAX. */
final class TreeRemoval {
  private static final int BUFFER_BYTES = 65_536;

  private final Linux linux;

  TreeRemoval(Linux linux) {
    this.linux = linux;
  }

  void remove(int parent, String name) throws LinuxException {
    long answer = linux.unlinkat(parent, name, 0);
    if (!Errno.EISDIR.is(answer)) {
      LinuxException.check("unlink " + name, answer);
      return;
    }
    int flags = Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NOFOLLOW;
    int fd = (int) LinuxException.check("open " + name, linux.openat(parent, name, flags, 0));
    try {
      List<DirectoryEntry> entries = entries(fd);
      while (!entries.isEmpty()) {
        for (DirectoryEntry entry : entries) {
          remove(fd, entry.name());
        }
        linux.lseek(fd, 0, 0);
        entries = entries(fd);
      }
    } finally {
      linux.close(fd);
    }
    LinuxException.check("rmdir " + name, linux.unlinkat(parent, name, AT_REMOVEDIR));
  }

  private List<DirectoryEntry> entries(int fd) throws LinuxException {
    return linux.getdents(fd, BUFFER_BYTES).stream()
        .filter(entry -> !entry.name().equals(".") && !entry.name().equals(".."))
        .toList();
  }
}
