package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.exerciser.FilePair.Access;
import org.telosfs.pjdfstest.syscall.NativeMemory;

/** Does operations to two files and to their models, and compares what can be seen of them. */
final class Exerciser {
  static final int FILES = 2;
  private static final int NO_DATA = -1;

  private final FilePair files;
  private final int maxBytes;
  private final long seed;
  private final Set<Kind> leftOut;
  private final FileModel[] models;
  private final ByteBuffer[] expected;
  private final ByteBuffer data;
  private final History history = new History();

  /**
   * For empty files.
   *
   * @param leftOut what the file system cannot do
   */
  Exerciser(FilePair files, int maxBytes, long seed, Set<Kind> leftOut) {
    this.files = files;
    this.maxBytes = maxBytes;
    this.seed = seed;
    this.leftOut = leftOut;
    this.models = new FileModel[] {new FileModel(maxBytes), new FileModel(maxBytes)};
    this.expected =
        new ByteBuffer[] {
          ByteBuffer.wrap(models[0].content()), ByteBuffer.wrap(models[1].content())
        };
    this.data = NativeMemory.allocateAligned(maxBytes, Operation.BLOCK_BYTES);
  }

  History history() {
    return history;
  }

  /** Does as much of an operation as fits the files; false if nothing of it can be done here. */
  boolean perform(Operation drawn) throws Mismatch {
    if (leftOut.contains(drawn.kind())) {
      return false;
    }
    int size = models[drawn.file()].sizeBytes();
    @Nullable Operation operation = drawn.fit(size, models[drawn.target()].sizeBytes(), maxBytes);
    if (operation == null) {
      return false;
    }
    history.add(operation);
    try {
      perform(operation, models[operation.file()]);
      checkSize(operation.target());
      checkSize(operation.file());
    } catch (IOException refused) {
      throw failed(operation, refused.getMessage(), refused);
    } catch (InternalError busError) {
      // How the JVM tells of SIGBUS: a mapped page could not be read, or is behind the file's end.
      throw failed(operation, "the mapped memory cannot be accessed (SIGBUS)", busError);
    }
    return true;
  }

  private static Mismatch failed(Operation operation, @Nullable String why, Throwable cause) {
    return new Mismatch(
        operation.file(),
        operation.offset(),
        Math.max(operation.end(), operation.offset() + 1),
        "failed: " + why,
        cause);
  }

  private void perform(Operation operation, FileModel model) throws IOException, Mismatch {
    int file = operation.file();
    int offset = operation.offset();
    int length = operation.length();
    switch (operation.kind()) {
      case READ -> read(file, Access.PLAIN, offset, length);
      case READ_VECTOR -> read(file, Access.VECTOR, offset, length);
      case READ_DIRECT -> read(file, Access.DIRECT, offset, length);
      case READ_MAPPED -> readMapped(file, offset, length);
      case WRITE -> write(operation, Access.PLAIN);
      case WRITE_VECTOR -> write(operation, Access.VECTOR);
      case WRITE_DIRECT -> write(operation, Access.DIRECT);
      case WRITE_MAPPED -> writeMapped(operation);
      case WRITE_MAPPED_SYNC -> {
        writeMapped(operation);
        files.syncMapping(file);
      }
      case WRITE_APPEND -> {
        fill(operation);
        checkWritten(operation, files.append(file, data, length));
      }
      case TRUNCATE -> {
        model.truncate(offset);
        files.truncate(file, offset);
      }
      case TRUNCATE_BY_OPEN -> {
        model.truncate(0);
        files.reopen(file, true);
      }
      case ALLOCATE -> {
        model.growTo(offset + length);
        allocate(operation);
      }
      case ALLOCATE_KEEP_SIZE -> allocate(operation);
      case PUNCH_HOLE, ZERO_RANGE_KEEP_SIZE -> {
        model.zero(offset, length);
        allocate(operation);
      }
      case ZERO_RANGE -> {
        model.zero(offset, length);
        model.growTo(offset + length);
        allocate(operation);
      }
      case COLLAPSE_RANGE -> {
        model.collapse(offset, length);
        allocate(operation);
      }
      case INSERT_RANGE -> {
        model.insert(offset, length);
        allocate(operation);
      }
      case COPY_RANGE -> copyRange(operation);
      case CLONE_RANGE -> {
        copyModel(operation, length);
        files.cloneRange(file, offset, operation.target(), operation.targetOffset(), length);
      }
      case CLONE -> {
        copyModel(operation, length);
        files.cloneWhole(file, operation.target());
      }
      case SEEK -> {
        files.writeBack(file);
        seek(file, offset);
      }
      case SEEK_UNSYNCED -> seek(file, offset);
      case UNMAP -> files.unmap(file);
      case DROP_CACHE -> files.dropCache(file);
      case SYNC -> files.sync(file, false);
      case SYNC_DATA -> files.sync(file, true);
      case REOPEN -> files.reopen(file, false);
      case COMPARE -> compareWhole(file);
    }
  }

  private void allocate(Operation operation) throws IOException {
    files.allocate(
        operation.file(), operation.kind().allocateMode(), operation.offset(), operation.length());
  }

  /** Reads around the files' caches all that should be there, and that no more is there. */
  void compareAll() throws Mismatch {
    for (int file = 0; file < FILES; file++) {
      try {
        files.reopen(file, false);
        files.dropCache(file);
        checkSize(file);
        compareWhole(file);
      } catch (IOException refused) {
        throw new Mismatch(
            file, 0, maxBytes, "the last comparison failed: " + refused.getMessage());
      }
    }
  }

