package org.telosfs.daemon.cli;

import picocli.CommandLine.Command;

/** {@code telosfs image}. */
@Command(
    name = "image",
    description = {
      "Reads and changes named objects as JSON; through the running daemon, or on the store",
      "itself when none runs."
    },
    subcommands = {
      ImagePutCommand.class,
      ImageGetCommand.class,
      ImageLsCommand.class,
      ImageLogCommand.class,
      ImageTailCommand.class,
      ImageDumpCommand.class,
      ImageRefsCommand.class,
      ImageSpaceCommand.class,
      ImageExportCommand.class,
      ImageImportCommand.class,
      ImagePackCommand.class,
      ImageBackupCommand.class,
      ImageRestoreCommand.class,
      ImageVerifyCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image put ~/data 'apple={\"colour\": \"red\", \"grams\": 182}'",
      "  telosfs image get ~/data apple",
      "  telosfs image ls ~/data",
      "  telosfs image log ~/data --json",
      "  telosfs image pack ~/data --keep 30d",
      "  telosfs image backup ~/data /backup/data"
    })
final class ImageCommand {}
