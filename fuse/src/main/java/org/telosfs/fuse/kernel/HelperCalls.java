package org.telosfs.fuse.kernel;

import java.lang.ref.Reference;

/**
 * The system calls by which a helper program mounts for an ordinary user. Apart from {@link
 * NativeCalls}, so that root, who needs none of them, starts sooner.
 */
final class HelperCalls {
  static final int AF_UNIX = 1;
  static final int SOCK_STREAM = 1;
  static final int SOCK_CLOEXEC = 02000000;
  static final int SOL_SOCKET = 1;
  static final int SCM_RIGHTS = 1;

  private static final LibraryFunction SOCKETPAIR = new LibraryFunction("socketpair");
  private static final LibraryFunction PIPE2 = new LibraryFunction("pipe2");
  private static final LibraryFunction RECVMSG = new LibraryFunction("recvmsg");
  private static final LibraryFunction SPAWN = new LibraryFunction("posix_spawn");
  private static final LibraryFunction SPAWN_ACTIONS_INIT =
      new LibraryFunction("posix_spawn_file_actions_init");
  private static final LibraryFunction SPAWN_ACTIONS_DUP2 =
      new LibraryFunction("posix_spawn_file_actions_adddup2");
  private static final LibraryFunction SPAWN_ACTIONS_DESTROY =
      new LibraryFunction("posix_spawn_file_actions_destroy");
  private static final LibraryFunction WAITPID = new LibraryFunction("waitpid");

  private final NativeCalls calls;

  HelperCalls(NativeCalls calls) {
    this.calls = calls;
  }

  int socketpair(int domain, int type, long twoInts) {
    return (int) SOCKETPAIR.call(domain, type, 0, twoInts);
  }

  int pipe2(long twoInts, int flags) {
    return (int) PIPE2.call(twoInts, flags);
  }

  long recvmsg(int fd, long message) {
    return RECVMSG.call(fd, message, 0);
  }

  int posixSpawn(long pid, String path, long actions, long arguments, long environment) {
    NativeMemory name = NativeMemory.string(calls, path);
    try {
      return (int) SPAWN.call(pid, name.address(0), actions, 0, arguments, environment);
    } finally {
      Reference.reachabilityFence(name);
    }
  }

  int spawnActionsInit(long actions) {
    return (int) SPAWN_ACTIONS_INIT.call(actions);
  }

  int spawnActionsDup2(long actions, int fd, int as) {
    return (int) SPAWN_ACTIONS_DUP2.call(actions, fd, as);
  }

  int spawnActionsDestroy(long actions) {
    return (int) SPAWN_ACTIONS_DESTROY.call(actions);
  }

  int waitpid(int pid, long status) {
    return (int) WAITPID.call(pid, status, 0);
  }
}
