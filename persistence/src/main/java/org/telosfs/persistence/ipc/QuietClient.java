package org.telosfs.persistence.ipc;

/**
 * A guess whether a client says nothing while one of its commits is under way. Then the thread that
 * reads his requests may wait for that commit itself, and answers that are ready may wait to be
 * sent with the commit's. A client that was heard meanwhile, since several threads share his
 * connection, is not taken for quiet again so soon.
 *
 * <p>Used by the session's thread alone.
 */
final class QuietClient {
  /** So many further commits of a client that was not quiet during one are not waited for. */
  static final int COMMITS_WITHOUT_TRUST = 64;

  private int withoutTrust;

  /** Asked once for each commit, before it begins. */
  boolean isExpected() {
    if (withoutTrust == 0) {
      return true;
    }
    withoutTrust--;
    return false;
  }

  /** The client said something while a commit was under way. */
  void spoke() {
    withoutTrust = COMMITS_WITHOUT_TRUST;
  }
}
