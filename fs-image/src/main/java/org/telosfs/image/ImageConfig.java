package org.telosfs.image;

/**
 * How an image tree is shown.
 *
 * @param uid owner of everything in it
 * @param gid group of everything in it
 * @param cacheBytes about so much memory may hold decoded and rendered states
 */
public record ImageConfig(int uid, int gid, long cacheBytes) {

  private static final long DEFAULT_CACHE_BYTES = 32L * 1024 * 1024;

  public ImageConfig {
    if (cacheBytes < 0) {
      throw new IllegalArgumentException("cacheBytes=" + cacheBytes + " is negative");
    }
  }

  /** Owned by this user, with a cache of the usual size. */
  public static ImageConfig ownedBy(int uid, int gid) {
    return new ImageConfig(uid, gid, DEFAULT_CACHE_BYTES);
  }
}
