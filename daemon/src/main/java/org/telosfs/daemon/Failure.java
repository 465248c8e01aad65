package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.telosfs.block.NoSpaceException;
import org.telosfs.fuse.MountBusyException;
import org.telosfs.fuse.MountException;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.storage.StorageLockedException;

/**
 * What a user is told of a failure; the only place where exceptions become exit codes.
 *
 * @param message one line
 */
public record Failure(ExitCode code, String message) {

  public Failure {
    message = message.replaceAll("\\s*\\R\\s*", " ").strip();
  }

  public static Failure of(Throwable thrown) {
    if (thrown instanceof Refusal refusal) {
      return new Failure(refusal.code(), text(refusal));
    }
    if (thrown instanceof MountException mount) {
      return new Failure(codeOf(mount.reason()), text(mount));
    }
    if (thrown instanceof MountBusyException busy) {
      return new Failure(ExitCode.BUSY, text(busy));
    }
    if (thrown instanceof StoreException store) {
      return new Failure(codeOf(store), text(store));
    }
    if (thrown instanceof IOException io) {
      return ofMedium(io);
    }
    return new Failure(ExitCode.INTERNAL, "internal error: " + thrown + "; see the log");
  }

  private static Failure ofMedium(IOException io) {
    if (io instanceof StorageLockedException) {
      return new Failure(ExitCode.LOCKED, text(io));
    }
    if (io instanceof NoSpaceException || says(io, "no space left")) {
      return new Failure(ExitCode.FULL, text(io) + "; make room and try again");
    }
    if (says(io, "read-only file system")) {
      return new Failure(ExitCode.NO_PERMISSION, text(io));
    }
    if (io instanceof AccessDeniedException denied) {
      return new Failure(
          ExitCode.NO_PERMISSION,
          denied.getFile() + ": permission denied; use a path of your own, or root");
    }
    if (io instanceof NoSuchFileException missing) {
      return new Failure(ExitCode.FAILED, missing.getFile() + ": no such file or directory");
    }
    return new Failure(ExitCode.FAILED, text(io));
  }

  private static boolean says(IOException io, String phrase) {
    String reason = io instanceof FileSystemException file ? file.getReason() : io.getMessage();
    return reason != null && reason.toLowerCase(Locale.ROOT).contains(phrase);
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
  }

  private static ExitCode codeOf(MountException.Reason reason) {
    return switch (reason) {
      case NO_FUSE_DEVICE, HELPER_MISSING -> ExitCode.NO_FUSE;
      case NO_PERMISSION -> ExitCode.NO_PERMISSION;
      case MISSING, NOT_A_DIRECTORY, NOT_EMPTY, ALREADY_MOUNTED -> ExitCode.MOUNT_POINT;
      case NO_ANSWER, FAILED -> ExitCode.FAILED;
    };
  }

  private static ExitCode codeOf(StoreException failure) {
    if (failure instanceof StoreException.Locked) {
      return ExitCode.LOCKED;
    }
    if (failure instanceof StoreException.NotOurs
        || failure instanceof StoreException.TooNew
        || failure instanceof StoreException.Truncated
        || failure instanceof StoreException.Damaged) {
      return ExitCode.DAMAGED;
    }
    if (failure instanceof StoreException.ReadOnly) {
      return ExitCode.NO_PERMISSION;
    }
    return says(failure, "no space left") ? ExitCode.FULL : ExitCode.FAILED;
  }
}
