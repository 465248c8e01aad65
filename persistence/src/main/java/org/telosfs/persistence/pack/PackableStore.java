package org.telosfs.persistence.pack;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogReader;
import org.telosfs.persistence.log.SegmentedLog;
import org.telosfs.persistence.storage.StorageDirectory;

/** What a pack needs of the store that it packs. */
public interface PackableStore {

  StorageDirectory directory();

  LogReader reader();

  BlobStore blobs();

  /** The index that new snapshots use. */
  ObjectIndex index();

  /** The decision of a pack that is not finished. */
  Optional<PackDecision> unfinished();

  /** The number of the last pack that decided anything; 0 if none did. */
  int lastPack();

  /** The oldest state that somebody has open; {@link TransactionId#MAX} if nobody has. */
  TransactionId oldestInUse();

  /** Before it, no state is opened any more. */
  TransactionId horizon();

  /** From now on no state before that is opened; what is open already stays so. */
  void setHorizon(TransactionId horizon);

  /** Does something between two groups of commits, in the thread that commits. */
  void betweenCommits(Work work) throws IOException;

  /** What is done while nothing is committed. */
  @FunctionalInterface
  interface Work {
    void run(SegmentedLog log) throws IOException;
  }

  /**
   * Uses another index from now on, which lacks what the decision takes away. To be called between
   * commits, when the decision is durable.
   */
  void adopt(PackDecision decision, ObjectIndex packed);

  /**
   * Puts the index of now in place of the one on disk, or if that fails, nothing. Between commits.
   */
  void saveIndex() throws IOException;

  /** The decision has been carried out and is forgotten. */
  void forgetDecision();
}
