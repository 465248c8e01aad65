package org.telosfs.persistence.log;

import org.jspecify.annotations.Nullable;

/** What a record is. */
enum RecordType {
  PUT(1),
  DELETE(2),
  COMMIT(3),
  CLOSE(4),

  /** A PUT of an object that holds a blob. */
  PUT_WITH_BLOB(5);

  /** On disk: append, never renumber; 0 is no record. */
  private final int code;

  RecordType(int code) {
    this.code = code;
  }

  /** Whether it tells what became of an object. */
  boolean isChange() {
    return this == PUT || this == PUT_WITH_BLOB || this == DELETE;
  }

  byte code() {
    return (byte) code;
  }

  static @Nullable RecordType ofCode(int code) {
    for (RecordType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
