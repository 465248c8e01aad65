package org.telosfs.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.DataRequests;
import org.telosfs.fuse.wire.DirentWriter;
import org.telosfs.vfs.ContentLender;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupSink;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.VirtualFileSystem;

/** Operations on content and listings. */
final class DataDispatch {
  /** A long copy looks up this often whether anybody still wants it. */
  private static final long COPY_SLICE_BYTES = 256L << 20;

  /** What a reply of 32 bits can tell, in whole pages. */
  private static final long COPY_MAX_BYTES = 0xFFFF_F000L;

  /** Less is copied sooner than it is gathered. */
  private static final int LENT_FROM_BYTES = 32 << 10;

  private final VirtualFileSystem tree;
  private final NodeLookups lookups;
  private final OpenHandles handles;
  private final boolean statelessOpen;
  private final @Nullable ContentLender lender;

  DataDispatch(
      VirtualFileSystem tree, NodeLookups lookups, OpenHandles handles, boolean statelessOpen) {
    this.tree = tree;
    this.lookups = lookups;
    this.handles = handles;
    this.statelessOpen = statelessOpen;
    this.lender = tree instanceof ContentLender lending ? lending : null;
  }

  /** Where open keeps no state the kernel is told once not to ask again; so is opendir. */
  void open(Exchange x) throws FsException, BadRequestException {
    refuseIfStateless();
    Opened opened = tree.open(x.caller(), x.node(), x.data().openFlags());
    handles.given(x.node(), opened, false);
    x.reply().opened(opened);
  }

  void opendir(Exchange x) throws FsException, BadRequestException {
    refuseIfStateless();
    Opened opened = tree.opendir(x.caller(), x.node());
    handles.given(x.node(), opened, true);
    x.reply().openedDirectory(opened);
  }

  private void refuseIfStateless() throws FsException {
    if (statelessOpen) {
      throw new FsException(Errno.ENOSYS);
    }
  }

  void release(Exchange x) throws BadRequestException {
    handles.release(x.node(), x.data().releasedHandle(), false);
  }

  void releasedir(Exchange x) throws BadRequestException {
    handles.release(x.node(), x.data().releasedHandle(), true);
  }

  void read(Exchange x) throws FsException, BadRequestException, IOException {
    DataRequests asked = x.data();
    if (lender != null && asked.readBytes() >= LENT_FROM_BYTES) {
      boolean noticed = !asked.readFlags().keepsAccessTime();
      lender.lend(x.node(), asked.readOffset(), asked.readBytes(), noticed, x.pieces(), x::send);
      return;
    }
    ByteBuffer room = x.reply().contentRoom(asked.readBytes());
    int bytes =
        asked.readFlags().keepsAccessTime()
            ? tree.readUnnoticed(x.caller(), x.node(), asked.readHandle(), asked.readOffset(), room)
            : tree.read(x.caller(), x.node(), asked.readHandle(), asked.readOffset(), room);
    x.reply().content(bytes);
  }

  void write(Exchange x) throws FsException, BadRequestException {
    DataRequests asked = x.data();
    int bytes =
        tree.write(
            x.caller(),
            x.node(),
            asked.writeHandle(),
            asked.writeOffset(),
            asked.writeData(),
            asked.writeLoss());
    x.reply().written(bytes);
  }

  void fsync(Exchange x) throws FsException, BadRequestException {
    tree.fsync(x.caller(), x.node(), x.data().fsyncHandle(), x.data().fsyncDataOnly());
  }

  void allocate(Exchange x) throws FsException, BadRequestException {
    DataRequests asked = x.data();
    tree.allocate(
        x.caller(),
        x.node(),
        asked.allocateHandle(),
        asked.allocateMode(),
        asked.allocateOffset(),
        asked.allocateBytes());
  }

  void seek(Exchange x) throws FsException, BadRequestException {
    DataRequests asked = x.data();
    x.reply()
        .number(
            tree.seek(
                x.caller(), x.node(), asked.seekHandle(), asked.seekOffset(), asked.seekTarget()));
  }

  void copyRange(Exchange x) throws FsException, BadRequestException {
    x.reply().written((int) copy(x, Math.min(x.data().copyBytes(), COPY_MAX_BYTES)));
  }

  void copyRange64(Exchange x) throws FsException, BadRequestException {
    x.reply().number(copy(x, x.data().copyBytes()));
  }

  /** Copies slice by slice until done, interrupted or refused; the latter counts if it is first. */
  private long copy(Exchange x, long lengthBytes) throws FsException, BadRequestException {
    DataRequests asked = x.data();
    InodeNumber to = x.node(asked.copyToNode());
    long copied = 0;
    while (copied < lengthBytes && (copied == 0 || !x.isInterrupted())) {
      long slice = Math.min(COPY_SLICE_BYTES, lengthBytes - copied);
      long done;
      try {
        done =
            tree.copyRange(
                x.caller(),
                x.node(),
                asked.copyFromHandle(),
                asked.copyFromOffset() + copied,
                to,
                asked.copyToHandle(),
                asked.copyToOffset() + copied,
                slice);
      } catch (FsException refusal) {
        if (copied == 0) {
          throw refusal;
        }
        return copied;
      }
      copied += done;
      if (done < slice) {
        return copied;
      }
    }
    return copied;
  }

  void readdir(Exchange x) throws FsException, BadRequestException {
    DataRequests asked = x.data();
    DirentWriter listing = x.reply().listingRoom(asked.readBytes());
    tree.readdir(x.caller(), x.node(), asked.readHandle(), asked.readOffset(), listing);
    x.reply().listing();
  }

  void readdirplus(Exchange x) throws FsException, BadRequestException {
    DataRequests asked = x.data();
    DirentWriter listing = x.reply().listingRoom(asked.readBytes());
    LookupSink counting =
        (entry, looked) -> {
          boolean taken = listing.accept(entry, looked);
          if (taken && looked != null) {
            lookups.given(looked);
          }
          return taken;
        };
    boolean complete = false;
    try {
      tree.readdirplus(x.caller(), x.node(), asked.readHandle(), asked.readOffset(), counting);
      complete = true;
    } finally {
      if (!complete) {
        listing.forEachLookup(node -> lookups.forget(node, 1));
      }
    }
    x.reply().listing();
  }
}
