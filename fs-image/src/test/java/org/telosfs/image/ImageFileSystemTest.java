package org.telosfs.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrName;

class ImageFileSystemTest {

  private ImageFixture image;

  @BeforeEach
  void make() throws IOException {
    image = new ImageFixture();
  }

  @AfterEach
  void close() throws IOException {
    assertEquals(0, image.tree.heldNodes(), "a lookup was not given back");
    image.close();
  }

  @Test
  void aBlobIsAFileOfTheObjectAndOfEachRevisionThatHadIt() throws Exception {
    byte[] content = new byte[150_000];
    new Random(7).nextBytes(content);
    ObjectId id = image.store.newIds(1).get(0);
    TransactionId linked;
    try (BlobWriter writer = image.store.newBlob()) {
      writer.write(ByteBuffer.wrap(content));
      Blob blob = writer.finish();
      ObjectPut put = StateCodec.put(id, ObjectState.EMPTY).withBlob(Optional.of(blob));
      linked = image.commit(transaction -> transaction.put(put));
    }
    String path = ImageFixture.path(id);
    assertTrue(image.names(path).contains("blob"));
    assertArrayEquals(content, image.content(path + "/blob"));
    InodeNumber file = image.hold(path + "/blob");
    assertEquals(content.length, image.tree.getattr(Caller.ROOT, file).sizeBytes());
    Opened opened = image.tree.open(Caller.ROOT, file, OpenFlags.READ_ONLY);
    ByteBuffer middle = ByteBuffer.allocate(100);
    assertEquals(100, image.tree.read(Caller.ROOT, file, opened.handle(), 70_000, middle));
    assertArrayEquals(Arrays.copyOfRange(content, 70_000, 70_100), middle.array());
    image.tree.release(file, opened.handle());
    image.tree.forget(file, 1);
    image.put(id, ObjectState.EMPTY);
    assertFalse(image.names(path).contains("blob"));
    assertArrayEquals(content, image.content(path + "/history/" + linked + "/blob"));
  }

  @Test
  void anObjectIsFilesAndLinks() throws Exception {
    ObjectId target = image.newObject("name", "apple");
    ObjectId id = image.store.newIds(1).get(0);
    TransactionId tid =
        image.put(
            id,
            ObjectState.builder()
                .prototype(target)
                .slot("friend", target)
                .slot("list", SlotValue.of(List.of(SlotValue.of(7), SlotValue.of(target))))
                .build());
    String path = ImageFixture.path(id);
    assertEquals(
        List.of("state.json", "raw", "prototype", "tid", "size", "slots", "refs", "history"),
        image.names(path));
    assertEquals(tid + "\n", image.text(path + "/tid"));
    assertEquals(target + "\n", image.text(path + "/prototype"));
    assertEquals(List.of("friend", "list"), image.names(path + "/slots"));
    assertEquals(List.of("friend", "list.1"), image.names(path + "/refs"));
    String shard = ShardDirectory.of(target).name().toString();
    assertEquals("../../../" + shard + "/" + target, image.target(path + "/refs/friend"));
    assertEquals(
        "../../../../../" + shard + "/" + target,
        image.target(path + "/history/" + tid + "/refs/list.1"));
    assertEquals(
        "../../../" + path + "/history/" + tid,
        image.target("transactions/" + tid + "/objects/" + id));
    assertEquals("apple\n", image.text(ImageFixture.path(target) + "/slots/name"));
    assertTrue(image.text("transactions/" + tid + "/meta.json").contains("\"user\": \"ada\""));
  }

  @Test
  void statTellsWhatReadGivesAndWhenItWasCommitted() throws Exception {
    ObjectId id = image.newObject("name", "apple");
    TransactionId tid = image.put(id, "name", "pear");
    for (String name : List.of("state.json", "raw", "prototype", "tid", "size", "slots/name")) {
      InodeNumber file = image.hold(ImageFixture.path(id) + "/" + name);
      Attributes attributes = image.tree.getattr(Caller.ROOT, file);
      assertEquals(image.walk.content(file).length, attributes.sizeBytes(), name);
      assertEquals(Timestamp.of(tid.time()), attributes.modified(), name);
      assertEquals(0444, attributes.permissions(), name);
      assertEquals(12, attributes.uid());
      assertEquals(34, attributes.gid());
      image.tree.forget(file, 1);
    }
  }

  @Test
  void listingIsOneSnapshotWhileCommitsGoOn() throws Exception {
    ObjectId id = image.store.newIds(1).get(0);
    image.put(
        id, ObjectState.builder().slot("a", 1).slot("b", 2).slot("c", 3).slot("d", 4).build());
    InodeNumber slots = image.hold(ImageFixture.path(id) + "/slots");
    FileHandle handle = image.tree.opendir(Caller.ROOT, slots).handle();
    List<String> seen = new ArrayList<>();
    long cookie = readSome(slots, handle, 0, seen);
    image.put(id, "new", "x");
    while (cookie > 0) {
      cookie = readSome(slots, handle, cookie, seen);
    }
    assertEquals(List.of(".", "..", "a", "b", "c", "d"), seen);
    image.tree.releasedir(slots, handle);
    image.tree.forget(slots, 1);
    assertEquals(List.of("new"), image.names(ImageFixture.path(id) + "/slots"));
  }

