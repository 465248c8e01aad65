#!/usr/bin/env python3
"""A small client of a TelosFS object store, in Python's standard library, written from docs/protocols/ipc.md.

    telos_client.py SOCKET CAPABILITY-FILE        puts, reads and counts a few objects, and says what it met
"""
import hashlib
import os
import socket
import struct
import sys

MAGIC = 0x54454C4F53495043
NEWEST = 2**63 - 1
(HELLO, PING, OPEN, BEGIN, CLOSE, GET, CHANGED_BY, IDS, ROOTS, PUT, DELETE, SET_ROOTS, READ_CURRENT, COMMIT, OUTCOME, NEW_IDS,
 HISTORY, REVISION, TRANSACTION_IDS, TRANSACTIONS, STATS, SUBSCRIBE, SAVEPOINT, ROLLBACK, UNDO, SEEN) = range(1, 27)
BLOB_BEGIN, BLOB_WRITE, BLOB_FINISH, BLOB_OPEN, BLOB_OPEN_REVISION, BLOB_READ, BLOB_CLOSE = range(0x20, 0x27)
BLOB_FRAME, BLOB_WINDOW = 256 * 1024, 8
DONE, FAILED, COMMITTED = 0x80, 0x81, 0x82


class TelosError(Exception):
    """A request was refused: error is its number, and the message says why."""

    def __init__(self, error, message):
        super().__init__(f"error {error}: {message}")
        self.error = error


class Conflict(Exception):
    """Others have changed these objects first."""

    def __init__(self, objects):
        super().__init__(f"conflict on {objects}")
        self.objects = objects


