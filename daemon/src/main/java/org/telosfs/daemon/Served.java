package org.telosfs.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.ObjectStore;

/** The open parts behind a daemon's mounts; closing flushes them. */
interface Served extends Closeable {
  /** What to mount, in this order. */
  List<ServedTree> trees();

  /** The object store behind the image; empty if there is none. */
  Optional<ObjectStore> objects();

  /** What else the control socket answers, by request name. */
  Map<String, ControlHandler> handlers();

  /** Adds figures to a status. */
  void describe(ObjectNode status) throws IOException;
}
