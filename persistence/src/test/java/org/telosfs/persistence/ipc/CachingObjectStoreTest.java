package org.telosfs.persistence.ipc;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.ObjectStoreContract;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/** The laws of a store through a socket, for a client that keeps what it reads. */
class CachingObjectStoreTest extends ObjectStoreContract {
  private static final long CACHE_BYTES = 1 << 20;

  private final MemoryStorageDirectory directory = new MemoryStorageDirectory();
  private ServedStore served;

  @Override
  protected ObjectStore create() throws IOException {
    LocalObjectStore.create(directory);
    served =
        ServedStore.open(directory, StoreConfig.DEFAULT.withSegmentBytes(4096), IpcLimits.DEFAULT);
    return served.connectCaching(CACHE_BYTES);
  }

  @Override
  protected ObjectStore reopen() throws IOException {
    served.restart();
    return served.connectCaching(CACHE_BYTES);
  }

  @AfterEach
  void endServer() throws IOException {
    served.close();
  }
}
