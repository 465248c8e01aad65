package org.telosfs.fuse.jnrfuse;

import org.junit.jupiter.api.Test;
import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.TransportContract;

/** The contract through libfuse 2. */
class JnrFuseTransportIT extends TransportContract {
  @Override
  protected FuseTransport transport() {
    return new JnrFuseTransport();
  }

  /** Nobody would enforce them. */
  @Test
  void accessControlListsAreRefused() throws Exception {
    shell.run(
        """
        echo x > f; chmod 640 f
        ! setfacl -m u:1001:r f
        test "$(getfacl -cn f | xargs)" = "user::rw- group::r-- other::---"
        mkdir d; ! setfacl -d -m u:1001:rw d
        setfacl -m o::r f; test "$(stat -c %a f)" = 644
        cp -a f g; test "$(stat -c %a g)" = 644
        """);
  }

  @Test
  void capabilitiesGoWithContentAndOwner() throws Exception {
    shell.run(
        """
        cp /bin/true c; setcap cap_net_raw+ep c; test -n "$(getcap c)"
        echo >> c; test -z "$(getcap c)"
        setcap cap_net_raw+ep c; truncate -s 10 c; test -z "$(getcap c)"
        setcap cap_net_raw+ep c; chown 1001 c; test -z "$(getcap c)"
        """);
  }
}
