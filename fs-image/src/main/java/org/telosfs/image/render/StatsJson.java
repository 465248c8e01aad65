package org.telosfs.image.render;

import org.telosfs.persistence.StoreStats;

/** A store's figures as JSON. */
public final class StatsJson {

  private StatsJson() {}

  /** Only what a commit alone changes, so that the text is one for each state of the store. */
  public static byte[] of(StoreStats stats) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("newest", stats.newest().toString());
          json.writeStringField("time", stats.newest().time().toString());
          json.writeNumberField("objects", stats.objects());
          json.writeNumberField("revisions", stats.revisions());
          json.writeNumberField("transactions", stats.transactions());
          json.writeNumberField("segments", stats.segments());
          json.writeNumberField("logBytes", stats.logBytes());
          json.writeNumberField("indexBytes", stats.indexBytes());
          json.writeEndObject();
        });
  }
}
