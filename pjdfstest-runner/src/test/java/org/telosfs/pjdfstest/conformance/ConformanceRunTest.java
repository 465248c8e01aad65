package org.telosfs.pjdfstest.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.pjdfstest.Report;
import org.telosfs.pjdfstest.ScriptResult;
import org.telosfs.pjdfstest.TapResult;
import org.telosfs.pjdfstest.syscall.Errno;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.Open;

class ConformanceRunTest {
  @TempDir private Path temp;

  private static ConformanceCase one(String name, ConformanceCase.Work work) {
    return new ConformanceCase("some", name, List.of(), work);
  }

  private List<TapResult> run(ConformanceCase... cases) throws Exception {
    List<ScriptResult> heard = new ArrayList<>();
    List<ScriptResult> results =
        new ConformanceRun(new Linux(), temp, 2).run(List.of(List.of(cases)), heard::add);
    assertEquals(heard, results);
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(0, left.count(), "nothing is left below the directory");
    }
    return results.get(0).results();
  }

  private static void assertFailed(String how, TapResult result) {
    assertTrue(result instanceof TapResult.Failed, result.toString());
    assertTrue(result.text().contains(how), result.text());
  }

  @Test
  void aCaseThatHoldsPasses() throws Exception {
    List<TapResult> results =
        run(
            one("write", t -> t.file("f", "content")),
            one("absent", t -> t.fails(Errno.ENOENT, t.open("f", Open.O_RDONLY))));
    assertEquals(
        List.of(new TapResult.Passed(1, "some/write"), new TapResult.Passed(2, "some/absent")),
        results);
  }

  @Test
  void aCaseThatDoesNotHoldFailsAndTellsWhatWasSeen() throws Exception {
    List<TapResult> results =
        run(
            one("errno", t -> t.fails(Errno.EACCES, t.unlink("f"))),
            one("success", t -> t.ok(t.unlink("f"))),
            one("no-refusal", t -> t.fails(Errno.EACCES, t.mkdir("d", 0755))),
            one("value", t -> t.same("content", "other")),
            one("named-value", t -> t.same("size", 1L, 2L)),
            one("mode", t -> t.sameMode(0644, 0600)),
            one("truth", t -> t.holds(false, "the sky is green")),
            one(
                "bug",
                t -> {
                  throw new IllegalStateException("of the case");
                }));
    assertFailed("some/errno: expected EACCES, got ENOENT", results.get(0));
    assertFailed("expected success, got ENOENT", results.get(1));
    assertFailed("expected EACCES, got 0", results.get(2));
    assertFailed("expected content, got other", results.get(3));
    assertFailed("size: expected 1, got 2", results.get(4));
    assertFailed("expected mode 644, got 600", results.get(5));
    assertFailed("the sky is green", results.get(6));
    assertFailed("IllegalStateException: of the case", results.get(7));
  }

  @Test
  void whatIsNotRunIsCountedWithItsReason() throws Exception {
    ConformanceCase inNeed =
        new ConformanceCase(
            "some", "in-need", List.of(Need.KERNEL_PASSES_RANGE_SHIFTS), t -> t.ok(-1));
    Need.Target fuse = new Need.Target(0x65735546L);
    assertFalse(Need.KERNEL_PASSES_RANGE_SHIFTS.isMet(fuse));
    assertTrue(Need.KERNEL_PASSES_RANGE_SHIFTS.isMet(new Need.Target(0xef53)));
    assertEquals("some/in-need", inNeed.id());
    List<TapResult> results =
        run(
            one("passes", t -> t.file("f")),
            one("fails", t -> t.ok(t.unlink("f"))),
            one(
                "cannot",
                t -> {
                  throw t.notRun("it is too small");
                }));
    ScriptResult script = new ScriptResult("some", 0, false, results);
    Report report = new Report("conformance", "/target", 1, List.of(script));
    assertEquals("1 passed, 1 failed, 1 skipped", report.closingLine());
    assertEquals(String.format("%nnot run, it is too small%n  some/cannot%n"), report.skips());
  }

  @Test
  void everyCaseHasADirectoryOfItsOwn() throws Exception {
    List<TapResult> results = run(one("one", t -> t.file("f")), one("two", t -> t.file("f")));
    assertTrue(results.stream().allMatch(TapResult.Passed.class::isInstance), results.toString());
  }

  @Test
  void treesDeeperThanAPathAreRemoved() throws Exception {
    List<TapResult> results =
        run(
            one(
                "deep",
                t -> {
                  for (int i = 0; i < 100; i++) {
                    t.directory("d".repeat(100));
                    t.ok(t.sys().chdir("d".repeat(100)));
                  }
                  t.file("f");
                }));
    assertEquals(new TapResult.Passed(1, "some/deep"), results.get(0));
  }

  @Test
  void idsAreUniqueAndCanBeChosen() {
    List<List<ConformanceCase>> all = Tables.containing("");
    HashSet<String> ids = new HashSet<>();
    all.forEach(table -> table.forEach(each -> assertTrue(ids.add(each.id()), each.id())));
    assertTrue(ids.size() > 1500, "cases: " + ids.size());
    List<List<ConformanceCase>> some = Tables.containing("rename/exchange-of-missing");
    assertEquals(1, some.size());
    assertEquals("rename/exchange-of-missing-target", some.get(0).get(0).id());
    assertEquals(List.of(), Tables.containing("no such case"));
    assertThrows(IllegalArgumentException.class, () -> one("No Name", t -> {}));
  }

  @Test
  void anAccessControlListComesBackFromItsBytes() throws IOException {
    Acl acl = Acl.of(Acl.owner(6), Acl.user(-2, 4), Acl.group(4), Acl.mask(7), Acl.other(0));
    assertEquals(acl, Acl.read(acl.bytes()));
    assertEquals(4 + 5 * 8, acl.bytes().length);
  }
}
