package org.telosfs.daemon.image;

import java.util.HashMap;
import java.util.Map;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectStore;

/** All requests that are answered from an object store, whoever asks. */
public final class ImageRequests {
  private ImageRequests() {}

  /** By request name; those about a store's files only where this process has them. */
  public static Map<String, ControlHandler> handlers(ObjectStore store) {
    Map<String, ControlHandler> handlers = new HashMap<>(new ImageService(store).handlers());
    handlers.putAll(new ImageInspection(store).handlers());
    handlers.putAll(new ImageSpace(store).handlers());
    handlers.putAll(new ImageTransfer(store).handlers());
    if (store instanceof LocalObjectStore own) {
      handlers.putAll(new ImageMaintenance(own).handlers());
    }
    return handlers;
  }
}
