package org.telosfs.daemon.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.daemon.control.ExactJson;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;

class ObjectJsonTest {

  private static ObjectNode parse(String json) throws JsonProcessingException {
    JsonNode node = ExactJson.mapper().readTree(json);
    return (ObjectNode) node;
  }

  private static SlotValue slot(String json) throws JsonProcessingException {
    return ObjectJson.toState(parse("{\"s\": " + json + "}")).slot("s").orElseThrow();
  }

  @Test
  void numbersKeepEveryDigit() throws JsonProcessingException {
    assertEquals(SlotValue.of(Long.MAX_VALUE), slot("9223372036854775807"));
    assertEquals(SlotValue.of(new BigInteger("9223372036854775808")), slot("9223372036854775808"));
    assertEquals(SlotValue.of(2.5), slot("2.5"));
    assertEquals(SlotValue.of(0.1), slot("0.1"));
    assertEquals(
        SlotValue.of(new BigDecimal("0.1000000000000000000000000001")),
        slot("0.1000000000000000000000000001"));
    assertEquals(SlotValue.of(1e300), slot("1e300"));
  }

  @Test
  void everyKindSurvivesTheWayThereAndBack() throws JsonProcessingException {
    ObjectState state =
        ObjectState.builder()
            .prototype(new ObjectId(9))
            .slot("null", SlotValue.NULL)
            .slot("true", SlotValue.of(true))
            .slot("long", -5)
            .slot("double", SlotValue.of(1.25))
            .slot("nan", SlotValue.of(Double.NaN))
            .slot("infinite", SlotValue.of(Double.NEGATIVE_INFINITY))
            .slot("text", "line\n\u20ac")
            .slot("bytes", SlotValue.of(ByteString.copyOf(new byte[] {0, -1, 7})))
            .slot("big", SlotValue.of(BigInteger.TEN.pow(40)))
            .slot("decimal", SlotValue.of(new BigDecimal("1.00000000000000000001")))
            .slot("time", SlotValue.of(Instant.parse("2026-01-31T12:00:00.123456789Z")))
            .slot("list", SlotValue.of(List.of(SlotValue.of(1), SlotValue.of(List.of()))))
            .slot("reference", new ObjectId(77))
            .slot("map", SlotValue.of(Map.of("$ref", SlotValue.of("no reference"))))
            .slot("$slot", 1)
            .build();
    String text = ObjectJson.toJson(state).toString();
    assertEquals(state, ObjectJson.toState(parse(text)), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": {\"$ref\": 5}}",
        "{\"a\": {\"$ref\": \"apple\"}}",
        "{\"a\": {\"$bytes\": \"!\"}}",
        "{\"a\": {\"$instant\": \"yesterday\"}}",
        "{\"a\": {\"$double\": \"1\"}}",
        "{\"a\": {\"$what\": 1}}",
        "{\"$what\": 1}",
        "{\"$prototype\": 4}",
      })
  void whatHasNoMeaningIsRefused(String json) throws JsonProcessingException {
    ObjectNode node = parse(json);
    assertThrows(IllegalArgumentException.class, () -> ObjectJson.toState(node));
  }

  @Test
  void deepNestingIsRefused() throws JsonProcessingException {
    String deep = "[".repeat(100) + "]".repeat(100);
    assertThrows(IllegalArgumentException.class, () -> slot(deep));
  }
}
