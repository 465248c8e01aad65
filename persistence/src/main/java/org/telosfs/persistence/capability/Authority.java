package org.telosfs.persistence.capability;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.telosfs.persistence.TransactionId;

/** What the holder of a token may do, all its restrictions taken together, now. */
public final class Authority {
  private final CapabilityRegistry registry;
  private final CapabilityRegistry.Chain chain;
  private final String who;

  Authority(CapabilityRegistry registry, CapabilityRegistry.Chain chain, String who) {
    this.registry = registry;
    this.chain = chain;
    this.who = who;
  }

  /** Of the grant, for people. */
  public String name() {
    int added = chain.restrictions().size() - 1;
    return chain.grant() + (added == 0 ? "" : ", weakened " + added + " times");
  }

  /** What was restricted, the grant's own restrictions first. */
  public List<Restrictions> restrictions() {
    return chain.restrictions();
  }

  /** Whether it is neither revoked nor expired. */
  public boolean isValid() {
    Instant now = registry.now();
    return registry.isValid(chain)
        && chain.restrictions().stream()
            .allMatch(
                restrictions -> restrictions.expires().map(now::isBefore).orElse(Boolean.TRUE));
  }

  /** Whether the right was left at every restriction. */
  public boolean allows(Right right) {
    return chain.restrictions().stream().allMatch(restrictions -> restrictions.allows(right));
  }

  /**
   * @throws CapabilityRefusedException if it is void by now, or the right is missing
   */
  void require(Right right) throws CapabilityRefusedException {
    if (!isValid()) {
      throw refused(CapabilityRefusedException.Reason.NONE, "it is void or expired");
    }
    if (!allows(right)) {
      throw refused(
          CapabilityRefusedException.Reason.FORBIDDEN, "it does not include the right " + right);
    }
  }

  CapabilityRefusedException forbidden(String what) {
    return refused(CapabilityRefusedException.Reason.FORBIDDEN, what);
  }

  private CapabilityRefusedException refused(
      CapabilityRefusedException.Reason reason, String what) {
    registry.audit("denied", who, chain.grant() + ": " + what);
    return new CapabilityRefusedException(reason, "the capability does not allow it: " + what);
  }

  /** Scopes, of which every one must hold. */
  List<SortedSet<String>> scopes() {
    return chain.restrictions().stream().flatMap(part -> part.roots().stream()).toList();
  }

  /** The newest state that may be seen. */
  Optional<TransactionId> asOf() {
    return chain.restrictions().stream()
        .flatMap(part -> part.asOf().stream())
        .min(TransactionId::compareTo);
  }

  void reserve(Usage more) throws CapabilityRefusedException {
    try {
      registry.reserve(chain, more);
    } catch (CapabilityRefusedException e) {
      registry.audit("denied", who, chain.grant() + ": quota");
      throw e;
    }
  }

  void giveBack(Usage less) {
    registry.giveBack(chain, less);
  }

  void used() {
    registry.used(chain);
  }

  /** The holder has gone. */
  public void left(String what) {
    registry.writeUsage();
    registry.audit("left", who, chain.grant() + ": " + what);
  }
}
