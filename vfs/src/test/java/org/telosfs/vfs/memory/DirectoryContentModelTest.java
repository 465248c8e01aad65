package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.Timestamp;

/** Random names put and removed, compared with maps; also where memory ends. */
class DirectoryContentModelTest {
  private static final int STEPS = 30_000;
  private static final int NODES = 50;

  private final Map<FileName, Integer> model = new HashMap<>();
  private final Map<FileName, Long> cookies = new HashMap<>();

  private static FileName name(Random random, int names) {
    int number = random.nextInt(names);
    return FileName.of("n".repeat(number * 7919 % 240) + number);
  }

  /** The second argument is how many names there are; the third, how many records of memory. */
  @ParameterizedTest
  @CsvSource({"1, 3, 100000", "2, 100, 100000", "3, 5000, 100000", "4, 5000, 1000", "5, 40, 90"})
  void agreesWithAMap(long seed, int names, long memory) throws FsException {
    MemorySpace space = new MemorySpace(1 << 20, new Slabs(1, memory), 0);
    NodeTable nodes = new NodeTable(space);
    int[] records = new int[NODES];
    for (int i = 0; i < NODES; i++) {
      records[i] = nodes.make(FileType.FIFO, 0, 0, 0, 0, null, 1, Timestamp.EPOCH).record;
    }
    DirectoryContent directory = new DirectoryContent(space);
    Random random = new Random(seed);
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      FileName name = name(random, names);
      if (random.nextInt(1 + step % 4_000) < 1_000) {
        int node = records[random.nextInt(NODES)];
        try {
          directory.put(name, node);
          model.put(name, node);
        } catch (FsException full) {
          refused++;
        }
      } else if (model.remove(name) != null) {
        cookies.remove(name);
        directory.remove(name);
      }
      FileName probe = name(random, names);
      assertEquals(
          model.getOrDefault(probe, RecordPool.NONE),
          directory.find(probe),
          "seed " + seed + ", step " + step);
      if (step % 1_000 == 0) {
        assertListed(directory, nodes);
      }
    }
    assertEquals(memory < 2_000, refused > 0);
    for (FileName name : new ArrayList<>(model.keySet())) {
      directory.remove(name);
    }
    assertEquals(true, directory.isEmpty());
  }

  /** In the order of cookies, each name once, and with the cookie that it had before. */
  private void assertListed(DirectoryContent directory, NodeTable nodes) {
    Map<FileName, Integer> found = new HashMap<>();
    TreeMap<Long, FileName> order = new TreeMap<>();
    long cookie = DirectoryContent.DOT_DOT_COOKIE;
    while (true) {
      List<DirectoryContent.Listed> batch = new ArrayList<>();
      directory.list(cookie, 7, nodes, batch);
      for (DirectoryContent.Listed line : batch) {
        assertEquals(true, line.cookie() > cookie);
        cookie = line.cookie();
        found.put(line.name(), line.node().record);
        assertEquals(null, order.put(cookie, line.name()));
        Long before = cookies.put(line.name(), cookie);
        assertEquals(before == null ? cookie : before, cookie);
      }
      if (batch.size() < 7) {
        break;
      }
    }
    assertEquals(model, found);
    assertEquals(model.size(), order.size());
  }
}
