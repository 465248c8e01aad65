package org.telosfs.persistence.capability;

import java.time.Instant;
import java.util.Optional;
import org.telosfs.persistence.ByteString;

/**
 * A capability as its owner has it: everything but the secret.
 *
 * @param id its number
 * @param proof the hash of the secret
 * @param label what it is for, in the owner's words
 * @param restrictions what it was granted with
 * @param granted when
 * @param revoked since when it and all that was made of it are void
 */
public record Grant(
    ByteString id,
    ByteString proof,
    String label,
    Restrictions restrictions,
    Instant granted,
    Optional<Instant> revoked) {
  /** Its number as text. */
  public String name() {
    return CapabilityRegistry.name(id);
  }

  Grant revokedAt(Instant when) {
    return new Grant(id, proof, label, restrictions, granted, Optional.of(when));
  }

  @Override
  public String toString() {
    return "capability " + name() + (label.isEmpty() ? "" : " (" + label + ")");
  }
}
