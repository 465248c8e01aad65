package org.telosfs.persistence;

import java.io.IOException;

/** Is shown transactions one after another. */
@FunctionalInterface
public interface TransactionVisitor {

  /** Returns whether to go on. */
  boolean visit(CommittedTransaction transaction) throws IOException;
}
