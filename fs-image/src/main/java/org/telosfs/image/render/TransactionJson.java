package org.telosfs.image.render;

import java.util.Map;
import org.telosfs.persistence.CommittedTransaction;

/** What a transaction says about itself, as JSON. */
public final class TransactionJson {

  private TransactionJson() {}

  /** {@code {"tid", "time", "user", "description", "extension", "objects"}}. */
  public static byte[] meta(CommittedTransaction transaction) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("tid", transaction.id().toString());
          json.writeStringField("time", transaction.id().time().toString());
          json.writeStringField("user", transaction.metadata().user());
          json.writeStringField("description", transaction.metadata().description());
          json.writeObjectFieldStart("extension");
          for (Map.Entry<String, String> entry : transaction.metadata().extension().entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
          }
          json.writeEndObject();
          json.writeNumberField("objects", transaction.objects().size());
          json.writeEndObject();
        });
  }
}
