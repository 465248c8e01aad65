package org.telosfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code blob}: what the object holds beside its state, if it holds anything. */
record BlobFile(ObjectPlace place) implements ImageFile {

  private static final int TAG = 10;

  @Override
  public ImageDirectory parent() {
    return place.directory();
  }

  @Override
  public FileName name() {
    return FileName.of("blob");
  }

  @Override
  public ImageContent open(ImageView view) throws IOException, FsException {
    BlobReader reader = view.openBlob(place);
    return new ImageContent() {
      @Override
      public long sizeBytes() {
        return reader.blob().sizeBytes();
      }

      @Override
      public int read(ByteBuffer into, long offsetBytes) throws IOException {
        return reader.read(into, offsetBytes);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  @Override
  public boolean immutable() {
    return !place.isLive();
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    blob(view);
    return view.changed(place);
  }

  @Override
  public long sizeBytes(ImageView view) throws IOException, FsException {
    return blob(view).sizeBytes();
  }

  private Blob blob(ImageView view) throws IOException, FsException {
    return view.revision(place).blob().orElseThrow(() -> new FsException(Errno.ENOENT));
  }

  @Override
  public Optional<ObjectId> watched() {
    return place.watched();
  }

  @Override
  public Optional<ObjectPlace> revision() {
    return Optional.of(place);
  }

  @Override
  public long fixedNumber() {
    return ObjectDirectory.fixedNumber(TAG, place);
  }
}
