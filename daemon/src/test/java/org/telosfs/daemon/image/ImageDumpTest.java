package org.telosfs.daemon.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.storage.HostStorageDirectory;

class ImageDumpTest {
  private static final int LARGE = 100_000;
  private static final int ANSWER_LIMIT = 3_000_000;

  @TempDir private Path directory = Path.of("");

  /** Once an answer held whole transactions, and one of 100,000 objects exhausted the heap. */
  @Test
  void aLargeTransactionIsToldInSeveralAnswers() throws IOException {
    HostStorageDirectory host = new HostStorageDirectory(directory);
    LocalObjectStore.create(host);
    try (LocalObjectStore store = LocalObjectStore.open(host, StoreConfig.DEFAULT)) {
      List<String> expected = new ArrayList<>();
      commit(store, 1, 10, expected);
      commit(store, 50, LARGE, expected);
      for (int transaction = 0; transaction < 45; transaction++) {
        commit(store, 1, 10, expected);
      }
      List<String> told = new ArrayList<>();
      String last = "";
      int answers = 0;
      ImageDump dump = new ImageDump(store);
      JsonNode next = JsonNodeFactory.instance.objectNode();
      while (next instanceof ObjectNode request) {
        JsonNode answer = dump.answer(request);
        assertTrue(answer.toString().length() < ANSWER_LIMIT);
        for (JsonNode transaction : answer.path("transactions")) {
          last = transaction.path("tid").asText();
          for (JsonNode change : transaction.path("changes")) {
            told.add(last + " " + change.path("oid").asText());
          }
        }
        next = answer.path("next");
        answers++;
      }
      assertEquals(expected, told);
      assertTrue(answers > 3, answers + " answers");
    }
  }

  private static void commit(
      LocalObjectStore store, int objects, int stateBytes, List<String> expected)
      throws IOException {
    List<ObjectId> ids = store.newIds(objects);
    try (StoreTransaction transaction = store.begin()) {
      for (ObjectId id : ids) {
        transaction.put(new ObjectPut(id, ByteString.copyOf(new byte[stateBytes]), List.of()));
      }
      String tid = transaction.commit(TransactionMetadata.NONE).orThrow().toString();
      ids.forEach(id -> expected.add(tid + " " + id));
    }
  }
}
