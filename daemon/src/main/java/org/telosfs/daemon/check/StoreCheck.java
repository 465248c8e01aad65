package org.telosfs.daemon.check;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.block.FileBlockDevice;
import org.telosfs.daemon.Failure;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreVolume;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.posix.PosixConfig;
import org.telosfs.posix.PosixFileSystem;

/** Checks a store that nobody uses; changes nothing. */
public final class StoreCheck {
  private final StoreLayout store;
  private final List<String> findings = new ArrayList<>();

  public StoreCheck(StoreLayout store) {
    this.store = store;
  }

  /** Looks at everything; what cannot be opened at all is a finding too. */
  public CheckReport run() {
    checkVolume();
    long revisions = checkObjects();
    return new CheckReport(findings, 0, 0, 0, revisions);
  }

  private void checkVolume() {
    try (PosixFileSystem tree =
        StoreVolume.open(
            store.volume(),
            file -> new UnchangedDevice(FileBlockDevice.open(file)),
            PosixConfig.standard().asReadOnly())) {
      tree.stats();
    } catch (IOException refused) {
      findings.add(Failure.of(refused).message());
    }
  }

  private long checkObjects() {
    if (!Files.isDirectory(store.objects())) {
      findings.add(store.objects() + ": the object log is missing");
      return 0;
    }
    try (LocalObjectStore objects =
        LocalObjectStore.openReadOnly(new HostStorageDirectory(store.objects()))) {
      return new ObjectLogCheck(objects, findings).run();
    } catch (IOException refused) {
      findings.add(store.objects() + ": " + Failure.of(refused).message());
      return 0;
    }
  }
}
