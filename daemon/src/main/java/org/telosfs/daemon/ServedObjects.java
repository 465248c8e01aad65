package org.telosfs.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.storage.HostStorageDirectory;

/** A store's objects alone: nothing to mount. */
final class ServedObjects implements Served {
  private final LocalObjectStore objects;

  ServedObjects(StoreLayout store) throws IOException {
    this.objects =
        LocalObjectStore.open(new HostStorageDirectory(store.objects()), StoreConfig.DEFAULT);
  }

  @Override
  public List<ServedTree> trees() {
    return List.of();
  }

  @Override
  public Optional<ObjectStore> objects() {
    return Optional.of(objects);
  }

  @Override
  public Map<String, ControlHandler> handlers() {
    return Map.of();
  }

  @Override
  public void describe(ObjectNode status) {
    StoreTrees.describe(objects.stats(), status);
  }

  @Override
  public void close() throws IOException {
    objects.close();
  }
}
