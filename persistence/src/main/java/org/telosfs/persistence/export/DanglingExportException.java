package org.telosfs.persistence.export;

import java.io.IOException;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/** An object that is to be exported, or that another leads to, does not exist. */
public final class DanglingExportException extends IOException {
  private static final long serialVersionUID = 1;

  DanglingExportException(ObjectId missing, TransactionId at) {
    super("object " + missing + " does not exist at transaction " + at);
  }
}
