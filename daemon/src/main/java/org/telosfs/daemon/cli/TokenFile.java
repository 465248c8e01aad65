package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.persistence.capability.PrivateFiles;
import org.telosfs.persistence.capability.Token;

/** A capability in a file of its holder's; it is never shown, and never an argument. */
final class TokenFile {
  private static final String STANDARD_INPUT = "-";
  private static final int MAX_BYTES = 16 * 1024;

  private TokenFile() {}

  /** From the file, or from standard input if it is {@code -}. */
  static Token read(Path file) throws IOException {
    byte[] text;
    if (file.toString().equals(STANDARD_INPUT)) {
      text = System.in.readNBytes(MAX_BYTES);
    } else {
      try {
        text = Files.readAllBytes(file);
      } catch (NoSuchFileException missing) {
        throw new Refusal(ExitCode.NOT_FOUND, file + " does not exist", missing);
      }
    }
    try {
      return Token.parse(text);
    } catch (IllegalArgumentException none) {
      throw new Refusal(ExitCode.USAGE, file + " holds no capability", none);
    }
  }

  static void refuseIfThere(Path file) throws Refusal {
    if (Files.exists(file)) {
      throw new Refusal(ExitCode.USAGE, file + " exists; name a new file for the capability");
    }
  }

  /** A new file of mode 0600. */
  static void write(Path file, byte[] text) throws IOException {
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    try {
      PrivateFiles.create(file, line);
    } catch (FileAlreadyExistsException taken) {
      throw new Refusal(
          ExitCode.USAGE, file + " exists; name a new file for the capability", taken);
    }
  }

  static String text(Token token) {
    return new String(token.secretText(), StandardCharsets.US_ASCII);
  }
}
