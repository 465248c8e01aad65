package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreLock;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.backup.BackupManifest;
import org.telosfs.persistence.backup.BackupRepository;
import org.telosfs.persistence.storage.HostStorageDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image restore}. */
@Command(
    name = "restore",
    description = {
      "Makes the objects of a store that is not mounted what they were in a backup. The objects",
      "that it had are kept beside them, in a directory objects.before-TIME."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs init ~/new && telosfs image restore /backup/data ~/new",
      "  telosfs image restore /backup/data ~/data --at 2026-01-31T12:00:00Z"
    })
final class ImageRestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "DIR", description = "Where the backups are kept.")
  private Path directory = Path.of("");

  @Parameters(index = "1", paramLabel = "STORE", description = "The store.")
  private Path target = Path.of("");

  @Option(
      names = "--at",
      converter = Moment.Converter.class,
      paramLabel = "TID|TIME",
      description = "The state after that transaction, or at that time (the newest backup).")
  private @Nullable Moment at;

  @Override
  public Integer call() throws IOException {
    StoreLayout store = new StoreLayout(target);
    store.requireStore();
    BackupRepository repository = new BackupRepository(new HostStorageDirectory(directory));
    TransactionId newest = at == null ? TransactionId.MAX : at.transaction();
    BackupManifest backup = repository.reaching(newest);
    Path fresh = store.directory().resolve("objects.restored");
    Path before =
        store.directory().resolve("objects.before-" + Instant.now().toString().replace(':', '-'));
    TransactionId restored;
    try (StoreLock lock = StoreLock.acquire(store)) {
      Files.createDirectory(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try {
        repository.restore(backup, newest, new HostStorageDirectory(fresh));
        try (LocalObjectStore objects =
            LocalObjectStore.openReadOnly(new HostStorageDirectory(fresh))) {
          restored = objects.stats().newest();
        }
      } catch (IOException e) {
        Files.delete(fresh);
        throw e;
      }
      Files.move(store.objects(), before, StandardCopyOption.ATOMIC_MOVE);
      Files.move(fresh, store.objects(), StandardCopyOption.ATOMIC_MOVE);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s has the objects as they were after transaction %s, %s; those it had are in %s%n",
            store.directory(), restored, restored.time(), before);
    return ExitCode.OK.number();
  }
}
