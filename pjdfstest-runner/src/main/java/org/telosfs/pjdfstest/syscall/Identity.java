package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Who works: user, group and supplementary groups. Work is run in a fresh thread, whose credentials
 * alone change: that is what raw system calls do on Linux. The thread also gets a umask and a
 * working directory of its own.
 */
public record Identity(int uid, int gid, List<Integer> groups) {
  public static final Identity ROOT = new Identity(0, 0, List.of());

  public Identity {
    groups = List.copyOf(groups);
  }

  public static Identity of(int uid, int gid, Integer... groups) {
    return new Identity(uid, gid, List.of(groups));
  }

  /** With a working directory, which must be open as {@code directory}, and a umask. */
  public <T> T call(Linux linux, int directory, int umask, Callable<T> work) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              become(linux, directory, umask);
              try {
                return work.call();
              } finally {
                linux.chdir("/"); // The thread ends a little later than its work is done.
              }
            });
    Thread thread = new Thread(task, "identity-" + uid);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Makes the calling thread this identity, for good unless it is root. */
  public void become(Linux linux, int directory, int umask) throws LinuxException {
    LinuxException.check("unshare", linux.call(SystemCall.UNSHARE, Abi.CLONE_FS));
    LinuxException.check("fchdir", linux.call(SystemCall.FCHDIR, directory));
    linux.call(SystemCall.UMASK, umask);
    if (equals(ROOT)) {
      return; // The process is root's; who is not can still work as himself.
    }
    ByteBuffer list = NativeMemory.allocate(Integer.BYTES * (groups.size() + 1));
    for (int i = 0; i < groups.size(); i++) {
      list.putInt(i * Integer.BYTES, groups.get(i));
    }
    LinuxException.check("setgroups", linux.call(SystemCall.SETGROUPS, groups.size(), list));
    LinuxException.check("setresgid", linux.call(SystemCall.SETRESGID, gid, gid, gid));
    LinuxException.check("setresuid", linux.call(SystemCall.SETRESUID, uid, uid, uid));
  }
}
