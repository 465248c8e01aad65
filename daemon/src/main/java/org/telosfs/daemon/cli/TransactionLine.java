package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** How commands print a transaction on one line. */
final class TransactionLine {
  private TransactionLine() {}

  static void print(JsonNode transaction, int objects, PrintWriter out) {
    out.printf(
        "%s  %-30s  %4d objects  %s  %s%n",
        transaction.path("tid").asText(),
        transaction.path("time").asText(),
        objects,
        transaction.path("user").asText(),
        transaction.path("description").asText());
  }
}
