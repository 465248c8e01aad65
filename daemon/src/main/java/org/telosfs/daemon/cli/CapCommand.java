package org.telosfs.daemon.cli;

import picocli.CommandLine.Command;

/** {@code telosfs cap}. */
@Command(
    name = "cap",
    description = {
      "Capabilities: who may do what with a store's objects over its socket. Nobody may do anything",
      "without one. A capability is a secret in a file; whoever has the file has the capability."
    },
    subcommands = {
      CapGrantCommand.class,
      CapAttenuateCommand.class,
      CapRevokeCommand.class,
      CapListCommand.class,
      CapShowCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs cap grant ~/data --rights read,write --out ~/app.cap --label 'the web shop'",
      "  telosfs cap attenuate --in ~/app.cap --out /tmp/guest.cap --rights read --expires PT1H",
      "  telosfs cap list ~/data",
      "  telosfs cap revoke ~/data 5f0c6a27b1f34c8d9a0e4c1d2b3a4f5e"
    })
final class CapCommand {}
