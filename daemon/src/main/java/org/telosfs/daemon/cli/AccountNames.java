package org.telosfs.daemon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;

/** Names of users or groups, as the system's databases have them: {@code getent} asks them all. */
enum AccountNames {
  USERS("passwd", "user"),
  GROUPS("group", "group");

  private static final long MOST_ID = 0xFFFF_FFFEL;
  private static final int NAME_FIELD = 0;
  private static final int ID_FIELD = 2;

  private final String database;
  private final String what;

  AccountNames(String database, String what) {
    this.database = database;
    this.what = what;
  }

  /**
   * The number that the text is, or that belongs to the name.
   *
   * @throws Refusal USAGE if there is none
   */
  long idOf(String text) throws IOException {
    if (text.matches("[0-9]{1,10}")) {
      long id = Long.parseLong(text);
      if (id > MOST_ID) {
        throw new Refusal(ExitCode.USAGE, text + " is no " + what + "; numbers end at " + MOST_ID);
      }
      return id;
    }
    List<String[]> found = ask(text);
    if (found.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE, "there is no " + what + " '" + text + "' here; give the number instead");
    }
    return Long.parseLong(found.get(0)[ID_FIELD]);
  }

  /** By number; those that the system tells when asked for all. */
  Map<Long, String> names() throws IOException {
    return ask("").stream()
        .collect(
            Collectors.toMap(
                fields -> Long.parseLong(fields[ID_FIELD]),
                fields -> fields[NAME_FIELD],
                (first, again) -> first));
  }

  private List<String[]> ask(String key) throws IOException {
    ProcessBuilder getent =
        key.isEmpty()
            ? new ProcessBuilder("getent", database)
            : new ProcessBuilder("getent", "--", database, key);
    Process process = getent.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > ID_FIELD && fields[ID_FIELD].matches("[0-9]{1,10}"))
          .collect(Collectors.toList());
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }
}
