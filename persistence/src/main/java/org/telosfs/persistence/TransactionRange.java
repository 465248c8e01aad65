package org.telosfs.persistence;

/**
 * Which transactions to list.
 *
 * @param oldest the oldest wanted, itself included
 * @param newest the newest wanted, itself included
 * @param order from which end the list starts, and so what a limit leaves out
 * @param limit at most so many
 */
public record TransactionRange(TransactionId oldest, TransactionId newest, Order order, int limit) {

  /** From which end a list starts. */
  public enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
  }

  public TransactionRange {
    if (limit < 0) {
      throw new IllegalArgumentException("limit " + limit + " is negative");
    }
  }

  /** The last {@code limit} transactions, newest first. */
  public static TransactionRange newest(int limit) {
    return newestUpTo(TransactionId.MAX, limit);
  }

  /** The last {@code limit} transactions that are not newer than {@code newest}, newest first. */
  public static TransactionRange newestUpTo(TransactionId newest, int limit) {
    return new TransactionRange(TransactionId.NONE, newest, Order.NEWEST_FIRST, limit);
  }

  /** The first {@code limit} transactions that are newer than {@code previous}, oldest first. */
  public static TransactionRange after(TransactionId previous, int limit) {
    TransactionId oldest =
        previous.equals(TransactionId.MAX)
            ? TransactionId.MAX
            : new TransactionId(previous.epochNanos() + 1);
    return new TransactionRange(oldest, TransactionId.MAX, Order.OLDEST_FIRST, limit);
  }

  /** That one transaction, if it exists. */
  public static TransactionRange only(TransactionId id) {
    return new TransactionRange(id, id, Order.OLDEST_FIRST, 1);
  }
}
