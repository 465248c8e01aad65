package org.telosfs.persistence.pack;

import java.io.IOException;
import java.util.List;

/** References lead nowhere, so something is lost already; a pack might lose the trace of it. */
public final class DanglingReferencesException extends IOException {

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // the lists that List.copyOf makes are serializable
  private final List<DanglingReference> references;

  DanglingReferencesException(List<DanglingReference> references, long leftOut) {
    super(
        references.size()
            + leftOut
            + " references lead nowhere, nothing was packed: "
            + references.get(0)
            + (references.size() + leftOut > 1 ? ", and others" : ""));
    this.references = List.copyOf(references);
  }

  public List<DanglingReference> references() {
    return references;
  }
}
