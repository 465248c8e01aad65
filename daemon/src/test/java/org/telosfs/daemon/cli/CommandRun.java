package org.telosfs.daemon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** One command, run in this process. */
record CommandRun(int code, String out, String err) {

  static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i] instanceof Path path ? path.toString() : (String) arguments[i];
    }
    int code = TelosCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new CommandRun(code, out.toString(), err.toString());
  }
}
