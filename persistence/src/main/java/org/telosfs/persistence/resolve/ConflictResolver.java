package org.telosfs.persistence.resolve;

import java.util.Optional;
import org.telosfs.persistence.object.ObjectState;

/**
 * Merges what two transactions made of one object. Called by the one thread that commits, which all
 * committers wait for: it is quick, touches no store, and answers the same for the same states.
 * What it throws is logged and is a conflict.
 */
@FunctionalInterface
public interface ConflictResolver {

  /**
   * The state that has the effect of both; empty if there is none, which is a conflict. All three
   * have the same prototype.
   *
   * @param base what both transactions began with
   * @param committed what came of it since, by one transaction or several
   * @param own what the transaction that commits now would make of the base
   */
  Optional<ObjectState> merge(ObjectState base, ObjectState committed, ObjectState own);
}
