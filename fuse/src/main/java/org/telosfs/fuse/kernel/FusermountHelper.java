package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.fuse.MountBusyException;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;
import org.telosfs.fuse.MountOptions;

/**
 * Mounts as an ordinary user, by the set-uid program {@code fusermount3}: it opens the device,
 * mounts, and passes the descriptor back over a socket. It is started by its absolute path, with
 * nothing but that socket in its environment, and by no shell.
 */
final class FusermountHelper implements Mounter {
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/fusermount3"),
          Path.of("/bin/fusermount3"),
          Path.of("/usr/local/bin/fusermount3"));

  /** The descriptor that the helper finds its socket at. */
  private static final int HELPERS_SOCKET = 3;

  // struct msghdr: 0 8 name | 8 8 name bytes | 16 8 iov | 24 8 iov count | 32 8 control
  // | 40 8 control bytes | 48 8 flags; then our iovec, cmsghdr (0 8 bytes | 8 4 level | 12 4 type
  // | 16 data) and the byte that the descriptor comes with
  private static final int MSG_IOV = 16;
  private static final int MSG_IOV_COUNT = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROL_BYTES = 40;
  private static final int IOVEC = 56;
  private static final int CONTROL = 72;
  private static final int CONTROL_BYTES = 64;
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;
  private static final int PAYLOAD = CONTROL + CONTROL_BYTES;
  private static final int MESSAGE_MEMORY_BYTES = PAYLOAD + 8;

  private final NativeCalls calls;

  FusermountHelper(NativeCalls calls) {
    this.calls = calls;
  }

  @Override
  public int mount(Path where, String source, MountOptions options) throws MountException {
    Path program = program(where);
    try (DescriptorPair sockets = DescriptorPair.sockets(calls)) {
      ChildProcess helper =
          ChildProcess.start(
              calls,
              program,
              List.of("-o", optionList(source, options), "--", where.toString()),
              List.of("_FUSE_COMMFD=" + HELPERS_SOCKET),
              sockets.second(),
              HELPERS_SOCKET);
      sockets.closeSecond();
      int fd = receiveDescriptor(sockets.first());
      String complaint = helper.awaitErrorOutput();
      int exit = helper.awaitExit();
      if (fd < 0 || exit != 0) {
        throw refused(where, complaint, exit);
      }
      return fd;
    } catch (MountException refusal) {
      throw refusal;
    } catch (IOException failed) {
      throw new MountException(
          Reason.FAILED, "cannot mount on " + where + ": " + failed.getMessage(), failed);
    }
  }

  @Override
  public void unmount(Path where) throws IOException {
    String complaint = run(where, List.of("-u", "--", where.toString()));
    if (complaint != null) {
      if (complaint.contains("busy")) {
        throw new MountBusyException(where);
      }
      if (!complaint.contains("not found") && !complaint.contains("Invalid argument")) {
        throw new IOException("cannot unmount " + where + ": " + complaint);
      }
    }
  }

  /** Takes a dead mount out of the tree. */
  void detach(Path where) throws IOException {
    String complaint = run(where, List.of("-u", "-z", "--", where.toString()));
    if (complaint != null) {
      throw new IOException("the dead mount there cannot be detached: " + complaint);
    }
  }

  /** Runs the helper; what it complains of, or null if it did what it was asked for. */
  private @Nullable String run(Path where, List<String> arguments) throws IOException {
    ChildProcess helper =
        ChildProcess.start(calls, program(where), arguments, List.of(), ChildProcess.NO_FD, 0);
    String complaint = helper.awaitErrorOutput();
    int exit = helper.awaitExit();
    if (exit == 0) {
      return null;
    }
    return complaint.isEmpty() ? "fusermount3 ended with " + exit : complaint;
  }

  private static Path program(Path where) throws MountException {
    for (Path place : PLACES) {
      if (Files.isExecutable(place)) {
        return place;
      }
    }
    throw new MountException(
        Reason.HELPER_MISSING,
        where,
        "an ordinary user needs fusermount3; install the package fuse3, or run as root");
  }

  private static String optionList(String source, MountOptions options) {
    StringBuilder list = new StringBuilder("default_permissions,subtype=telosfs,fsname=");
    list.append(source.replace("\\", "\\\\").replace(",", "\\,"));
    list.append(options.nosuid() ? ",nosuid" : ",suid");
    list.append(options.nodev() ? ",nodev" : ",dev");
    list.append(options.noexec() ? ",noexec" : "");
    list.append(options.readOnly() ? ",ro" : "");
    list.append(Boolean.TRUE.equals(options.allowOther()) ? ",allow_other" : "");
    return list.toString();
  }

  private static MountException refused(Path where, String complaint, int exit) {
    String what = complaint.isEmpty() ? "fusermount3 ended with " + exit : complaint;
    if (complaint.contains("user_allow_other")) {
      return new MountException(
          Reason.NO_PERMISSION,
          where,
          what + "; add the line user_allow_other to /etc/fuse.conf, or mount without allow_other");
    }
    boolean device = complaint.contains("/dev/fuse") || complaint.contains("device not found");
    if (device && !complaint.contains("ermission denied")) {
      return new MountException(
          Reason.NO_FUSE_DEVICE, where, what + "; load the kernel module: modprobe fuse");
    }
    if (device) {
      return new MountException(
          Reason.NO_PERMISSION, where, what + "; let users open it: chmod 666 /dev/fuse (as root)");
    }
    boolean notAllowed =
        complaint.contains("ermission denied")
            || complaint.contains("not permitted")
            || complaint.contains("no write access")
            || complaint.contains("must be root");
    return new MountException(
        notAllowed ? Reason.NO_PERMISSION : Reason.FAILED,
        where,
        notAllowed ? what + "; choose a directory of your own" : what);
  }

  /** The descriptor that comes with one byte over {@code socket}, or -1 if none comes. */
  private int receiveDescriptor(int socket) {
    NativeMemory memory = new NativeMemory(calls, MESSAGE_MEMORY_BYTES);
    memory.putLong(IOVEC, memory.address(PAYLOAD));
    memory.putLong(IOVEC + Long.BYTES, 1);
    memory.putLong(MSG_IOV, memory.address(IOVEC));
    memory.putLong(MSG_IOV_COUNT, 1);
    memory.putLong(MSG_CONTROL, memory.address(CONTROL));
    memory.putLong(MSG_CONTROL_BYTES, CONTROL_BYTES);
    long received;
    do {
      received = calls.helper().recvmsg(socket, memory.address(0));
    } while (received < 0 && calls.errno() == NativeCalls.EINTR);
    boolean passed =
        received > 0
            && memory.getLong(MSG_CONTROL_BYTES) >= CONTROL_DATA + Integer.BYTES
            && memory.getInt(CONTROL + CONTROL_LEVEL) == HelperCalls.SOL_SOCKET
            && memory.getInt(CONTROL + CONTROL_TYPE) == HelperCalls.SCM_RIGHTS;
    return passed ? memory.getInt(CONTROL + CONTROL_DATA) : -1;
  }
}
