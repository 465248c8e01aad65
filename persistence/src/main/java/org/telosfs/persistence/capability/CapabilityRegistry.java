package org.telosfs.persistence.capability;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;

/**
 * The grants of a store, in a directory of its own:
 *
 * <pre>
 *   key        32 random bytes; with a grant's number they make its secret
 *   grants     a line each: number, hash of the secret, times, restrictions, label
 *   usage      what was put with a quota: the last line of a number holds
 *   audit.log  who used what
 * </pre>
 *
 * <p>The grants alone make no token, nor does the key without a number. Whoever has the store's
 * lock may open it, one process at a time. Any number of threads may use it.
 */
public final class CapabilityRegistry implements Closeable {
  private static final System.Logger LOG = System.getLogger(CapabilityRegistry.class.getName());
  private static final String HEADER = "telosfs-capabilities 1";
  private static final int KEY_BYTES = 32;
  private static final int GRANT_FIELDS = 7;
  private static final ByteString SECRET_PURPOSE = ByteString.utf8("telosfs capability 1 ");

  private final Path directory;
  private final InstantSource clock;
  private final ByteString key;
  private final AuditLog audit;
  private final SecureRandom random = new SecureRandom();

  @GuardedBy("this")
  private final Map<ByteString, Grant> grants = new LinkedHashMap<>();

  /** Hashes of signatures of weakened tokens that were revoked alone. */
  @GuardedBy("this")
  private final Set<ByteString> blocked = new HashSet<>();

  @GuardedBy("this")
  private final Map<ByteString, Usage> usage = new HashMap<>();

  @GuardedBy("this")
  private @Nullable FileChannel usageFile;

  /** Used more since their usage was written. */
  @GuardedBy("this")
  private final Set<ByteString> unwritten = new LinkedHashSet<>();

