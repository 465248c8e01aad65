package org.telosfs.daemon.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.posix.PosixFileSystem;
import org.telosfs.posix.QuotaLimits;
import org.telosfs.posix.QuotaReport;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/** Answers the {@code quota} requests from a tree. */
public final class QuotaService {
  private final PosixFileSystem tree;
  private final Path mountPoint;

  /**
   * @param mountPoint where the tree is mounted: paths below it mean what lies there
   */
  public QuotaService(PosixFileSystem tree, Path mountPoint) {
    this.tree = tree;
    this.mountPoint = mountPoint;
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of("quota-set", this::set, "quota-remove", this::remove, "quota-list", this::list);
  }

  /** Something that the tree may refuse. */
  @FunctionalInterface
  private interface Change {
    void run() throws FsException, IOException;
  }

  private static void change(String what, Change change) throws IOException {
    try {
      change.run();
    } catch (FsException refused) {
      throw refusal(what, refused);
    }
  }

  private static Refusal refusal(String what, FsException refused) {
    Errno errno = refused.errno();
    if (errno == Errno.ENOSPC) {
      return new Refusal(
          ExitCode.FULL, what + ": no space left in the volume; remove files and try again");
    }
    if (errno == Errno.EROFS) {
      return new Refusal(
          ExitCode.NO_PERMISSION, what + ": the tree is read-only; see why with: telosfs status");
    }
    return new Refusal(
        ExitCode.FAILED, what + ": " + refused.getMessage() + "; see the log", refused);
  }

  /** {@code {kind, id or path, bytes, inodes}}: a limit of 0 is none. */
  private JsonNode set(ObjectNode request) throws IOException {
    QuotaLimits limits =
        QuotaLimits.of(request.path("bytes").asLong(), request.path("inodes").asLong());
    QuotaSubject subject = subject(request);
    if (subject != null) {
      change(subject.toString(), () -> tree.quotas().set(subject, limits));
    } else {
      String path = request.path("path").asText();
      change(path, () -> tree.quotas().setDirectory(directory(path), limits));
    }
    return JsonNodeFactory.instance.objectNode();
  }

  /** {@code {kind, id or path}}. */
  private JsonNode remove(ObjectNode request) throws IOException {
    QuotaSubject subject = subject(request);
    if (subject != null) {
      change(
          subject.toString(),
          () -> {
            requireSet(subject);
            tree.quotas().remove(subject);
          });
    } else {
      String path = request.path("path").asText();
      change(
          path,
          () -> {
            if (!tree.quotas().removeDirectory(directory(path))) {
              throw none(path);
            }
          });
    }
    return JsonNodeFactory.instance.objectNode();
  }

  private void requireSet(QuotaSubject subject) throws Refusal {
    boolean set =
        tree.quotas().list().stream()
            .anyMatch(report -> report.subject().equals(subject) && !report.limits().isNone());
    if (!set) {
      throw none(subject.toString());
    }
  }

  private static Refusal none(String what) {
    return new Refusal(
        ExitCode.FAILED, what + " has no quota; see which there are with: telosfs quota list");
  }

  /** Null if the request is about a directory. */
  private static @Nullable QuotaSubject subject(ObjectNode request) throws Refusal {
    int id = (int) request.path("id").asLong();
    String kind = request.path("kind").asText();
    return switch (kind) {
      case "user" -> QuotaSubject.user(id);
      case "group" -> QuotaSubject.group(id);
      case "directory" -> null;
      default -> throw new Refusal(ExitCode.USAGE, "'" + kind + "' has no quotas");
    };
  }

  private InodeNumber directory(String path) throws IOException, FsException {
    Path asked = Path.of(path);
    Path within = asked.startsWith(mountPoint) ? mountPoint.relativize(asked) : asked;
    InodeNumber at = InodeNumber.ROOT;
    for (Path name : within) {
      if (!name.toString().isEmpty()) { // the mount point itself
        at = below(at, name.toString(), path);
      }
    }
    if (!tree.getattr(Caller.ROOT, at).isDirectory()) {
      throw new Refusal(ExitCode.FAILED, path + " is no directory; quotas are for directories");
    }
    return at;
  }

  private InodeNumber below(InodeNumber directory, String name, String path)
      throws IOException, FsException {
    try {
      FileName fileName = FileName.of(name.getBytes(StandardCharsets.UTF_8));
      Entry entry = tree.lookup(Caller.ROOT, directory, fileName);
      tree.forget(entry.inode(), 1);
      return entry.inode();
    } catch (FsException refused) {
      if (refused.errno() == Errno.ENOENT || refused.errno() == Errno.ENOTDIR) {
        throw new Refusal(
            ExitCode.FAILED,
            path
                + ": there is no such directory in the tree; name it from the tree's root, as"
                + " /projects/website, or below the mount point");
      }
      throw refused;
    }
  }

  /** All that is counted. */
  private JsonNode list(ObjectNode request) throws IOException {
    ArrayNode quotas = JsonNodeFactory.instance.arrayNode();
    try {
      for (QuotaReport report : tree.quotas().list()) {
        describe(report, quotas.addObject());
      }
    } catch (FsException refused) {
      throw refusal("quotas", refused);
    }
    return quotas;
  }

  private void describe(QuotaReport report, ObjectNode into) throws FsException {
    QuotaSubject subject = report.subject();
    into.put("kind", subject.kind().name().toLowerCase(Locale.ROOT))
        .put("id", Integer.toUnsignedLong(subject.id()));
    if (subject.kind() == QuotaSubject.Kind.DIRECTORY) {
      into.put("path", report.directory() == 0 ? null : path(report.directory()));
    }
    into.put("bytes", report.usage().bytes()).put("inodes", report.usage().inodes());
    QuotaLimits limits = report.limits();
    into.put("bytesLimit", limits.blocks() == 0 ? null : (Long) limits.bytes());
    into.put("inodesLimit", limits.inodes() == 0 ? null : (Long) limits.inodes());
  }

  private @Nullable String path(long directory) throws FsException {
    List<FileName> names = tree.quotas().pathOf(new InodeNumber(directory));
    if (names == null) {
      return null;
    }
    StringBuilder path = new StringBuilder(names.isEmpty() ? "/" : "");
    names.forEach(name -> path.append('/').append(name));
    return path.toString();
  }
}
