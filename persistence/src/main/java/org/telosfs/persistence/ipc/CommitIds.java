package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;

/**
 * What became of a commit whose client lost the connection. A commit's number lies in the log with
 * its transaction, so what was committed can be told for ever; what was asked for and not found can
 * never be committed afterwards.
 */
final class CommitIds {
  /** Under this name the number lies in the transaction's metadata. */
  static final String EXTENSION = "telosfs.commit";

  private static final int MAX_REFUSED = 1 << 16;
  private static final ByteString NONE = ByteString.copyOf(new byte[WireFormat.COMMIT_ID_BYTES]);

  private final ObjectStore store;

  @GuardedBy("this")
  private final Set<ByteString> underWay = new HashSet<>();

  /** Oldest first. */
  @GuardedBy("this")
  private final LinkedHashSet<ByteString> refused = new LinkedHashSet<>();

  CommitIds(ObjectStore store) {
    this.store = store;
  }

  /**
   * A commit begins; {@link #finish} follows whatever comes of it.
   *
   * @return the metadata with the number in it
   */
  TransactionMetadata start(ByteString id, TransactionMetadata metadata) throws IOException {
    if (id.equals(NONE)) {
      return metadata;
    }
    synchronized (this) {
      if (refused.contains(id)) {
        throw new StoreException.NotCommitted(
            "the client has been told that this commit did not happen", null);
      }
      if (!underWay.add(id)) {
        throw new IpcException(IpcError.INVALID, "a commit of this number is under way");
      }
    }
    Map<String, String> extension = new TreeMap<>(metadata.extension());
    extension.put(EXTENSION, id.toString());
    return TransactionMetadata.of(metadata.user(), metadata.description(), extension);
  }

  synchronized void finish(ByteString id) {
    underWay.remove(id);
    notifyAll();
  }

  /**
   * The transaction that the number was committed as; empty if it was not, and never will be.
   *
   * @param base the newest transaction that the commit's transaction had seen
   */
  Optional<TransactionId> outcome(ByteString id, TransactionId base)
      throws IOException, InterruptedException {
    synchronized (this) {
      refused.add(id);
      if (refused.size() > MAX_REFUSED) {
        refused.remove(refused.iterator().next());
      }
      while (underWay.contains(id)) {
        wait();
      }
    }
    AtomicReference<@Nullable TransactionId> found = new AtomicReference<>();
    String text = id.toString();
    store.visitTransactions(
        TransactionRange.after(base, Integer.MAX_VALUE),
        transaction -> {
          if (text.equals(transaction.metadata().extension().get(EXTENSION))) {
            found.set(transaction.id());
          }
          return found.get() == null;
        });
    return Optional.ofNullable(found.get());
  }

  /**
   * The transaction as clients are told of it: the number is between one of them and the server.
   */
  static CommittedTransaction withoutNumber(CommittedTransaction transaction) {
    TransactionMetadata said = transaction.metadata();
    if (!said.extension().containsKey(EXTENSION)) {
      return transaction;
    }
    Map<String, String> extension = new TreeMap<>(said.extension());
    extension.remove(EXTENSION);
    return new CommittedTransaction(
        transaction.id(),
        TransactionMetadata.of(said.user(), said.description(), extension),
        transaction.objects());
  }
}
