package org.telosfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreStats;
import org.telosfs.persistence.Subscription;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.DirectorySink;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupSink;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.ReadOnlyFileSystem;
import org.telosfs.vfs.SeekTarget;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrName;

/**
 * A store's objects as a read-only tree of its newest committed state.
 *
 * <p>An open file is the content it had when it was opened, an open directory the listing of then;
 * attributes and lookups are of the newest state. Files of the newest state bypass the page cache,
 * which knows one content for all who have a file open; files of the past are cached for ever.
 * Names that do not exist are never cached, so what is new is there at once; what was looked up and
 * then changed is invalidated before the commit returns.
 */
public final class ImageFileSystem extends ReadOnlyFileSystem {

  private static final Duration CACHED = Duration.ofDays(1);
  private static final int FILE_PERMISSIONS = 0444;
  private static final int DIRECTORY_PERMISSIONS = 0555;
  private static final int LINK_PERMISSIONS = 0777;
  private static final int BLOCK_BYTES = 4096;
  private static final int STAT_BLOCK_BYTES = 512;

  private static final System.Logger LOG = System.getLogger(ImageFileSystem.class.getName());

  private final ImageConfig config;
  private final ImageStates states;
  private final HeldNodes held = new HeldNodes();
  private final ImageInvalidation invalidation;
  private final Subscription subscription;
  private final OpenContents<ImageContent> openFiles = new OpenContents<>();
  private final OpenContents<List<ImageNode>> openDirectories = new OpenContents<>();

  /** A tree of a store, which stays its owner's to close. */
  public ImageFileSystem(ObjectStore store, ImageConfig config) {
    this.config = config;
    this.states = new ImageStates(store, config.cacheBytes());
    this.invalidation = new ImageInvalidation(states, held);
    this.subscription = store.subscribe(invalidation);
  }

  @Override
  public FileSystemTraits traits() {
    return new FileSystemTraits("telosfs-image", true, false, false, CACHED, CACHED, Duration.ZERO);
  }

  @Override
  public void cachedBy(CacheInvalidator cache) {
    invalidation.add(cache);
  }

  @Override
  public void noLongerCachedBy(CacheInvalidator cache) {
    invalidation.remove(cache);
  }

  // ---- names

  @Override
  public Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException {
    ImageDirectory above = directory(directory);
    return entry(inNewest(above, view -> child(above, name, view)));
  }

  private static ImageNode child(ImageDirectory directory, FileName name, ImageView view)
      throws IOException, FsException {
    if (name.equals(FileName.DOT)) {
      return directory;
    }
    return name.equals(FileName.DOT_DOT) ? directory.parent() : directory.child(name, view);
  }

  /** Counts the lookup before the state is chosen, as {@link ImageInvalidation} relies on. */
  private Entry entry(ImageNode node) throws FsException {
    InodeNumber inode = held.hold(node);
    boolean answered = false;
    try {
      Entry entry = new Entry(inNewest(node, view -> attributes(node, inode, view)), 0);
      answered = true;
      return entry;
    } finally {
      if (!answered) {
        held.forget(inode, 1);
      }
    }
  }

  @Override
  public void forget(InodeNumber inode, long lookups) {
    held.forget(inode, lookups);
  }

  @Override
  public byte[] readlink(Caller caller, InodeNumber inode) throws FsException {
    if (!(node(inode) instanceof ImageLink link)) {
      throw new FsException(Errno.EINVAL);
    }
    return inNewest(link, link::target).getBytes(StandardCharsets.UTF_8);
  }

  // ---- attributes

  @Override
  public Attributes getattr(Caller caller, InodeNumber inode) throws FsException {
    ImageNode node = node(inode);
    return inNewest(node, view -> attributes(node, inode, view));
  }

  private Attributes attributes(ImageNode node, InodeNumber inode, ImageView view)
      throws IOException, FsException {
    Timestamp time = Timestamp.of(node.changed(view).time());
    long sizeBytes = node.sizeBytes(view);
    return new Attributes(
        inode,
        node.type(),
        permissions(node.type()),
        1,
        config.uid(),
        config.gid(),
        0,
        sizeBytes,
        (sizeBytes + STAT_BLOCK_BYTES - 1) / STAT_BLOCK_BYTES,
        time,
        time,
        time,
        time);
  }

  private static int permissions(FileType type) {
    if (type == FileType.DIRECTORY) {
      return DIRECTORY_PERMISSIONS;
    }
    return type == FileType.SYMLINK ? LINK_PERMISSIONS : FILE_PERMISSIONS;
  }

  // ---- content

  @Override
  public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException {
    ImageFile file = file(inode);
    if (flags.writes()) {
      throw new FsException(Errno.EROFS);
    }
    FileHandle handle = openFiles.add(inNewest(file, file::open));
    return file.immutable() ? Opened.cached(handle) : Opened.uncached(handle);
  }

  @Override
  public void release(InodeNumber inode, FileHandle handle) {
    openFiles.remove(handle).ifPresent(content -> close(inode, content));
  }

  @Override
  public int read(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return withContent(inode, handle, content -> content.read(into, offsetBytes));
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    long sizeBytes = withContent(inode, handle, ImageContent::sizeBytes);
    if (offsetBytes >= sizeBytes) {
      throw new FsException(Errno.ENXIO);
    }
    return switch (target) {
      case DATA -> offsetBytes;
      case HOLE -> sizeBytes;
    };
  }

  /** What is done with a content. */
  private interface ContentUse<T> {
    T on(ImageContent content) throws IOException;
  }

