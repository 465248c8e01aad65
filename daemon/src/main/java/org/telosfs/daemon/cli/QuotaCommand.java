package org.telosfs.daemon.cli;

import picocli.CommandLine.Command;

/** {@code telosfs quota}. */
@Command(
    name = "quota",
    description = {
      "Limits what users, groups and directories may use of the POSIX tree; through the running",
      "daemon, or on the store itself when none runs."
    },
    subcommands = {QuotaSetCommand.class, QuotaListCommand.class, QuotaRemoveCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs quota set ~/data --user alice --bytes 10G --inodes 100000",
      "  telosfs quota set ~/data --directory /projects/website --bytes 2G",
      "  telosfs quota list ~/data"
    })
final class QuotaCommand {}
