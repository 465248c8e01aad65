package org.telosfs.image;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.telosfs.persistence.CommitListener;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/**
 * Has every cache drop what a commit changed, before the committer is told. Only what is looked up
 * is named, so objects that nobody looks at cost nothing.
 *
 * <p>A lookup is counted before its answer is made. So an answer is either made of a state that has
 * the commit, or its place is found here; and as a kernel drops a name only when no lookup in its
 * directory is under way, an old answer that was on its way is dropped as well. Directories stay
 * where they are: of them only the attributes are dropped, unless they are gone.
 */
final class ImageInvalidation implements CommitListener {

  private static final System.Logger LOG = System.getLogger(ImageInvalidation.class.getName());

  private final ImageStates states;
  private final HeldNodes held;
  private final List<CacheInvalidator> caches = new CopyOnWriteArrayList<>();

  ImageInvalidation(ImageStates states, HeldNodes held) {
    this.states = states;
    this.held = held;
  }

  void add(CacheInvalidator cache) {
    caches.add(cache);
  }

  void remove(CacheInvalidator cache) {
    caches.remove(cache);
  }

  @Override
  public void committed(CommittedTransaction transaction) {
    states.committed(transaction);
    if (caches.isEmpty()) {
      return;
    }
    Set<ImageNode> changed = new HashSet<>(List.of(new StatsFile(), new TransactionsDirectory()));
    for (ObjectId id : transaction.objects()) {
      changed.add(ShardDirectory.of(id));
    }
    changed.removeIf(node -> !held.holds(node));
    changed.forEach(this::drop);
    for (ObjectId id : transaction.objects()) {
      dropWatching(id);
    }
  }

  private void dropWatching(ObjectId id) {
    Collection<ImageNode> watching = held.watching(id);
    if (watching.isEmpty()) {
      return;
    }
    try (ImageView newest = states.newest()) {
      for (ImageNode node : watching) {
        if (node.outdated(newest)) {
          drop(node);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "object " + id + " cannot be read: all dropped", e);
      watching.forEach(this::drop);
    }
  }

  private void drop(ImageNode node) {
    InodeNumber inode = held.number(node);
    boolean nameToo = !(node instanceof ImageDirectory) || isGone(node);
    InodeNumber directory = held.number(node.parent());
    for (CacheInvalidator cache : caches) {
      if (nameToo) {
        cache.entryChanged(directory, node.name());
      }
      cache.contentChanged(inode);
    }
  }

  private boolean isGone(ImageNode node) {
    try (ImageView newest = states.newest()) {
      node.changed(newest);
      return false;
    } catch (FsException refusal) {
      return true;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, node.path() + " cannot be read: dropped", e);
      return true;
    }
  }
}