  /** Uses what was opened; without a handle, the newest. */
  private <T> T withContent(InodeNumber inode, FileHandle handle, ContentUse<T> use)
      throws FsException {
    Optional<ImageContent> opened = openFiles.get(handle);
    if (opened.isEmpty()) {
      ImageFile file = file(inode);
      return inNewest(
          file,
          view -> {
            try (ImageContent content = file.open(view)) {
              return use.on(content);
            }
          });
    }
    try {
      return use.on(opened.get());
    } catch (IOException e) {
      throw new FsException(Errno.EIO, node(inode).path(), e);
    }
  }

  private static void close(InodeNumber inode, ImageContent content) {
    try {
      content.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a file was not closed: inode " + inode.value(), e);
    }
  }

  // ---- directories

  @Override
  public Opened opendir(Caller caller, InodeNumber directory) throws FsException {
    ImageDirectory opened = directory(directory);
    return Opened.uncached(openDirectories.add(listing(opened)));
  }

  @Override
  public void releasedir(InodeNumber directory, FileHandle handle) {
    openDirectories.remove(handle);
  }

  @Override
  public void readdir(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, DirectorySink sink)
      throws FsException {
    List<ImageNode> listing = listing(directory, handle);
    for (long at = cookie; at < listing.size(); at++) {
      if (!sink.accept(line(directory, listing, (int) at))) {
        return;
      }
    }
  }

  /** What is gone since the directory was opened is listed all the same, and not looked up. */
  @Override
  public void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException {
    List<ImageNode> listing = listing(directory, handle);
    for (long at = cookie; at < listing.size(); at++) {
      DirectoryEntry line = line(directory, listing, (int) at);
      if (line.name().isDots()) {
        if (!sink.accept(line, null)) {
          return;
        }
      } else if (!accept(caller, directory, line, sink)) {
        return;
      }
    }
  }

  private boolean accept(
      Caller caller, InodeNumber directory, DirectoryEntry line, LookupSink sink) {
    Entry looked;
    try {
      looked = lookup(caller, directory, line.name());
    } catch (FsException refused) {
      return sink.accept(line, null); // a lookup of its own tells why
    }
    boolean taken = false;
    try {
      taken = sink.accept(line, looked);
    } finally {
      if (!taken) {
        held.forget(looked.inode(), 1);
      }
    }
    return taken;
  }

  /** What was opened; without a handle, the newest. */
  private List<ImageNode> listing(InodeNumber directory, FileHandle handle) throws FsException {
    Optional<List<ImageNode>> opened = openDirectories.get(handle);
    return opened.isPresent() ? opened.get() : listing(directory(directory));
  }

  /** Dots first. */
  private List<ImageNode> listing(ImageDirectory directory) throws FsException {
    List<ImageNode> listing = new ArrayList<>(List.of(directory, directory.parent()));
    listing.addAll(inNewest(directory, directory::children));
    return listing;
  }

  private DirectoryEntry line(InodeNumber directory, List<ImageNode> listing, int at) {
    ImageNode node = listing.get(at);
    FileName name = at == 0 ? FileName.DOT : at == 1 ? FileName.DOT_DOT : node.name();
    InodeNumber inode = at == 0 ? directory : held.number(node);
    return new DirectoryEntry(inode, node.type(), name, at + 1);
  }

  // ---- extended attributes

  @Override
  public byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    if (!name.isIn("user.")) {
      throw new FsException(Errno.EOPNOTSUPP);
    }
    byte[] value = xattrs(inode).get(name);
    if (value == null) {
      throw new FsException(Errno.ENODATA);
    }
    return value;
  }

  @Override
  public List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException {
    return List.copyOf(xattrs(inode).keySet());
  }

  private SortedMap<XattrName, byte[]> xattrs(InodeNumber inode) throws FsException {
    ImageNode node = node(inode);
    return inNewest(node, view -> ImageXattrs.of(node, view));
  }

  // ---- the whole

  @Override
  public StatFs statfs(Caller caller, InodeNumber inode) {
    StoreStats stats = states.store().stats();
    long blocks = (stats.logBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES;
    return new StatFs(BLOCK_BYTES, blocks, 0, 0, stats.objects(), 0);
  }

  /** The store stays open. */
  @Override
  public void close() {
    subscription.close();
  }

  /** What kernels have looked up and not forgotten. */
  int heldNodes() {
    return held.size();
  }

  private ImageNode node(InodeNumber inode) throws FsException {
    return held.node(inode).orElseThrow(() -> new FsException(Errno.ESTALE));
  }

  private ImageDirectory directory(InodeNumber inode) throws FsException {
    if (node(inode) instanceof ImageDirectory directory) {
      return directory;
    }
    throw new FsException(Errno.ENOTDIR);
  }

  private ImageFile file(InodeNumber inode) throws FsException {
    ImageNode node = node(inode);
    if (node instanceof ImageFile file) {
      return file;
    }
    throw new FsException(node instanceof ImageDirectory ? Errno.EISDIR : Errno.EINVAL);
  }

  /** What a node asks a state. */
  private interface Question<T> {
    T ask(ImageView view) throws IOException, FsException;
  }

  /** Asks the newest state; the one place where a failure of the store becomes EIO. */
  private <T> T inNewest(ImageNode node, Question<T> question) throws FsException {
    try (ImageView view = states.newest()) {
      return question.ask(view);
    } catch (IOException e) {
      throw new FsException(Errno.EIO, node.path(), e);
    }
  }
}
