package org.telosfs.persistence.backup;

import java.nio.charset.StandardCharsets;
import org.telosfs.persistence.StoreException;

/** Any text with the right checksum is a manifest, or is said to be damaged. */
public final class ManifestFuzz {
  private static final String NAME = "backup-x";

  private ManifestFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    decode(input);
    String text = new String(input, StandardCharsets.US_ASCII);
    decode((text + "sha256 " + Sha256.of(text) + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static void decode(byte[] bytes) {
    BackupManifest manifest;
    try {
      manifest = BackupManifest.decode(NAME, bytes);
    } catch (StoreException refused) {
      return;
    }
    try {
      if (!manifest.equals(BackupManifest.decode(NAME, manifest.encode()))) {
        throw new AssertionError("another manifest is read than was written: " + manifest);
      }
    } catch (StoreException e) {
      throw new AssertionError("what was written is not read", e);
    }
  }
}
