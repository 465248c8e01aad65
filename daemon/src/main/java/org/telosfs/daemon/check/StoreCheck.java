package org.telosfs.daemon.check;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.block.FileBlockDevice;
import org.telosfs.block.volume.ScrubReport;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeScrub;
import org.telosfs.daemon.Failure;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreVolume;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.posix.PosixCheckReport;
import org.telosfs.posix.PosixChecker;
import org.telosfs.posix.PosixExtentWalk;

/** Checks a store that nobody uses; changes nothing. */
public final class StoreCheck {
  private final StoreLayout store;
  private final List<String> findings = new ArrayList<>();
  private long findingsLeftOut;
  private long nodes;
  private long dataBlocks;

  public StoreCheck(StoreLayout store) {
    this.store = store;
  }

  /** Looks at everything; what cannot be opened at all is a finding too. */
  public CheckReport run() {
    checkVolume();
    long revisions = checkObjects();
    return new CheckReport(findings, findingsLeftOut, nodes, dataBlocks, revisions);
  }

  private void checkVolume() {
    try (Volume volume =
        StoreVolume.openVolume(
            store.volume(), file -> new UnchangedDevice(FileBlockDevice.open(file)))) {
      ScrubReport blocks = VolumeScrub.run(volume, new PosixExtentWalk());
      blocks.findings().forEach(finding -> findings.add(store.volume() + ": " + finding));
      PosixCheckReport tree = PosixChecker.check(volume.view());
      tree.findings().forEach(finding -> findings.add(store.volume() + ": " + finding));
      findingsLeftOut = blocks.findingsLeftOut() + tree.findingsLeftOut();
      nodes = blocks.nodes();
      dataBlocks = blocks.dataBlocks();
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
