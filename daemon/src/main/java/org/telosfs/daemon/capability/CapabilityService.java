package org.telosfs.daemon.capability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.capability.Authority;
import org.telosfs.persistence.capability.CapabilityRegistry;
import org.telosfs.persistence.capability.Grant;
import org.telosfs.persistence.capability.Restrictions;
import org.telosfs.persistence.capability.Token;
import org.telosfs.persistence.capability.Usage;

/** Answers the {@code cap} requests from a registry. */
public final class CapabilityService {
  private final CapabilityRegistry registry;

  public CapabilityService(CapabilityRegistry registry) {
    this.registry = registry;
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of(
        "cap-grant", this::grant,
        "cap-revoke", this::revoke,
        "cap-list", this::list,
        "cap-show", this::show);
  }

  /** {@code {label, restrictions}}: the number, and the token, told this once. */
  private JsonNode grant(ObjectNode request) throws IOException {
    Restrictions restrictions;
    try {
      restrictions = RestrictionsJson.get(request.path("restrictions"));
    } catch (IllegalArgumentException wrong) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
    Token token = registry.grant(request.path("label").asText(), restrictions);
    Grant grant = find(token.id());
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", grant.name())
        .put("token", new String(token.secretText(), StandardCharsets.US_ASCII));
  }

  private Grant find(ByteString id) throws Refusal {
    return registry
        .find(id)
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.FAILED,
                    "there is no such capability; see which there are with: telosfs cap list"));
  }

  /** {@code {id}} or {@code {token}}. */
  private JsonNode revoke(ObjectNode request) throws IOException {
    boolean revoked =
        request.hasNonNull("token")
            ? registry.revoke(token(request))
            : registry.revoke(find(number(request)).id());
    return JsonNodeFactory.instance.objectNode().put("revoked", revoked);
  }

  private static Token token(ObjectNode request) throws Refusal {
    try {
      return Token.parse(request.path("token").asText().getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException none) {
      throw new Refusal(ExitCode.USAGE, "that file holds no capability", none);
    }
  }

  private static ByteString number(ObjectNode request) throws Refusal {
    return CapabilityRegistry.parseName(request.path("id").asText())
        .orElseThrow(
            () -> new Refusal(ExitCode.USAGE, "a capability's number is 32 hexadecimal digits"));
  }

  private JsonNode list(ObjectNode request) {
    ArrayNode grants = JsonNodeFactory.instance.arrayNode();
    registry.list().forEach(grant -> describe(grant, grants.addObject()));
    return grants;
  }

  /** {@code {id}} or {@code {token}}. */
  private JsonNode show(ObjectNode request) throws IOException {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    if (!request.hasNonNull("token")) {
      describe(find(number(request)), shown);
      return shown;
    }
    Authority authority = registry.authority(token(request), "the owner");
    if (authority == null) {
      throw new Refusal(ExitCode.FAILED, "that is no capability of this store");
    }
    describe(find(token(request).id()), shown);
    shown.put("valid", authority.isValid());
    ArrayNode restrictions = shown.putArray("restrictions");
    authority.restrictions().forEach(each -> RestrictionsJson.put(each, restrictions.addObject()));
    return shown;
  }

  private void describe(Grant grant, ObjectNode into) {
    into.put("id", grant.name())
        .put("label", grant.label())
        .put("granted", grant.granted().toString());
    grant.revoked().ifPresent(when -> into.put("revoked", when.toString()));
    boolean expired =
        grant.restrictions().expires().map(end -> !Instant.now().isBefore(end)).orElse(false);
    into.put("valid", grant.revoked().isEmpty() && !expired);
    RestrictionsJson.put(grant.restrictions(), into.putObject("grants"));
    Usage used = registry.usage(grant);
    into.putObject("used").put("bytes", used.bytes()).put("objects", used.objects());
  }
}
