package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.capability.Authority;
import org.telosfs.persistence.capability.CapabilityRefusedException;
import org.telosfs.persistence.capability.CapabilityRegistry;
import org.telosfs.persistence.capability.ScopedStore;
import org.telosfs.persistence.capability.Token;

/** Admits who shows a capability of the registry, to what it allows. */
public final class CapabilityAdmission implements Admission {
  private final ObjectStore store;
  private final CapabilityRegistry registry;

  public CapabilityAdmission(ObjectStore store, CapabilityRegistry registry) {
    this.store = store;
    this.registry = registry;
  }

  @Override
  public Admitted admit(byte[] token, Peer peer) throws IOException {
    try {
      Authority authority = registry.admit(Token.parse(token), peer.toString());
      return new Holder(new ScopedStore(store, authority), authority, peer);
    } catch (IllegalArgumentException | CapabilityRefusedException e) {
      throw new IpcException(
          IpcError.NO_CAPABILITY, "there is no such capability, or it is void or expired");
    }
  }

  private record Holder(ScopedStore store, Authority authority, Peer peer) implements Admitted {
    @Override
    public Optional<CommittedTransaction> visible(CommittedTransaction transaction)
        throws IOException {
      return store.visible(transaction);
    }

    @Override
    public boolean isToldAll() {
      return store.isWhole();
    }

    @Override
    public boolean isValid() {
      return authority.isValid();
    }

    @Override
    public String name() {
      return peer + " with " + authority.name();
    }

    @Override
    public void close() {
      authority.left("disconnected");
    }
  }
}
