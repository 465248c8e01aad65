/**
 * The command line: one class a command, under {@link org.telosfs.daemon.cli.TelosCommand}. A
 * command says what it did on standard output, as text or with {@code --json} as JSON, and what it
 * refuses as one line on standard error.
 */
@NullMarked
package org.telosfs.daemon.cli;

import org.jspecify.annotations.NullMarked;