  /** Three entries at most; the cookie to go on from, 0 at the end. */
  private long readSome(InodeNumber directory, FileHandle handle, long cookie, List<String> into)
      throws FsException {
    long[] next = {0};
    int[] room = {3};
    image.tree.readdir(
        Caller.ROOT,
        directory,
        handle,
        cookie,
        entry -> {
          if (room[0]-- == 0) {
            return false;
          }
          into.add(entry.name().toString());
          next[0] = entry.nextCookie();
          return true;
        });
    return next[0];
  }

  @Test
  void readersSeeWholeTransactionsWhileCommitsGoOn() throws Exception {
    ObjectId id = image.newObject("n", "0");
    String path = ImageFixture.path(id);
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    Future<Integer> reading =
        reader.submit(
            () -> {
              int last = 0;
              while (!over.get()) {
                int seen = Integer.parseInt(image.text(path + "/slots/n").strip());
                assertTrue(seen >= last, seen + " after " + last);
                last = seen;
              }
              return last;
            });
    for (int n = 1; n <= 300; n++) {
      image.put(id, "n", String.valueOf(n));
      assertEquals(n + "\n", image.text(path + "/slots/n"));
    }
    over.set(true);
    assertTrue(reading.get() <= 300);
    reader.shutdown();
    assertEquals(301, image.names(path + "/history").size());
  }

  @Test
  void anOpenFileKeepsItsContentAndTheNextOpenSeesTheCommit() throws Exception {
    ObjectId id = image.newObject("name", "apple");
    InodeNumber file = image.hold(ImageFixture.path(id) + "/slots/name");
    Opened before = image.tree.open(Caller.ROOT, file, OpenFlags.READ_ONLY);
    image.put(id, "name", "pear");
    Opened after = image.tree.open(Caller.ROOT, file, OpenFlags.READ_ONLY);
    assertTrue(after.directIo(), "a file that changes must not be read from the page cache");
    assertEquals("apple\n", read(file, before.handle()));
    assertEquals("pear\n", read(file, after.handle()));
    image.tree.release(file, before.handle());
    image.tree.release(file, after.handle());
    image.tree.forget(file, 1);
  }

