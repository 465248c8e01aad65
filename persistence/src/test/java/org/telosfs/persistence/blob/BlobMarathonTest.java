package org.telosfs.persistence.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A blob far larger than the heap, written and read in a process of its own: 10 GiB with 64 MiB of
 * heap in long runs, else 256 MiB with 24 MiB.
 */
class BlobMarathonTest {

  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final long BYTES = LONG ? 10L << 30 : 256L << 20;
  private static final String HEAP = LONG ? "-Xmx64m" : "-Xmx24m";

  @Test
  void aBlobLargerThanTheHeapIsStreamed(@TempDir Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:MaxDirectMemorySize=64m",
                "-cp",
                System.getProperty("java.class.path"),
                BlobMarathon.class.getName(),
                directory.toString(),
                String.valueOf(BYTES))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    System.out.print(said);
  }
}
