package org.telosfs.vfs;

/** A file made and opened in one step. */
public record Created(Entry entry, Opened opened) {}