  private CapabilityRegistry(Path directory, InstantSource clock, ByteString key)
      throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.key = key;
    this.audit = new AuditLog(directory, clock);
  }

  /** Opens the directory's registry, and makes one if there is none. */
  public static CapabilityRegistry open(Path directory, InstantSource clock) throws IOException {
    PrivateFiles.createDirectory(directory);
    Path keyFile = directory.resolve("key");
    if (!Files.exists(keyFile)) {
      if (Files.exists(directory.resolve("grants"))) {
        throw new IOException(keyFile + " is missing: no capability of this store can be checked");
      }
      byte[] fresh = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(fresh);
      PrivateFiles.replace(keyFile, fresh);
    }
    byte[] found = Files.readAllBytes(keyFile);
    if (found.length != KEY_BYTES) {
      throw new IOException(keyFile + " is damaged: it has " + found.length + " bytes");
    }
    CapabilityRegistry registry =
        new CapabilityRegistry(directory, clock, ByteString.copyOf(found));
    try {
      registry.read();
      return registry;
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** A number as text. */
  static String name(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** The number whose text that is; empty if it is none. */
  public static Optional<ByteString> parseName(String text) {
    try {
      byte[] id = HexFormat.of().parseHex(text);
      return id.length == Token.ID_BYTES ? Optional.of(ByteString.copyOf(id)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Grants a capability; the token is told here and never again. */
  public synchronized Token grant(String label, Restrictions restrictions) throws IOException {
    byte[] number = new byte[Token.ID_BYTES];
    random.nextBytes(number);
    ByteString id = ByteString.copyOf(number);
    ByteString secret = secret(id);
    Grant grant =
        new Grant(id, hashOf(secret), label, restrictions, clock.instant(), Optional.empty());
    RestrictionsCodec.encode(restrictions);
    grants.put(id, grant);
    try {
      write();
    } catch (IOException | RuntimeException e) {
      grants.remove(id);
      throw e;
    }
    audit.write("granted", grant.toString(), "");
    return new Token(id, List.of(), secret);
  }

  /**
   * Makes a grant void, with all that was made of it.
   *
   * @return whether there was one that was not void
   */
  public synchronized boolean revoke(ByteString id) throws IOException {
    Grant grant = grants.get(id);
    if (grant == null || grant.revoked().isPresent()) {
      return false;
    }
    grants.put(id, grant.revokedAt(clock.instant()));
    write();
    audit.write("revoked", grant.toString(), "");
    return true;
  }

  /**
   * Makes one token void, with all that was made of it; the grant and its other tokens stay.
   *
   * @return whether it was not void before
   */
  public synchronized boolean revoke(Token token) throws IOException {
    Chain chain = chain(token);
    if (chain == null) {
      return false;
    }
    if (token.added().isEmpty()) {
      return revoke(token.id());
    }
    blocked.add(hashOf(token.signature()));
    write();
    audit.write("revoked", "a token of " + chain.grant(), "");
    return true;
  }

  /** All grants, void ones too, oldest first. */
  public synchronized List<Grant> list() {
    return List.copyOf(grants.values());
  }

  public synchronized Optional<Grant> find(ByteString id) {
    return Optional.ofNullable(grants.get(id));
  }

  /** What was put with a grant. */
  public synchronized Usage usage(Grant grant) {
    return usage.getOrDefault(grant.proof(), Usage.NONE);
  }

  /**
   * What a token allows, if it is one.
   *
   * @param who the peer, for the audit log
   * @throws CapabilityRefusedException one and the same for an unknown, wrong, void or expired one
   */
  public Authority admit(Token token, String who) throws CapabilityRefusedException {
    Authority authority = authority(token, who);
    if (authority == null || !authority.isValid()) {
      audit.write("refused", who, authority == null ? "no capability" : authority.name());
      throw new CapabilityRefusedException(
          CapabilityRefusedException.Reason.NONE,
          "there is no such capability, or it is void or expired");
    }
    audit.write("admitted", who, authority.name());
    return authority;
  }

  /** What a token allows, used or not; null if it is none of this store's. */
  public @Nullable Authority authority(Token token, String who) {
    Chain chain = chain(token);
    return chain == null ? null : new Authority(this, chain, who);
  }

  /**
   * A token that was checked.
   *
   * @param levels the proofs of all signatures, the grant's first
   * @param restrictions what was restricted at each of them
   */
  record Chain(Grant grant, List<ByteString> levels, List<Restrictions> restrictions) {}

  /** Null if the signature is not what comes of the grant's secret and the restrictions. */
  private @Nullable Chain chain(Token token) {
    Grant grant = find(token.id()).orElse(null);
    // A number that nobody granted takes the same way, so that time tells nothing either.
    ByteString signature = secret(token.id());
    boolean genuine = grant != null && same(hashOf(signature), grant.proof());
    List<ByteString> levels = new ArrayList<>(List.of(hashOf(signature)));
    List<Restrictions> restrictions = new ArrayList<>();
    if (grant != null) {
      restrictions.add(grant.restrictions());
    }
    for (ByteString added : token.added()) {
      Restrictions decoded = RestrictionsCodec.decode(added.asByteBuffer());
      genuine &= decoded != null;
      restrictions.add(decoded == null ? Restrictions.NONE : decoded);
      signature = Token.hash(signature, added);
      levels.add(hashOf(signature));
    }
    genuine &= same(signature, token.signature());
    return genuine && grant != null ? new Chain(grant, levels, restrictions) : null;
  }

  private ByteString secret(ByteString id) {
    ByteBuffer message = ByteBuffer.allocate(SECRET_PURPOSE.size() + id.size());
    SECRET_PURPOSE.putInto(message);
    id.putInto(message);
    return Token.hash(key, ByteString.copyOf(message.flip()));
  }

  /** In a time that tells nothing of the bytes. */
  private static boolean same(ByteString one, ByteString other) {
    return MessageDigest.isEqual(one.toByteArray(), other.toByteArray());
  }

  private static ByteString hashOf(ByteString secret) {
    try {
      return ByteString.copyOf(MessageDigest.getInstance("SHA-256").digest(secret.toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether nothing of the chain was revoked. */
  synchronized boolean isValid(Chain chain) {
    Grant grant = grants.get(chain.grant().id());
    if (grant == null || grant.revoked().isPresent()) {
      return false;
    }
    for (ByteString level : chain.levels()) {
      if (blocked.contains(level)) {
        return false;
      }
    }
    return true;
  }

  /** The time. */
  Instant now() {
    return clock.instant();
  }

  /** Counts what is to be put, at every level, or refuses it and counts nothing. */
  synchronized void reserve(Chain chain, Usage more) throws CapabilityRefusedException {
    for (int at = 0; at < chain.levels().size(); at++) {
      Restrictions restrictions = chain.restrictions().get(at);
      Usage after = usage.getOrDefault(chain.levels().get(at), Usage.NONE).plus(more);
      if (after.bytes() > restrictions.bytes().orElse(Long.MAX_VALUE)
          || after.objects() > restrictions.objects().orElse(Long.MAX_VALUE)) {
        throw new CapabilityRefusedException(
            CapabilityRefusedException.Reason.QUOTA,
            "the capability's quota is "
                + restrictions.bytes().stream().mapToObj(b -> b + " bytes").findAny().orElse("")
                + restrictions.objects().stream()
                    .mapToObj(o -> " " + o + " objects")
                    .findAny()
                    .orElse("")
                + ", and this would make it "
                + after.bytes()
                + " bytes and "
                + after.objects()
                + " objects");
      }
    }
    chain.levels().forEach(level -> usage.merge(level, more, Usage::plus));
  }

  /** What was reserved was not put. */
  synchronized void giveBack(Chain chain, Usage less) {
    chain.levels().forEach(level -> usage.merge(level, less.negated(), Usage::plus));
  }

  /**
   * What was reserved was put: it is remembered beyond this process. Where a quota counts it, at
   * once; else when the holder leaves, since each write makes the commits that follow slower.
   */
  synchronized void used(Chain chain) {
    unwritten.addAll(chain.levels());
    boolean counts =
        chain.restrictions().stream()
            .anyMatch(part -> part.bytes().isPresent() || part.objects().isPresent());
    if (counts) {
      writeUsage();
    }
  }

  /** Has what was used until now remembered beyond this process. */
  synchronized void writeUsage() {
    FileChannel file = usageFile;
    if (file == null || unwritten.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (ByteString level : unwritten) {
      Usage now = usage.getOrDefault(level, Usage.NONE);
      lines
          .append(name(level))
          .append(' ')
          .append(now.bytes())
          .append(' ')
          .append(now.objects())
          .append('\n');
    }
    unwritten.clear();
    try {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(lines.toString());
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "what a capability has used was not written", e);
    }
  }

  void audit(String event, String who, String what) {
    audit.write(event, who, what);
  }

  private synchronized void read() throws IOException {
    Path file = directory.resolve("grants");
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
        throw new IOException(file + " is no list of capabilities of this version");
      }
      for (String line : lines.subList(1, lines.size())) {
        if (!readGrant(line)) {
          throw new IOException(file + " is damaged: a line makes no sense");
        }
      }
    }
    readUsage(directory.resolve("usage"));
  }

  private synchronized boolean readGrant(String line) {
    String[] fields = line.split(" ", -1);
    try {
      if (fields[0].equals("blocked") && fields.length == 2) {
        return blocked.add(hex(fields[1]));
      }
      if (!fields[0].equals("grant") || fields.length != GRANT_FIELDS) {
        return false;
      }
      Restrictions restrictions = RestrictionsCodec.decode(hex(fields[5]).asByteBuffer());
      if (restrictions == null) {
        return false;
      }
      long revoked = Long.parseLong(fields[4]);
      Grant grant =
          new Grant(
              hex(fields[1]),
              hex(fields[2]),
              new String(Base64.getDecoder().decode(fields[6]), StandardCharsets.UTF_8),
              restrictions,
              Instant.ofEpochSecond(Long.parseLong(fields[3])),
              revoked == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(revoked)));
      grants.put(grant.id(), grant);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ByteString hex(String text) {
    return ByteString.copyOf(HexFormat.of().parseHex(text));
  }

  /** The last line of a number holds; a line that was cut off by a crash is left out. */
  private synchronized void readUsage(Path file) throws IOException {
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.split(" ", -1);
        try {
          if (fields.length == 3) {
            usage.put(
                hex(fields[0]), new Usage(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
          }
        } catch (IllegalArgumentException e) {
          LOG.log(System.Logger.Level.WARNING, "{0}: an unfinished line is left out", file);
        }
      }
    }
    StringBuilder lines = new StringBuilder();
    usage.forEach(
        (level, used) ->
            lines
                .append(name(level))
                .append(' ')
                .append(used.bytes())
                .append(' ')
                .append(used.objects())
                .append('\n'));
    PrivateFiles.replace(file, lines.toString().getBytes(StandardCharsets.US_ASCII));
    usageFile = FileChannel.open(file, StandardOpenOption.APPEND);
  }

  private synchronized void write() throws IOException {
    StringBuilder lines = new StringBuilder(HEADER).append('\n');
    for (Grant grant : grants.values()) {
      lines
          .append("grant ")
          .append(name(grant.id()))
          .append(' ')
          .append(name(grant.proof()))
          .append(' ')
          .append(grant.granted().getEpochSecond())
          .append(' ')
          .append(grant.revoked().map(Instant::getEpochSecond).orElse(0L))
          .append(' ')
          .append(name(RestrictionsCodec.encode(grant.restrictions())))
          .append(' ')
          .append(
              Base64.getEncoder().encodeToString(grant.label().getBytes(StandardCharsets.UTF_8)))
          .append('\n');
    }
    blocked.forEach(proof -> lines.append("blocked ").append(name(proof)).append('\n'));
    PrivateFiles.replace(
        directory.resolve("grants"), lines.toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    try (audit) {
      synchronized (this) {
        writeUsage();
        if (usageFile != null) {
          usageFile.close();
          usageFile = null;
        }
      }
    }
  }
}
