/**
 * How a command talks to the running daemon: a Unix-domain socket in a directory of mode 0700, one
 * line of JSON a request and one a reply. A request is {@code {"command": NAME, ...}}, a reply
 * {@code {"ok": true, "result": ...}} or {@code {"ok": false, "code": EXIT_CODE, "error": LINE}}.
 */
@NullMarked
package org.telosfs.daemon.control;

import org.jspecify.annotations.NullMarked;