  private String read(InodeNumber file, FileHandle handle) throws FsException {
    ByteBuffer into = ByteBuffer.allocate(100);
    image.tree.read(Caller.ROOT, file, handle, 0, into);
    return new String(into.array(), 0, into.position(), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsLookedUpIsInvalidatedBeforeTheCommitReturns() throws Exception {
    ObjectId id = image.newObject("name", "apple");
    ObjectId other = image.newObject("name", "pear");
    RecordedCache cache = new RecordedCache();
    image.tree.cachedBy(cache);
    InodeNumber slots = image.hold(ImageFixture.path(id) + "/slots");
    InodeNumber slot = image.tree.lookup(Caller.ROOT, slots, FileName.of("name")).inode();
    image.put(other, "name", "plum");
    assertEquals(List.of(), cache.told);
    image.put(id, "name", "cherry");
    assertEquals(
        List.of("content " + slot, "content " + slots, "entry " + slots + " name"),
        cache.told.stream().sorted().toList());
    image.tree.forget(slot, 1);
    image.tree.forget(slots, 1);
    cache.told.clear();
    image.put(id, "name", "quince");
    assertEquals(List.of(), cache.told);
    image.tree.noLongerCachedBy(cache);
  }

  @Test
  void aRootThatMovesIsInvalidatedAndTheOthersAreNot() throws Exception {
    ObjectId a = image.newObject("name", "a");
    ObjectId b = image.newObject("name", "b");
    image.commit(transaction -> transaction.setRoot("stays", a));
    image.commit(transaction -> transaction.setRoot("moves", a));
    RecordedCache cache = new RecordedCache();
    image.tree.cachedBy(cache);
    InodeNumber stays = image.hold("roots/stays");
    InodeNumber moves = image.hold("roots/moves");
    image.commit(transaction -> transaction.setRoot("moves", b));
    assertEquals(
        List.of("content " + moves, "entry 4 moves"), cache.told.stream().sorted().toList());
    assertEquals("../" + ImageFixture.path(b), image.target("roots/moves"));
    image.tree.forget(stays, 1);
    image.tree.forget(moves, 1);
  }

  /** What a cache was told. */
  private static final class RecordedCache implements CacheInvalidator {
    @Override
    public void unread(InodeNumber inode, long sizeBytes) {
      told.add("unread " + inode);
    }

    private final List<String> told = new ArrayList<>();

    @Override
    public void entryChanged(InodeNumber directory, FileName name) {
      told.add("entry " + directory + " " + name);
    }

    @Override
    public void contentChanged(InodeNumber inode) {
      told.add("content " + inode);
    }
  }

  @Test
  void aDeletedObjectIsGoneAndStaysInHistory() throws Exception {
    ObjectId id = image.newObject("name", "apple");
    String path = ImageFixture.path(id);
    TransactionId made = TransactionId.parse(image.names(path + "/history").get(0));
    TransactionId deleted = image.commit(transaction -> transaction.delete(id));
    assertEquals(List.of(), image.names("objects/" + ShardDirectory.of(id).name()));
    assertEquals(List.of("history"), image.names(path));
    assertEquals(
        Errno.ENOENT,
        assertThrows(FsException.class, () -> image.walk.inode(path + "/state.json")).errno());
    assertEquals(List.of(made.toString(), deleted.toString()), image.names(path + "/history"));
    assertEquals("apple\n", image.text(path + "/history/" + made + "/slots/name"));
    assertTrue(
        image.text(path + "/history/" + deleted + "/state.json").contains("\"deleted\": true"));
    assertEquals(
        Errno.ENOENT,
        assertThrows(FsException.class, () -> image.walk.inode("objects/ff/00000000000fffff"))
            .errno());
  }

  @Test
  void shardsHoldEveryObjectOnce() throws Exception {
    List<ObjectId> ids = image.store.newIds(1000);
    image.commit(
        transaction ->
            transaction.put(
                ids.stream().map(id -> StateCodec.put(id, ObjectState.EMPTY)).toList()));
    List<String> listed = new ArrayList<>();
    assertEquals(256, image.names("objects").size());
    for (String shard : image.names("objects")) {
      List<String> names = image.names("objects/" + shard);
      assertTrue(names.size() <= 4, shard);
      listed.addAll(names);
    }
    assertEquals(ids.stream().map(ObjectId::toString).toList(), listed.stream().sorted().toList());
  }

  @Test
  void listingAndForgettingLeavesNothingBehind() throws Exception {
    ObjectId id = image.store.newIds(1).get(0);
    ObjectState.Builder state = ObjectState.builder();
    for (int slot = 0; slot < 5000; slot++) {
      state.slot("slot" + slot, slot);
    }
    image.put(id, state.build());
    InodeNumber slots = image.hold(ImageFixture.path(id) + "/slots");
    List<Entry> looked = new ArrayList<>();
    image.tree.readdirplus(
        Caller.ROOT,
        slots,
        FileHandle.NONE,
        0,
        (entry, found) -> {
          if (found != null) {
            assertEquals(entry.inode(), found.inode());
            looked.add(found);
          }
          return true;
        });
    assertEquals(5001, image.tree.heldNodes());
    assertEquals(5000, looked.stream().map(Entry::inode).distinct().count());
    looked.forEach(entry -> image.tree.forget(entry.inode(), 1));
    image.tree.forget(slots, 1);
    assertEquals(0, image.tree.heldNodes());
  }

  @Test
  void extendedAttributesTellTheRevision() throws Exception {
    ObjectId id = image.store.newIds(1).get(0);
    TransactionId tid =
        image.put(id, ObjectState.builder().prototype(ObjectId.ROOTS).slot("n", 1).build());
    for (String path : List.of("", "/state.json", "/slots", "/slots/n", "/history/" + tid)) {
      InodeNumber inode = image.hold(ImageFixture.path(id) + path);
      Map<String, String> expected =
          Map.of(
              "user.telos.oid", id.toString(),
              "user.telos.tid", tid.toString(),
              "user.telos.prototype", ObjectId.ROOTS.toString());
      List<XattrName> names = image.tree.listxattr(Caller.ROOT, inode);
      assertEquals(expected.keySet(), Map.copyOf(values(inode, names)).keySet(), path);
      assertEquals(expected, values(inode, names), path);
      image.tree.forget(inode, 1);
    }
    assertFalse(image.tree.traits().statelessOpen());
  }

  private Map<String, String> values(InodeNumber inode, List<XattrName> names) throws FsException {
    Map<String, String> values = new HashMap<>();
    for (XattrName name : names) {
      values.put(
          name.toString(),
          new String(image.tree.getxattr(Caller.ROOT, inode, name), StandardCharsets.US_ASCII));
    }
    return values;
  }

  @Test
  void bytesThatAreNoStateAreStillThereAsTheyAre() throws Exception {
    ObjectId id = image.store.newIds(1).get(0);
    byte[] foreign = {(byte) 0xFF, 1, 2, 3};
    image.commit(
        transaction -> transaction.put(new ObjectPut(id, ByteString.copyOf(foreign), List.of())));
    InodeNumber raw = image.hold(ImageFixture.path(id) + "/raw");
    assertArrayEquals(foreign, image.walk.content(raw));
    image.tree.forget(raw, 1);
    assertEquals(
        Errno.EIO,
        assertThrows(FsException.class, () -> image.hold(ImageFixture.path(id) + "/state.json"))
            .errno());
  }
}
