package org.telosfs.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.telosfs.persistence.ObjectId;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrName;

/** {@code user.telos.oid}, {@code .tid} and {@code .prototype} of what belongs to a revision. */
final class ImageXattrs {

  private static final XattrName OID = XattrName.of("user.telos.oid");
  private static final XattrName TID = XattrName.of("user.telos.tid");
  private static final XattrName PROTOTYPE = XattrName.of("user.telos.prototype");

  private ImageXattrs() {}

  static SortedMap<XattrName, byte[]> of(ImageNode node, ImageView view)
      throws IOException, FsException {
    SortedMap<XattrName, byte[]> attributes = new TreeMap<>();
    if (node.revision().isPresent()) {
      ObjectPlace place = node.revision().get();
      attributes.put(OID, text(place.id()));
      attributes.put(TID, text(node.changed(view)));
      if (!place.isLive() || view.changed(place.id()).isPresent()) {
        view.revision(place)
            .state()
            .prototype()
            .ifPresent((ObjectId id) -> attributes.put(PROTOTYPE, text(id)));
      }
    }
    return attributes;
  }

  private static byte[] text(Object id) {
    return id.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