  private void compareWhole(int file) throws IOException, Mismatch {
    read(file, Access.PLAIN, 0, maxBytes);
  }

  /** Past the end there is nothing to read. */
  private void read(int file, Access access, int offset, int length) throws IOException, Mismatch {
    int should = Math.min(length, Math.max(0, models[file].sizeBytes() - offset));
    int read = files.read(file, access, offset, data, length);
    if (read != should) {
      String what = String.format("read 0x%x bytes instead of 0x%x", read, should);
      throw new Mismatch(file, offset, offset + Math.max(1, should), what);
    }
    compare(file, offset, should);
  }

  /** With the rest of the page that has the file's end, which must be zero. */
  private void readMapped(int file, int offset, int length) throws IOException, Mismatch {
    int size = models[file].sizeBytes();
    int pageEnd = (size + Operation.BLOCK_BYTES - 1) & -Operation.BLOCK_BYTES;
    int bytes = offset + length == size ? pageEnd - offset : length;
    files.read(file, Access.MAPPED, offset, data, bytes);
    compare(file, offset, bytes);
  }

  private void compare(int file, int offset, int bytes) throws Mismatch {
    ByteBuffer should = expected[file].limit(offset + bytes).position(offset);
    int wrong = should.mismatch(data.limit(bytes).position(0));
    data.clear();
    should.clear();
    if (wrong >= 0) {
      int last = bytes - 1;
      while (data.get(last) == should.get(offset + last)) {
        last--;
      }
      throw new Mismatch(
          file,
          offset + wrong,
          offset + last + 1,
          ByteDifference.describe(should, data, offset, bytes, wrong, last));
    }
  }

  private void write(Operation operation, Access access) throws IOException, Mismatch {
    fill(operation);
    int length = operation.length();
    checkWritten(
        operation, files.write(operation.file(), access, operation.offset(), data, length));
  }

  /** A mapping reaches no further than the file, which therefore grows first. */
  private void writeMapped(Operation operation) throws IOException, Mismatch {
    int end = operation.end();
    if (end > models[operation.file()].sizeBytes()) {
      files.truncate(operation.file(), end);
    }
    write(operation, Access.MAPPED);
  }

  /** Puts what is written into the model, and from there into the buffer. */
  private void fill(Operation operation) {
    FileModel model = models[operation.file()];
    model.write(operation.offset(), operation.length(), seed + operation.number());
    data.put(0, model.content(), operation.offset(), operation.length());
  }

  private static void checkWritten(Operation operation, int written) throws Mismatch {
    if (written != operation.length()) {
      String what = String.format("wrote 0x%x bytes only", written);
      throw new Mismatch(operation.file(), operation.offset(), operation.end(), what);
    }
  }

  /** The kernel may copy less at once, but nothing only at the source's end. */
  private void copyRange(Operation operation) throws IOException, Mismatch {
    int source = operation.file();
    int should = Math.min(operation.length(), models[source].sizeBytes() - operation.offset());
    int copied = 0;
    while (copied < should) {
      int more =
          files.copy(
              source,
              operation.offset() + copied,
              operation.target(),
              operation.targetOffset() + copied,
              operation.length() - copied);
      if (more <= 0 || copied + more > should) {
        String what = String.format("copied 0x%x, then 0x%x of 0x%x bytes", copied, more, should);
        throw new Mismatch(
            operation.target(), operation.targetOffset(), operation.targetEnd(), what);
      }
      copied += more;
    }
    copyModel(operation, should);
  }

  private void copyModel(Operation operation, int bytes) {
    models[operation.target()].copyFrom(
        models[operation.file()], operation.offset(), operation.targetOffset(), bytes);
  }

  /** Walks over the data; whatever is passed as a hole must be zero. */
  private void seek(int file, int start) throws IOException, Mismatch {
    int size = models[file].sizeBytes();
    int at = start;
    while (at < size) {
      int found = files.seekData(file, at);
      int dataStart = found == NO_DATA ? size : found;
      if (dataStart < at || dataStart > size || (found == size && found != NO_DATA)) {
        throw new Mismatch(file, at, size, seekText("SEEK_DATA", at, found, size));
      }
      if (!models[file].isZero(at, dataStart)) {
        throw new Mismatch(
            file, at, dataStart, seekText("SEEK_DATA", at, found, size) + ", but there are data");
      }
      if (found == NO_DATA) {
        return;
      }
      int hole = files.seekHole(file, dataStart);
      if (hole <= dataStart || hole > size) {
        throw new Mismatch(file, dataStart, size, seekText("SEEK_HOLE", dataStart, hole, size));
      }
      at = hole;
    }
  }

  private static String seekText(String what, int from, int found, int size) {
    String answer = found == NO_DATA ? "ENXIO" : String.format("0x%x", found);
    return String.format("%s from 0x%x: %s (the size is 0x%x)", what, from, answer, size);
  }

  private void checkSize(int file) throws IOException, Mismatch {
    int should = models[file].sizeBytes();
    int size = files.sizeBytes(file);
    if (size != should) {
      throw new Mismatch(
          file,
          Math.min(size, should),
          Math.max(size, should),
          String.format(
              "file %s has 0x%x bytes instead of 0x%x", Operation.name(file), size, should));
    }
  }
}