class Body:
    """Reads the body of a frame."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise ValueError("a frame ends too early")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def text(self):
        return self.take(self.number("I")).decode()

    def list(self, entry):
        return [entry() for _ in range(self.number("I"))]

    def ids(self):
        return self.list(lambda: self.number("Q"))

    def revision(self):
        """Object, transaction, state, references, and blob or None."""
        oid, tid, length = self.number("Q"), self.number("Q"), self.number("I")
        if length == 0xFFFFFFFF:
            return oid, tid, None, [], None
        end = self.at + length
        count = self.number("I")
        blob = self.blob() if count >> 31 else None
        references = [self.number("Q") for _ in range(count & 0x7FFFFFFF)]
        return oid, tid, self.take(end - self.at), references, blob

    def blob(self):
        """Id, transaction, size and SHA-256."""
        return self.take(16), self.number("Q"), self.number("Q"), self.take(32)

    def metadata(self):
        return self.text(), self.text(), dict(self.list(lambda: (self.text(), self.text())))

    def transaction(self):
        return self.number("Q"), self.metadata(), self.ids()


def text(value):
    data = value.encode()
    return struct.pack(">I", len(data)) + data


def ids(values):
    return struct.pack(f">I{len(values)}Q", len(values), *values)


class TelosClient:
    def __init__(self, path, capability):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(os.readlink(path) if os.path.islink(path) else path)
        self.stream = self.socket.makefile("rb")
        self.requests = self.views = 0
        self.notices = []
        answer = self.call(HELLO, struct.pack(">QHHQI", MAGIC, 1, 1, 0, len(capability)) + capability)[0]
        self.version, _, self.longest_frame, self.largest_state, self.most_views = (answer.number(f) for f in "HQIII")

    def send(self, kind, body=b""):
        """Sends a request and returns its number: any number may be sent before the first answer is taken."""
        self.requests += 1
        self.socket.sendall(struct.pack(">IBBHI", 8 + len(body), kind, 0, 0, self.requests) + body)
        return self.requests

    def receive(self, request):
        """The frames of the answer to that request; requests other than COMMIT, UNDO and OUTCOME are answered in order."""
        frames = []
        while True:
            header = self.stream.read(12)
            if len(header) < 12:
                raise ConnectionError("the server has closed the connection")
            length, kind, flags, _, answered = struct.unpack(">IBBHI", header)
            body = Body(self.stream.read(length - 8))
            if kind == COMMITTED:
                transaction = body.transaction()
                self.notices.append(transaction)
                self.send(SEEN, struct.pack(">Q", transaction[0]))
            elif kind == FAILED:
                raise TelosError(body.number("H"), body.text())
            elif answered != request:
                raise ConnectionError(f"an answer to {answered} where {request} was expected")
            else:
                frames.append(body)
                if not flags & 1:
                    return frames

    def call(self, kind, body=b""):
        return self.receive(self.send(kind, body))

    def ping(self, data=b""):
        return self.call(PING, data)[0].data

    def new_view(self):
        self.views += 1
        return self.views

    def new_ids(self, count):
        return [oid for body in self.call(NEW_IDS, struct.pack(">I", count)) for oid in body.ids()]

    def snapshot(self, tid=NEWEST):
        view = self.new_view()
        return view, self.call(OPEN, struct.pack(">IQ", view, tid))[0].number("Q")

    def begin(self):
        view = self.new_view()
        return view, self.call(BEGIN, struct.pack(">I", view))[0].number("Q")

    def close_view(self, view):
        self.send(CLOSE, struct.pack(">I", view))

    def get(self, view, oids):
        """Objects that exist, as {oid: (tid, state, references)}."""
        found = {}
        for body in self.call(GET, struct.pack(">I", view) + ids(oids)):
            for oid, tid, state, references, _ in body.list(body.revision):
                found[oid] = tid, state, references
        return found

    def roots(self, view=0):
        body = self.call(ROOTS, struct.pack(">I", view))[0]
        return dict(body.list(lambda: (body.text(), body.number("Q"))))

    def put(self, view, objects):
        """Objects as {oid: (state, references)}."""
        body = struct.pack(">II", view, len(objects))
        for oid, (state, references) in objects.items():
            inner = ids(references) + state
            body += struct.pack(">QI", oid, len(inner)) + inner
        self.call(PUT, body)

    def put_with_blob(self, view, oid, state, references, blob):
        identity, tid, size, sha256 = blob
        inner = struct.pack(">I", len(references) | 1 << 31) + identity + struct.pack(">QQ", tid, size) + sha256
        inner += struct.pack(f">{len(references)}Q", *references) + state
        self.call(PUT, struct.pack(">IIQI", view, 1, oid, len(inner)) + inner)

    def write_blob(self, chunks):
        """Writes a blob from an iterable of bytes; returns its stream, to be closed, and the blob, to be put."""
        stream, offset, sent = self.new_view(), 0, []
        self.call(BLOB_BEGIN, struct.pack(">I", stream))
        for chunk in chunks:
            for start in range(0, len(chunk), BLOB_FRAME):
                part = chunk[start:start + BLOB_FRAME]
                sent.append(self.send(BLOB_WRITE, struct.pack(">IQ", stream, offset) + part))
                offset += len(part)
                if len(sent) == BLOB_WINDOW:
                    self.receive(sent.pop(0))
        for request in sent:
            self.receive(request)
        return stream, self.call(BLOB_FINISH, struct.pack(">I", stream))[0].blob()

    def read_blob(self, oid, view=0, first=0, length=None):
        """Yields the bytes of an object's blob, all or a range."""
        stream = self.new_view()
        answer = self.call(BLOB_OPEN, struct.pack(">IIQ", stream, view, oid))[0]
        if not answer.number("B"):
            raise KeyError(f"object {oid:x} holds no blob")
        size = answer.blob()[2]
        end = size if length is None else min(size, first + length)
        for offset in range(first, end, BLOB_FRAME):
            yield self.call(BLOB_READ, struct.pack(">IQI", stream, offset, min(BLOB_FRAME, end - offset)))[0].data
        self.close_blob(stream)

    def close_blob(self, stream):
        """Whether a transaction had linked it."""
        return self.call(BLOB_CLOSE, struct.pack(">I", stream))[0].number("B") == 1

    def set_root(self, view, name, oid):
        self.call(SET_ROOTS, struct.pack(">II", view, 1) + text(name) + struct.pack(">Q", oid))

    def commit(self, view, user="", description="", number=None):
        body = struct.pack(">I", view) + (number or os.urandom(16)) + b"\0" + text(user) + text(description) + struct.pack(">I", 0)
        answer = self.call(COMMIT, body)[0]
        if answer.number("B"):
            raise Conflict(answer.ids())
        return answer.number("Q")

    def outcome(self, number, base):
        return self.call(OUTCOME, number + struct.pack(">Q", base))[0].number("Q")

    def history(self, oid, limit=100):
        body = struct.pack(">QQQBI", oid, 0, NEWEST, 1, limit)
        return [tid for frame in self.call(HISTORY, body) for tid in frame.ids()]

    def transactions(self, limit=10):
        return [t for frame in self.call(TRANSACTIONS, struct.pack(">QQBI", 0, NEWEST, 1, limit)) for t in frame.list(frame.transaction)]

    def close(self):
        self.stream.close()
        self.socket.close()


