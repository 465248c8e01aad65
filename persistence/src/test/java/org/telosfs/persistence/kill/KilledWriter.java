package org.telosfs.persistence.kill;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.storage.HostStorageDirectory;

/**
 * A process that commits from several threads and packs all the while until it is killed. Each
 * thread has a pair of objects and writes one number after another into both, some of them with a
 * blob; a line on standard output says which number of which thread was acknowledged.
 */
final class KilledWriter {

  static final int THREADS = 4;
  private static final int BLOB_EVERY = 3;
  private static final int PIECE_BYTES = 40_000;
  static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(64 * 1024);

  private KilledWriter() {}

  /** The name of the root of one half of a thread's pair. */
  static String root(int thread, String half) {
    return "thread " + thread + " " + half;
  }

  /**
   * Whether the left object has a blob when it has that number; so has an object nobody reaches.
   */
  static boolean hasBlob(long number) {
    return number > 0 && number % BLOB_EVERY == 0;
  }

  /** The content of the blob that a thread's left object has with that number. */
  static byte[] blobContent(int thread, long number) {
    byte[] content = new byte[(int) (number * 7919 % 200_000)];
    new Random(number * THREADS + thread).nextBytes(content);
    return content;
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream acknowledged = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    LocalObjectStore store =
        LocalObjectStore.open(new HostStorageDirectory(Path.of(arguments[0])), CONFIG);
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < THREADS; number++) {
      int thread = number;
      long first = Long.parseLong(arguments[1 + number]) + 1;
      threads.add(new Thread(() -> write(store, thread, first, acknowledged)));
    }
    threads.forEach(Thread::start);
    acknowledged.println("running");
    while (threads.get(0).isAlive()) {
      store.pack().run(PackOptions.keepingFrom(TransactionId.MAX));
    }
  }

  private static void write(LocalObjectStore store, int thread, long first, PrintStream out) {
    try {
      ObjectId left = object(store, root(thread, "left"));
      ObjectId right = object(store, root(thread, "right"));
      for (long number = first; ; number++) {
        try (StoreTransaction transaction = store.begin()) {
          ByteString state = ByteString.utf8(number + "-".repeat((int) (number * 37 % 900)));
          transaction.put(new ObjectPut(left, state, List.of(right), blob(store, thread, number)));
          transaction.put(new ObjectPut(right, state, List.of(left)));
          ObjectId weed = store.newIds(1).get(0);
          transaction.put(new ObjectPut(weed, state, List.of(left), blob(store, thread, number)));
          transaction.commit(TransactionMetadata.of("thread " + thread, "" + number)).orThrow();
        }
        out.println(thread + " " + number);
      }
    } catch (IOException | RuntimeException e) {
      out.println("failed " + e);
    }
  }

  private static Optional<Blob> blob(LocalObjectStore store, int thread, long number)
      throws IOException {
    if (!hasBlob(number)) {
      return Optional.empty();
    }
    byte[] content = blobContent(thread, number);
    BlobWriter writer = store.newBlob();
    for (int at = 0; at < content.length; at += PIECE_BYTES) {
      writer.write(ByteBuffer.wrap(content, at, Math.min(PIECE_BYTES, content.length - at)));
    }
    return Optional.of(writer.finish());
  }

  private static ObjectId object(LocalObjectStore store, String root) throws IOException {
    while (true) {
      try (StoreTransaction transaction = store.begin()) {
        ObjectId known = transaction.roots().get(root);
        if (known != null) {
          return known;
        }
        ObjectId id = store.newIds(1).get(0);
        transaction.put(new ObjectPut(id, ByteString.utf8("0"), List.of()));
        transaction.setRoot(root, id);
        transaction.commit(TransactionMetadata.NONE);
      }
    }
  }
}
