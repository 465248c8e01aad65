package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.capability.CapabilityRefusedException;

/** A failure as it is told to a client, and as the client's caller meets it. */
final class IpcFailure {
  private static final int MAX_MESSAGE_CHARS = 1000;

  private static final System.Logger LOG = System.getLogger(IpcFailure.class.getName());

  private IpcFailure() {}

  /** Logs what a client's request met, as loudly as it deserves; returns the failure. */
  static Exception logged(Exception failure, String client) {
    switch (errorOf(failure)) {
      case INTERNAL, MEDIUM, DAMAGED ->
          LOG.log(System.Logger.Level.ERROR, "a request of " + client + " failed", failure);
      case TRANSACTION_TOO_LARGE, TOO_MANY_VIEWS, QUOTA, FORBIDDEN ->
          LOG.log(System.Logger.Level.WARNING, "{0}: {1}", client, failure.getMessage());
      default -> LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", client, failure.getMessage());
    }
    return failure;
  }

  static IpcError errorOf(Throwable failure) {
    return errorOfTold(told(failure));
  }

  /** What is behind it, where an interface had no room for it. */
  private static Throwable told(Throwable failure) {
    IOException wrapped =
        failure instanceof UncheckedIOException unchecked ? unchecked.getCause() : null;
    return wrapped == null ? failure : wrapped;
  }

  private static IpcError errorOfTold(Throwable failure) {
    if (failure instanceof IpcException ipc) {
      return ipc.error();
    }
    if (failure instanceof StoreException.Damaged) {
      return IpcError.DAMAGED;
    }
    if (failure instanceof StoreException.ReadOnly) {
      return IpcError.READ_ONLY;
    }
    if (failure instanceof StoreException.NotCommitted) {
      return IpcError.NOT_COMMITTED;
    }
    if (failure instanceof StoreException.WritingEnded) {
      return IpcError.WRITING_ENDED;
    }
    if (failure instanceof CapabilityRefusedException refused) {
      return switch (refused.reason()) {
        case NONE -> IpcError.NO_CAPABILITY;
        case FORBIDDEN -> IpcError.FORBIDDEN;
        case QUOTA -> IpcError.QUOTA;
      };
    }
    if (failure instanceof IOException) {
      return IpcError.MEDIUM;
    }
    if (failure instanceof IllegalArgumentException) {
      return IpcError.INVALID;
    }
    return failure instanceof IllegalStateException ? IpcError.ENDED : IpcError.INTERNAL;
  }

  static void put(FrameWriter into, int request, Throwable failure) {
    IpcError error = errorOf(failure);
    into.start(MessageType.FAILED, request).putShort(error.number());
    Throwable told = told(failure);
    String message = String.valueOf(told.getMessage());
    if (error == IpcError.INTERNAL) {
      message = "a fault of the server's; its log tells more";
    }
    MessageCodec.putText(into, message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS)));
    if (told instanceof StoreException.Damaged damaged) {
      MessageCodec.putText(into, damaged.segment());
      into.putLong(damaged.offsetBytes());
      MessageCodec.putIds(into, damaged.objects());
    }
    into.end();
  }

  /** What a frame of {@link MessageType#FAILED} says. */
  static Exception get(ByteBuffer body) throws IpcException {
    int number = MessageCodec.getShort(body);
    IpcError error = IpcError.ofNumber(number);
    String message = MessageCodec.getText(body);
    return switch (error) {
      case DAMAGED -> damaged(message, body);
      case READ_ONLY -> new StoreException.ReadOnly(message);
      case NOT_COMMITTED -> new StoreException.NotCommitted(message, null);
      case WRITING_ENDED -> new StoreException.WritingEnded(message, null);
      case INVALID -> new IllegalArgumentException(message);
      case ENDED -> new IllegalStateException(message);
      default -> new IpcException(error, message);
    };
  }

  private static StoreException.Damaged damaged(String message, ByteBuffer body)
      throws IpcException {
    String segment = MessageCodec.getText(body);
    long offsetBytes = MessageCodec.getLong(body);
    List<ObjectId> objects = MessageCodec.getIds(body);
    return new StoreException.Damaged(segment, offsetBytes, objects, message);
  }

  /** The same failure with the stack of the thread that meets it. */
  static IOException here(Exception failure) {
    if (failure instanceof StoreException.Damaged damaged) {
      return new StoreException.Damaged(
          damaged.segment(), damaged.offsetBytes(), damaged.objects(), text(damaged));
    }
    if (failure instanceof StoreException.ReadOnly) {
      return new StoreException.ReadOnly(text(failure));
    }
    if (failure instanceof StoreException.NotCommitted) {
      return new StoreException.NotCommitted(text(failure), failure);
    }
    if (failure instanceof StoreException.WritingEnded) {
      return new StoreException.WritingEnded(text(failure), failure);
    }
    if (failure instanceof IllegalArgumentException) {
      throw new IllegalArgumentException(text(failure), failure);
    }
    if (failure instanceof IllegalStateException) {
      throw new IllegalStateException(text(failure), failure);
    }
    if (failure instanceof IpcException ipc) {
      return new IpcException(ipc.error(), text(ipc), ipc);
    }
    return new IOException(text(failure), failure);
  }

  private static String text(Throwable failure) {
    @Nullable String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
