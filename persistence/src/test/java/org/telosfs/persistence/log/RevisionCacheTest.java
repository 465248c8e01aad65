package org.telosfs.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;

class RevisionCacheTest {
  private static final long BYTES = 1 << 20;

  private final RevisionCache cache = new RevisionCache(BYTES);

  @Test
  void whatWasPutIsFoundUnderItsPositionAndObject() {
    Revision revision = revision(7, 100);
    cache.put(4096, revision);
    assertEquals(revision, cache.get(4096, new ObjectId(7)));
    assertNull(cache.get(4096, new ObjectId(8)));
    assertNull(cache.get(8192, new ObjectId(7)));
  }

  @Test
  void whatFitsStays() {
    int count = (int) (BYTES * 3 / 4 / 1200);
    for (int number = 1; number <= count; number++) {
      cache.put(1200L * number, revision(number, 1000));
    }
    assertTrue(found(1, count) > count * 97 / 100, found(1, count) + " of " + count);
  }

  @Test
  void aNewWorkingSetTakesThePlaceOfAnOldOneOfSmallerStates() {
    int old = (int) (BYTES / 200);
    for (int number = 1; number <= old; number++) {
      cache.put(1200L * number, revision(number, 40));
    }
    int count = (int) (BYTES * 3 / 4 / 1200);
    for (int times = 0; times < 10; times++) {
      for (int number = old + 1; number <= old + count; number++) {
        if (cache.get(1200L * number, new ObjectId(number)) == null) {
          cache.put(1200L * number, revision(number, 1000));
        }
      }
    }
    int found = found(old + 1, old + count);
    assertTrue(found > count * 95 / 100, found + " of " + count);
  }

  private int found(int first, int last) {
    int found = 0;
    for (int number = first; number <= last; number++) {
      found += cache.get(1200L * number, new ObjectId(number)) == null ? 0 : 1;
    }
    return found;
  }

  private static Revision revision(long id, int bytes) {
    return new Revision(
        new ObjectId(id),
        new TransactionId(1),
        ByteString.copyOf(new byte[bytes]),
        List.of(),
        false,
        Optional.empty());
  }
}
