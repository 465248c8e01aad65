package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.index.IdSet;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.object.StateFormatException;

/** Answers what takes a store's space: now, by prototype and by root, and in former states. */
public final class ImageSpace {
  private static final int OBJECTS_AT_ONCE = 1000;
  private static final int LARGEST = 10;
  private static final String NO_PROTOTYPE = "";

  private final ObjectStore store;

  public ImageSpace(ObjectStore store) {
    this.store = store;
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of("image-space", this::space);
  }

  /** Objects, and what their states and blobs take. */
  private static final class Tally {
    private long objects;
    private long bytes;
    private long blobBytes;

    void add(Revision revision) {
      objects++;
      bytes += revision.state().size();
      blobBytes += revision.blob().map(Blob::sizeBytes).orElse(0L);
    }

    ObjectNode into(ObjectNode node) {
      return node.put("objects", objects).put("bytes", bytes).put("blobBytes", blobBytes);
    }
  }

  private JsonNode space(ObjectNode request) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      SortedMap<String, ObjectId> roots = snapshot.roots();
      Tally all = new Tally();
      Map<String, Tally> prototypes = new TreeMap<>();
      Comparator<Revision> bySize = Comparator.comparingLong(ImageSpace::size);
      PriorityQueue<Revision> largest = new PriorityQueue<>(bySize);
      ObjectScan.run(
          snapshot,
          OBJECTS_AT_ONCE,
          revision -> {
            if (revision.id().equals(ObjectId.ROOTS)) {
              return;
            }
            all.add(revision);
            prototypes.computeIfAbsent(prototype(revision), prototype -> new Tally()).add(revision);
            largest.add(revision);
            if (largest.size() > LARGEST) {
              largest.remove();
            }
          });
      ObjectNode answer = all.into(JsonNodeFactory.instance.objectNode());
      answer.put("logBytes", store.stats().logBytes()).put("revisions", store.stats().revisions());
      Map<ObjectId, String> names = names(roots);
      tell(prototypes, names, answer.putArray("prototypes"));
      tellRoots(snapshot, roots, all, answer);
      List<Revision> sorted = new ArrayList<>(largest);
      sorted.sort(bySize.reversed());
      ArrayNode most = answer.putArray("largest");
      for (Revision revision : sorted) {
        most.addObject()
            .put("oid", revision.id().toString())
            .put("name", names.getOrDefault(revision.id(), ""))
            .put("bytes", size(revision));
      }
      return answer;
    }
  }

  private static long size(Revision revision) {
    return revision.state().size() + revision.blob().map(Blob::sizeBytes).orElse(0L);
  }

  private static Map<ObjectId, String> names(SortedMap<String, ObjectId> roots) {
    Map<ObjectId, String> names = new HashMap<>();
    roots.forEach((name, id) -> names.putIfAbsent(id, name));
    return names;
  }

  private static String prototype(Revision revision) {
    try {
      return StateCodec.decode(revision.state())
          .prototype()
          .map(ObjectId::toString)
          .orElse(NO_PROTOTYPE);
    } catch (StateFormatException opaque) {
      return NO_PROTOTYPE;
    }
  }

  private static void tell(
      Map<String, Tally> prototypes, Map<ObjectId, String> names, ArrayNode into) {
    prototypes.forEach(
        (prototype, tally) -> {
          ObjectNode node = into.addObject().put("prototype", prototype);
          if (!prototype.isEmpty()) {
            node.put("name", names.getOrDefault(ObjectId.parse(prototype), ""));
          }
          tally.into(node);
        });
  }

  /** An object counts for the first root, in the order of their names, that leads to it. */
  private static void tellRoots(
      StoreSnapshot snapshot, SortedMap<String, ObjectId> roots, Tally all, ObjectNode answer)
      throws IOException {
    ArrayNode told = answer.putArray("roots");
    IdSet found = new IdSet();
    Tally reached = new Tally();
    for (Map.Entry<String, ObjectId> root : roots.entrySet()) {
      Tally tally = new Tally();
      ArrayDeque<ObjectId> ahead = new ArrayDeque<>();
      enqueue(List.of(root.getValue()), found, ahead);
      while (!ahead.isEmpty()) {
        Set<ObjectId> next = new LinkedHashSet<>();
        while (!ahead.isEmpty() && next.size() < OBJECTS_AT_ONCE) {
          next.add(ahead.remove());
        }
        for (Revision revision : snapshot.get(next).values()) {
          tally.add(revision);
          reached.add(revision);
          enqueue(revision.references(), found, ahead);
        }
      }
      tally.into(told.addObject().put("name", root.getKey()));
    }
    answer
        .putObject("unreachable")
        .put("objects", all.objects - reached.objects)
        .put("bytes", all.bytes - reached.bytes)
        .put("blobBytes", all.blobBytes - reached.blobBytes);
  }

  private static void enqueue(Collection<ObjectId> ids, IdSet found, ArrayDeque<ObjectId> ahead) {
    for (ObjectId id : ids) {
      if (found.add(id)) {
        ahead.add(id);
      }
    }
  }
}
