package org.telosfs.fuse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.fuse.wire.Opcode;

/**
 * Syncs that are answered together. Whoever reads one first serves what has been sent by then: the
 * flush to come then covers those writes, and syncs among them share it, though one thread does it
 * all and none is woken. Safe for threads.
 */
final class GatheredSyncs {
  /** Each keeps an exchange with its buffers. */
  private static final int MOST_SYNCS = 16;

  /** A sync waits for so many others at most. */
  private static final int MOST_REQUESTS = 64;

  /** How a request is served that has been received. */
  interface Service {
    /** False if the bytes are no request. */
    boolean begin(Exchange x, int bytes);

    void answer(Exchange x) throws IOException;
  }

  private final InFlight inFlight;
  private final ReaderPool readers;
  private final Service service;

  GatheredSyncs(InFlight inFlight, ReaderPool readers, Service service) {
    this.inFlight = inFlight;
    this.readers = readers;
    this.service = service;
  }

  static boolean isSync(Exchange x) {
    Opcode opcode = x.request().opcode();
    return opcode == Opcode.FSYNC || opcode == Opcode.FSYNCDIR;
  }

  /** Answers a sync, and what else is there. */
  void answer(Exchange sync) throws IOException {
    List<Exchange> others = new ArrayList<>();
    try {
      gather(others);
      service.answer(sync);
      for (Exchange other : others) {
        service.answer(other);
      }
    } finally {
      others.forEach(inFlight::giveBack);
    }
  }

  /**
   * Adds the syncs that are there to {@code taken}, and answers what else is there; one that would
   * hold the syncs up ends it and is the last one.
   */
  private void gather(List<Exchange> taken) throws IOException {
    Exchange next = inFlight.take();
    try {
      boolean more = true;
      for (int i = 0; more && i < MOST_REQUESTS && taken.size() < MOST_SYNCS; i++) {
        int bytes = readers.receiveIfThere(next);
        if (bytes == FuseChannel.Port.NOTHING) {
          return;
        }
        if (!service.begin(next, bytes)) {
          continue;
        }
        more = !next.request().opcode().usuallyBlocks();
        if (more && !isSync(next)) {
          service.answer(next);
        } else {
          taken.add(next);
          next = inFlight.take();
        }
      }
    } finally {
      inFlight.giveBack(next);
    }
  }
}
