package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Quotas as programs meet them on a mount: dd, df, du, mv, as root and as another user. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class QuotaIT {
  private static final String NOBODY = "65534";

  private Path home = Path.of("");
  private Path store = Path.of("");
  private Path work = Path.of("");

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    home = Files.createTempDirectory("telosfs-quota-it").toRealPath();
    store = home.resolve("store");
    TelosProgram.up(store, "-o", "allow_other");
    work = Files.createDirectory(store.resolve("posix/work"));
  }

  @AfterEach
  void endDaemon() throws IOException, InterruptedException {
    TelosProgram.cleanUp(store);
    TelosProgram.system("rm", "-rf", "--one-file-system", home);
  }

  private void quota(Object... arguments) throws IOException, InterruptedException {
    TelosProgram.Ended ended = TelosProgram.run(arguments);
    assertEquals(0, ended.code(), ended.err());
  }

  /** Words of the last line, without what surrounds them. */
  private static String lastLine(Object... command) throws IOException, InterruptedException {
    TelosProgram.Ended ended = TelosProgram.system(command);
    assertEquals(0, ended.code(), ended.err());
    return ended.out().strip().lines().reduce("", (before, line) -> line).strip();
  }

  private void endsWell() throws IOException, InterruptedException {
    assertEquals(0, TelosProgram.run("umount", store).code());
    TelosProgram.Ended check = TelosProgram.run("check", store);
    assertEquals(0, check.code(), check.out() + check.err());
  }

  @Test
  void aDirectoryIsAsLargeAsItsQuotaForRootToo() throws IOException, InterruptedException {
    Files.writeString(work.resolve("old"), "was there");
    quota("quota", "set", store, "--directory", "/work", "--bytes", "8M", "--inodes", "10");
    assertEquals("8388608", lastLine("df", "-B1", "--output=size", work));
    assertEquals("10", lastLine("df", "--output=itotal", work));
    TelosProgram.Ended dd =
        TelosProgram.system("dd", "if=/dev/zero", "of=" + work.resolve("big"), "bs=1M", "count=20");
    assertEquals(1, dd.code());
    assertTrue(dd.err().contains("Disk quota exceeded"), dd.err());
    String used = lastLine("du", "-sB1", work).split("\t", 2)[0];
    assertEquals(used, lastLine("df", "-B1", "--output=used", work));
    assertTrue(Long.parseLong(used) > 6 << 20, used);
    String json = TelosProgram.run("quota", "list", store, "--json").out();
    assertTrue(json.contains("\"bytes\" : " + used), json);
    assertEquals(0, TelosProgram.system("mv", work.resolve("old"), store.resolve("posix")).code());
    quota("quota", "remove", store, "--directory", work);
    assertEquals(
        0,
        TelosProgram.system("dd", "if=/dev/zero", "of=" + work.resolve("big"), "bs=1M", "count=20")
            .code());
    endsWell();
  }

  @Test
  void aUserMeetsHisQuotaAndRootDoesNot() throws IOException, InterruptedException {
    quota("quota", "set", store, "--user", NOBODY, "--bytes", "1M");
    Path file = Files.createFile(work.resolve("f"));
    assertEquals(0, TelosProgram.system("chown", NOBODY, file).code());
    assertEquals(0, TelosProgram.system("chmod", "755", home, store).code());
    String[] write = {"dd", "if=/dev/zero", "of=" + file, "bs=128k", "count=16", "conv=notrunc"};
    TelosProgram.Ended user =
        TelosProgram.system(
            "setpriv",
            "--reuid",
            NOBODY,
            "--clear-groups",
            write[0],
            write[1],
            write[2],
            write[3],
            write[4],
            write[5]);
    assertTrue(user.err().contains("Disk quota exceeded"), user.err());
    assertEquals(1 << 20, Files.size(file));
    assertEquals(0, TelosProgram.system((Object[]) write).code());
    assertEquals(2 << 20, Files.size(file));
    endsWell();
  }
}
