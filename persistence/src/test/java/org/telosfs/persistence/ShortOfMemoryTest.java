package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.storage.HostStorageDirectory;

/** A transaction for which the heap has no room is refused; the store goes on with smaller ones. */
class ShortOfMemoryTest {

  @Test
  void aTransactionLargerThanTheHeapIsRefusedAndNothingElse(@TempDir Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Committer.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  /** Commits 96 MiB of objects that share a state of 8 MiB, and then one object of them. */
  static final class Committer {
    private static final int OBJECTS = 12;

    public static void main(String... arguments) throws IOException {
      HostStorageDirectory directory = new HostStorageDirectory(Path.of(arguments[0]));
      ByteString state = ByteString.copyOf(new byte[8 << 20]);
      LocalObjectStore.create(directory);
      try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
        List<ObjectId> ids = store.newIds(OBJECTS);
        try {
          commit(store, ids, state);
          throw new AssertionError("there was room");
        } catch (StoreException.NotCommitted refused) {
          if (!refused.getMessage().contains("larger heap")) {
            throw refused;
          }
        }
        commit(store, ids.subList(0, 1), state);
      }
      StoreCheck check = StoreCheck.run(directory);
      if (check.transactions() != 1 || !check.damages().isEmpty()) {
        throw new AssertionError(check);
      }
    }

    private static void commit(LocalObjectStore store, List<ObjectId> ids, ByteString state)
        throws IOException {
      try (StoreTransaction transaction = store.begin()) {
        for (ObjectId id : ids) {
          transaction.put(new ObjectPut(id, state, List.of()));
        }
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
    }

    private Committer() {}
  }
}
