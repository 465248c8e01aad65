package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.vfs.memory.MemoryFileSystem;

/** The random-operation fixtures must find what differs, and reach what they are for. */
class ModelComparisonTest {
  private static final int STEPS = 3_000;
  private static final int FEWEST = 20;

  private final ManualClock clock = new ManualClock();

  private MemoryFileSystem tree() {
    return new MemoryFileSystem(clock, 256L << 20, FileSystemTraits.soleWriter("memory"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xC0FFEE})
  void equalTreesAgree(long seed) throws FsException {
    ModelComparison comparison = new ModelComparison(seed, STEPS, clock, tree(), tree());
    while (comparison.hasNext()) {
      comparison.run(500);
      comparison.compare(TreeSnapshot.Times.MODIFIED);
    }
  }

  @Test
  void plantedDifferenceOfOutcomeIsFound() throws FsException {
    MemoryFileSystem real = tree();
    new PathWalk(real).file("a");
    ModelComparison comparison = new ModelComparison(1, STEPS, clock, tree(), real);
    AssertionError found = assertThrows(AssertionError.class, () -> comparison.run(STEPS));
    assertTrue(found.getMessage().contains("seed 1, step "), found.getMessage());
  }

  @Test
  void everyPlantedDifferenceShowsInTheSnapshot() throws FsException {
    TreeSnapshot plain = TreeSnapshot.of(planted(Plant.NOTHING), TreeSnapshot.Times.MODIFIED);
    for (Plant plant : Plant.values()) {
      TreeSnapshot other = TreeSnapshot.of(planted(plant), TreeSnapshot.Times.MODIFIED);
      assertEquals(plant == Plant.NOTHING, plain.equals(other), plant.name());
      assertEquals(plant == Plant.NOTHING, plain.differencesTo(other).isEmpty(), plant.name());
    }
  }

  private enum Plant {
    NOTHING,
    BYTE,
    SIZE,
    PERMISSIONS,
    OWNER,
    NAME,
    NAME_BYTES,
    COPY_FOR_LINK,
    XATTR,
    SYMLINK,
    TIME
  }

  private VirtualFileSystem planted(Plant plant) throws FsException {
    MemoryFileSystem tree = tree();
    PathWalk walk = new PathWalk(tree);
    walk.directory("d");
    InodeNumber file = walk.file("d/f", plant == Plant.BYTE ? "texu" : "text");
    if (plant == Plant.SIZE) {
      walk.write(file, 4, new byte[1]);
    }
    tree.setattr(
        Caller.ROOT, file, AttributeChange.permissions(plant == Plant.PERMISSIONS ? 0640 : 0644));
    tree.setattr(Caller.ROOT, file, AttributeChange.owner(plant == Plant.OWNER ? 1 : 2, 3));
    walk.file(plant == Plant.NAME ? "d/h" : "d/g");
    byte[] raw = {(byte) (plant == Plant.NAME_BYTES ? 0xfe : 0xff)};
    tree.mknod(Caller.ROOT, InodeNumber.ROOT, FileName.of(raw), FileType.REGULAR, 0644, 0);
    walk.file("one");
    walk.file("two");
    walk.link(plant == Plant.COPY_FOR_LINK ? "two" : "one", "three");
    byte[] value = {(byte) (plant == Plant.XATTR ? 1 : 2)};
    tree.setxattr(Caller.ROOT, file, XattrName.of("user.x"), value, XattrMode.SET, false);
    walk.symlink("s", plant == Plant.SYMLINK ? "there" : "where");
    long seconds = plant == Plant.TIME ? 5 : 6;
    tree.setattr(
        Caller.ROOT,
        file,
        AttributeChange.times(TimeChange.KEEP, new TimeChange.At(new Timestamp(seconds, 0))));
    return tree;
  }

  @Test
  void seedGivesTheSameSequence() {
    assertEquals(VfsOperation.sequence(7, 500), VfsOperation.sequence(7, 500));
    assertNotEquals(VfsOperation.sequence(7, 500), VfsOperation.sequence(8, 500));
  }

  @Test
  void everyKindSucceedsAndIsRefused() {
    VfsSession session = new VfsSession(tree());
    Map<String, Integer> succeeded = new HashMap<>();
    Map<String, Integer> refusals = new HashMap<>();
    for (VfsOperation operation : VfsOperation.sequence(3, 80_000)) {
      String outcome = operation.applyTo(session);
      boolean refused = outcome.matches("E[A-Z0-9]+");
      if (refused) {
        refusals.merge(outcome, 1, Integer::sum);
      } else {
        succeeded.merge(operation.getClass().getSimpleName(), 1, Integer::sum);
      }
    }
    for (Class<?> kind : VfsOperation.class.getPermittedSubclasses()) {
      assertTrue(
          succeeded.getOrDefault(kind.getSimpleName(), 0) >= FEWEST, kind + ": " + succeeded);
    }
    List<String> expected =
        List.of(
            "EEXIST",
            "EINVAL",
            "EISDIR",
            "ENODATA",
            "ENOENT",
            "ENOTDIR",
            "ENOTEMPTY",
            "ENXIO",
            "EOPNOTSUPP",
            "EPERM");
    assertTrue(refusals.keySet().containsAll(expected), refusals.toString());
    assertFalse(refusals.containsKey("ESTALE"), refusals.toString());
  }
}
