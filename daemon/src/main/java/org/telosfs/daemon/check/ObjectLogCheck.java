package org.telosfs.daemon.check;

import java.io.IOException;
import java.util.List;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.object.StateCodec;

/** Reads every revision of every object, and decodes it. */
final class ObjectLogCheck {
  private static final int TRANSACTIONS_AT_ONCE = 1000;

  private final ObjectStore store;
  private final List<String> findings;
  private long revisions;

  ObjectLogCheck(ObjectStore store, List<String> findings) {
    this.store = store;
    this.findings = findings;
  }

  /** How many revisions were read; what is wrong with them is in the findings. */
  long run() throws IOException {
    TransactionId last = TransactionId.NONE;
    for (List<CommittedTransaction> next = after(last); !next.isEmpty(); next = after(last)) {
      for (CommittedTransaction transaction : next) {
        for (ObjectId object : transaction.objects()) {
          check(object, transaction.id());
        }
      }
      last = next.get(next.size() - 1).id();
    }
    return revisions;
  }

  private List<CommittedTransaction> after(TransactionId last) throws IOException {
    return store.transactions(TransactionRange.after(last, TRANSACTIONS_AT_ONCE));
  }

  private void check(ObjectId object, TransactionId transaction) {
    try {
      Revision revision = store.revision(object, transaction).orElse(null);
      if (revision == null) {
        findings.add("object " + object + ": transaction " + transaction + " lacks its revision");
      } else if (!revision.deleted()) {
        StateCodec.decode(revision.state());
      }
      revisions++;
    } catch (IOException damaged) {
      findings.add(
          "object " + object + " in transaction " + transaction + ": " + damaged.getMessage());
    }
  }
}
