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
    return new TransactionRange(previous.next(), TransactionId.MAX, Order.OLDEST_FIRST, limit);
  }

  /** All transactions from one to another, both included, oldest first. */
  public static TransactionRange between(TransactionId oldest, TransactionId newest) {
    return new TransactionRange(oldest, newest, Order.OLDEST_FIRST, Integer.MAX_VALUE);
  }

  /** That one transaction, if it exists. */
  public static TransactionRange only(TransactionId id) {
    return new TransactionRange(id, id, Order.OLDEST_FIRST, 1);
  }

  /** The same range with another limit. */
  public TransactionRange withLimit(int most) {
    return new TransactionRange(oldest, newest, order, most);
  }

  /** What is left of the range behind the transaction it has come to, with the same limit. */
  public TransactionRange beyond(TransactionId reached) {
    return switch (order) {
      case OLDEST_FIRST ->
          reached.equals(TransactionId.MAX)
              ? withLimit(0)
              : new TransactionRange(reached.next(), newest, order, limit);
      case NEWEST_FIRST ->
          reached.equals(TransactionId.NONE)
              ? withLimit(0)
              : new TransactionRange(oldest, reached.previous(), order, limit);
    };
  }

  /** Whether the range goes over that transaction, whatever the limit. */
  public boolean contains(TransactionId id) {
    return id.compareTo(oldest) >= 0 && id.compareTo(newest) <= 0;
  }
}
