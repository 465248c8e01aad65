package org.telosfs.daemon.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Answers one kind of request; called by any thread. */
@FunctionalInterface
public interface ControlHandler {
  JsonNode handle(ObjectNode request) throws IOException;
}