def main(path, capability_file):
    with open(capability_file, "rb") as file:
        capability = file.read()
    client = TelosClient(path, capability)
    assert client.ping(b"hello") == b"hello"
    first, second = client.new_ids(2)

    view, base = client.begin()
    client.put(view, {first: (b"from Python", [second]), second: (b"x" * 300_000, [])})
    client.set_root(view, "python", first)
    number = os.urandom(16)
    tid = client.commit(view, "python", "two objects and a root", number)
    assert client.outcome(number, base) == tid, "the commit's number is found"
    assert client.outcome(os.urandom(16), base) == 0

    view, shown = client.snapshot()
    assert shown >= tid and client.roots(view)["python"] == first
    found = client.get(view, [first, second, second + 1000])
    assert found == {first: (tid, b"from Python", [second]), second: (tid, b"x" * 300_000, [])}
    client.close_view(view)

    # Several requests at once: a transaction and its read, before the first answer is taken.
    view = client.new_view()
    sent = [client.send(BEGIN, struct.pack(">I", view)), client.send(GET, struct.pack(">I", view) + ids([first]))]
    assert client.receive(sent[0])[0].number("Q") >= tid
    assert client.receive(sent[1])[0].list(lambda: None) == [None]

    content = os.urandom(3_000_001)
    stream, blob = client.write_blob([content[:1_000_000], content[1_000_000:]])
    assert blob[2] == len(content) and blob[3] == hashlib.sha256(content).digest()
    holder = client.new_ids(1)[0]
    blob_view, _ = client.begin()
    client.put_with_blob(blob_view, holder, b"holds a blob", [first], blob)
    client.set_root(blob_view, "python-blob", holder)
    linked = client.commit(blob_view, "python", "a blob")
    assert client.close_blob(stream), "the blob is linked"
    assert b"".join(client.read_blob(holder)) == content
    assert b"".join(client.read_blob(holder, first=2_000_000, length=1_000)) == content[2_000_000:2_001_000]
    body = client.call(GET, struct.pack(">I", 0) + ids([holder]))[0]
    assert body.list(body.revision) == [(holder, linked, b"holds a blob", [first], (blob[0], linked, blob[2], blob[3]))]
    stream, blob = client.write_blob([b"nobody links this"])
    assert not client.close_blob(stream)

    other = TelosClient(path, capability)
    other_view, _ = other.begin()
    client.put(view, {first: (b"first wins", [second])})
    other.put(other_view, {first: (b"second", [second])})
    newest = client.commit(view, "python", "first")
    try:
        other.commit(other_view, "python", "second")
        raise AssertionError("a conflict was not seen")
    except Conflict as conflict:
        assert conflict.objects == [first]
    assert client.history(first) == [newest, tid]
    assert "first" in [says[1] for _, says, *_ in client.transactions()]
    try:
        client.get(4711, [first])
        raise AssertionError("a view that is none was read")
    except TelosError as refused:
        assert refused.error == 19, refused
    other.close()
    try:
        TelosClient(path, b"telos1.nonsense")
        raise AssertionError("anybody is admitted")
    except TelosError as refused:
        assert refused.error == 3, refused
    client.close()
    print(f"object {first:016x} committed as {tid:016x} and {newest:016x}; all is as docs/protocols/ipc.md says")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
