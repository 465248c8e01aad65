package org.telosfs.image.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;

class StateJsonTest {

  private static final ObjectId ID = new ObjectId(0x2a);
  private static final TransactionId TID = new TransactionId(7);

  @Test
  void everyKindOfValueIsShown() {
    ObjectState state =
        ObjectState.builder()
            .prototype(new ObjectId(3))
            .slot("null", SlotValue.NULL)
            .slot("true", SlotValue.of(true))
            .slot("long", Long.MIN_VALUE)
            .slot("double", SlotValue.of(1.0))
            .slot("nan", SlotValue.of(Double.NaN))
            .slot("text", "a \"quoted\"\nline")
            .slot("bytes", SlotValue.of(ByteString.utf8("bytes")))
            .slot("big", SlotValue.of(BigInteger.TEN.pow(30)))
            .slot("decimal", SlotValue.of(new BigDecimal("0.10000000000000000000000001")))
            .slot("instant", SlotValue.of(Instant.ofEpochSecond(0, 1)))
            .slot("list", SlotValue.of(List.of(SlotValue.of(1), SlotValue.of(List.of()))))
            .slot("map", SlotValue.of(Map.of("$ref", SlotValue.of("no reference"))))
            .slot("ref", ID)
            .build();
    assertEquals(
        """
        {
          "oid": "000000000000002a",
          "tid": "0000000000000007",
          "prototype": "0000000000000003",
          "slots": {
            "null": null,
            "true": true,
            "long": -9223372036854775808,
            "double": 1.0,
            "nan": {
              "$double": "NaN"
            },
            "text": "a \\"quoted\\"\\nline",
            "bytes": {
              "$bytes": "Ynl0ZXM="
            },
            "big": 1000000000000000000000000000000,
            "decimal": 0.10000000000000000000000001,
            "instant": {
              "$instant": "1970-01-01T00:00:00.000000001Z"
            },
            "list": [
              1,
              [ ]
            ],
            "map": {
              "$map": {
                "$ref": "no reference"
              }
            },
            "ref": {
              "$ref": "000000000000002a"
            }
          }
        }
        """,
        text(StateJson.state(ID, TID, state)));
  }

  @Test
  void anEmptyStateAndADeletionAreShown() {
    assertEquals(
        """
        {
          "oid": "000000000000002a",
          "tid": "0000000000000007",
          "prototype": null,
          "slots": { }
        }
        """,
        text(StateJson.state(ID, TID, ObjectState.EMPTY)));
    assertEquals(
        """
        {
          "oid": "000000000000002a",
          "tid": "0000000000000007",
          "deleted": true
        }
        """,
        text(StateJson.deletion(ID, TID)));
  }

  @Test
  void simpleSlotsAreBareTextAndOthersAreJson() {
    assertEquals("null\n", text(StateJson.slot(SlotValue.NULL)));
    assertEquals("a \"b\"\n", text(StateJson.slot(SlotValue.of("a \"b\""))));
    assertEquals("1.5\n", text(StateJson.slot(SlotValue.of(1.5))));
    assertEquals("1970-01-01T00:00:00Z\n", text(StateJson.slot(SlotValue.of(Instant.EPOCH))));
    assertEquals(
        """
        {
          "$ref": "000000000000002a"
        }
        """,
        text(StateJson.slot(SlotValue.of(ID))));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
