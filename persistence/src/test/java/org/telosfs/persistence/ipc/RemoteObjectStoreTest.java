package org.telosfs.persistence.ipc;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.ObjectStoreContract;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/** The laws of a store through a socket. */
class RemoteObjectStoreTest extends ObjectStoreContract {
  private final MemoryStorageDirectory directory = new MemoryStorageDirectory();
  private ServedStore served;

  @Override
  protected ObjectStore create() throws IOException {
    LocalObjectStore.create(directory);
    served =
        ServedStore.open(directory, StoreConfig.DEFAULT.withSegmentBytes(4096), IpcLimits.DEFAULT);
    return served.connect();
  }

  @Override
  protected ObjectStore reopen() throws IOException {
    served.restart();
    return served.connect();
  }

  @AfterEach
  void endServer() throws IOException {
    served.close();
  }
}
