package org.telosfs.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.bindings.LongBinding;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * Objects read from and committed to an embedded store, beside the stores a Java program could
 * embed instead, each with the defaults its documentation gives and transactions that meet
 * conflicts. One operation is one transaction with a whole batch. {@code durable} says whether a
 * commit waits for the medium; TelosFS always does, so without it its storage is told not to sync.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class EmbeddedStoreBenchmark {

  private static final int OBJECTS = 100_000;
  private static final int LOADED_AT_ONCE = 1000;

  @Param({"telosfs", "mvstore", "rocksdb", "xodus"})
  public String peer = "telosfs";

  @Param({"false", "true"})
  public boolean durable;

  @Param({"1", "256"})
  public int batch = 1;

  @Param({"100", "1024"})
  public int bytes = 100;

  private Path directory;
  private Peer store;
  private final Random random = new Random(1);

  /** What all of them can do. */
  interface Peer extends Closeable {
    void commit(long[] keys, byte[][] values) throws Exception;

    /** How many bytes were read. */
    long get(long[] keys) throws Exception;
  }

  @Setup(Level.Trial)
  public void open() throws Exception {
    directory =
        Files.createTempDirectory(
            Path.of(System.getProperty("telosfs.bench.dir", "/var/tmp")), "embedded");
    store =
        switch (peer) {
          case "telosfs" -> new Telos(directory, durable);
          case "mvstore" -> new Mv(directory, durable);
          case "rocksdb" -> new Rocks(directory, durable);
          case "xodus" -> new Xodus(directory, durable);
          default -> throw new IllegalArgumentException(peer);
        };
    for (int first = 0; first < OBJECTS; first += LOADED_AT_ONCE) {
      long[] keys = new long[LOADED_AT_ONCE];
      for (int at = 0; at < keys.length; at++) {
        keys[at] = first + at;
      }
      store.commit(keys, values(keys.length));
    }
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  public long get() throws Exception {
    return store.get(keys());
  }

  @Benchmark
  public void putAndCommit() throws Exception {
    store.commit(keys(), values(batch));
  }

  private long[] keys() {
    long[] keys = new long[batch];
    for (int at = 0; at < batch; at++) {
      keys[at] = random.nextInt(OBJECTS);
    }
    return keys;
  }

  private byte[][] values(int count) {
    byte[][] values = new byte[count][bytes];
    for (byte[] value : values) {
      ByteBuffer.wrap(value).putLong(random.nextLong());
    }
    return values;
  }

  private static byte[] key(long key) {
    return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
  }

  /** Ours. */
  private static final class Telos implements Peer {

    private static final long FIRST_ID = ObjectId.ROOTS.value() + 1;

    private final LocalObjectStore store;

    Telos(Path path, boolean durable) throws IOException {
      StorageDirectory host = new HostStorageDirectory(path);
      StorageDirectory directory = durable ? host : new Unsynced(host);
      LocalObjectStore.create(directory);
      store = LocalObjectStore.open(directory, StoreConfig.DEFAULT);
      store.newIds(OBJECTS);
    }

    @Override
    public void commit(long[] keys, byte[][] values) throws IOException {
      List<ObjectPut> puts = new ArrayList<>(keys.length);
      for (int at = 0; at < keys.length; at++) {
        puts.add(
            new ObjectPut(
                new ObjectId(FIRST_ID + keys[at]), ByteString.copyOf(values[at]), List.of()));
      }
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(puts);
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
    }

    @Override
    public long get(long[] keys) throws IOException {
      List<ObjectId> ids = new ArrayList<>(keys.length);
      for (long key : keys) {
        ids.add(new ObjectId(FIRST_ID + key));
      }
      long read = 0;
      try (StoreSnapshot snapshot = store.snapshot()) {
        for (Map.Entry<ObjectId, Revision> found : snapshot.get(ids).entrySet()) {
          read += found.getValue().state().size();
        }
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      store.close();
    }
  }

  /** A directory whose files are never synced: the machine may lose what it was told. */
  private record Unsynced(StorageDirectory host) implements StorageDirectory {

    @Override
    public List<String> list() throws IOException {
      return host.list();
    }

    @Override
    public AppendFile create(String name) throws IOException {
      return new UnsyncedFile(host.create(name));
    }

    @Override
    public AppendFile append(String name) throws IOException {
      return new UnsyncedFile(host.append(name));
    }

    @Override
    public ReadFile read(String name) throws IOException {
      return host.read(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      host.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      host.delete(name);
    }

    @Override
    public void sync() {}

    @Override
    public Closeable lock() throws IOException {
      return host.lock();
    }

    @Override
    public String describe() {
      return host.describe();
    }
  }

  private record UnsyncedFile(AppendFile file) implements AppendFile {

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      file.append(bytes);
    }

    @Override
    public void reserve(int bytes) throws IOException {
      file.reserve(bytes);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void sync() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** H2's store with its transactions; durable is a commit, and then a sync, of the store. */
  private static final class Mv implements Peer {

    private final MVStore store;
    private final TransactionStore transactions;
    private final boolean durable;

    Mv(Path path, boolean durable) {
      this.store = new MVStore.Builder().fileName(path.resolve("mv").toString()).open();
      this.transactions = new TransactionStore(store);
      this.transactions.init();
      this.durable = durable;
    }

    @Override
    public void commit(long[] keys, byte[][] values) {
      Transaction transaction = transactions.begin();
      TransactionMap<Long, byte[]> map = transaction.openMap("objects");
      for (int at = 0; at < keys.length; at++) {
        map.put(keys[at], values[at]);
      }
      transaction.commit();
      if (durable) {
        store.commit();
        store.sync();
      }
    }

    @Override
    public long get(long[] keys) {
      Transaction transaction = transactions.begin();
      TransactionMap<Long, byte[]> map = transaction.openMap("objects");
      long read = 0;
      for (long key : keys) {
        read += map.get(key).length;
      }
      transaction.commit();
      return read;
    }

    @Override
    public void close() {
      transactions.close();
      store.close();
    }
  }

  /** RocksDB with optimistic transactions; durable is a synced write-ahead log. */
  private static final class Rocks implements Peer {

    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions writing;
    private final OptimisticTransactionDB database;

    Rocks(Path path, boolean durable) throws RocksDBException {
      RocksDB.loadLibrary();
      writing = new WriteOptions().setSync(durable);
      database = OptimisticTransactionDB.open(options, path.resolve("rocks").toString());
    }

    @Override
    public void commit(long[] keys, byte[][] values) throws RocksDBException {
      try (org.rocksdb.Transaction transaction = database.beginTransaction(writing)) {
        for (int at = 0; at < keys.length; at++) {
          transaction.put(key(keys[at]), values[at]);
        }
        transaction.commit();
      }
    }

    @Override
    public long get(long[] keys) throws RocksDBException {
      long read = 0;
      if (keys.length == 1) {
        return database.get(key(keys[0])).length;
      }
      List<byte[]> wanted = new ArrayList<>(keys.length);
      for (long key : keys) {
        wanted.add(key(key));
      }
      for (byte[] value : database.multiGetAsList(wanted)) {
        read += value.length;
      }
      return read;
    }

    @Override
    public void close() {
      database.close();
      writing.close();
      options.close();
    }
  }

  /** Xodus; durable is its durable write. */
  private static final class Xodus implements Peer {

    private final Environment environment;
    private final Store store;

    Xodus(Path path, boolean durable) {
      EnvironmentConfig config = new EnvironmentConfig().setLogDurableWrite(durable);
      environment = Environments.newInstance(path.resolve("xodus").toFile(), config);
      store =
          environment.computeInTransaction(
              transaction ->
                  environment.openStore(
                      "objects", jetbrains.exodus.env.StoreConfig.WITHOUT_DUPLICATES, transaction));
    }

    @Override
    public void commit(long[] keys, byte[][] values) {
      environment.executeInTransaction(
          transaction -> {
            for (int at = 0; at < keys.length; at++) {
              store.put(
                  transaction,
                  LongBinding.longToEntry(keys[at]),
                  new ArrayByteIterable(values[at]));
            }
          });
    }

    @Override
    public long get(long[] keys) {
      return environment.computeInReadonlyTransaction(
          transaction -> {
            long read = 0;
            for (long key : keys) {
              ByteIterable value = store.get(transaction, LongBinding.longToEntry(key));
              read += value.getBytesUnsafe().length;
            }
            return read;
          });
    }

    @Override
    public void close() {
      environment.close();
    }
  }
}
