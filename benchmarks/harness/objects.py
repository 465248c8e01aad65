"""The object store through its socket beside Redis and PostgreSQL through theirs, each with its own clients."""
import json
import pathlib
import pwd
import shutil
import socket
import subprocess

from .programs import TELOSFS, Failed, run, wait_until

OBJECTS = 50_000
BATCH = 256

# (work, clients, objects in a call or transaction, bytes of an object)
WORKS = [
    ("round trip", 1, 0, 0),
    *(("get", clients, BATCH, bytes_) for bytes_ in (100, 1024) for clients in (1, 8)),
    *(("commit", clients, BATCH, bytes_) for bytes_ in (100, 1024) for clients in (1, 8)),
    ("commit", 1, 1, 100),
    ("commit", 16, 1, 100),
]
SIZES = (100, 1024)


class Server:
    """One of those that are compared."""

    name = ""
    packages = {}  # program -> the Debian package that has it

    def __init__(self, home, seconds):
        self.home = home / self.name
        self.seconds = seconds

    def require(self):
        missing = [package for program, package in self.packages.items() if _program(program) is None]
        if missing:
            raise Failed(f"{self.name}: not installed; run: apt-get install {' '.join(missing)}")

    def round(self, last):
        """Yields (work, clients, batch, bytes, calls a second, p50 in microseconds)."""
        raise NotImplementedError


class TelosFs(Server):
    name = "TelosFS"

    def round(self, last):
        self.home.mkdir(exist_ok=True)
        results = self.home / "results.json"
        # The table's four dozen rows in one store: half the time, or its history outgrows the default heap.
        plan = ["--seconds", self.seconds / 2, "--table"] if last else ["--seconds", self.seconds]
        run(TELOSFS, "bench", "--image", self.home, *plan, "--json", results, timeout=3600)
        for row in json.loads(results.read_text())["results"]:
            yield row["work"], row["clients"], row["batch"], row["bytes"], row["callsPerSecond"], row["p50Micros"]


class Redis(Server):
    """A durable write is one that appendfsync=always has synced; redis-benchmark is the client."""

    name = "Redis"
    packages = {"redis-server": "redis-server", "redis-benchmark": "redis-tools"}

    def round(self, last):
        self.home.mkdir()
        path = self.home / "socket"
        server = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", path, "--dir", self.home, "--save", "",
             "--appendonly", "yes", "--appendfsync", "always"],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_until(path.exists, f"{self.name}: starting")
            for bytes_ in SIZES:
                _load_redis(path, bytes_)
            for work in WORKS:
                yield (*work, *self._measured(path, *work))
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(self.home)

    def _measured(self, path, work, clients, batch, bytes_):
        key, value = f"{bytes_}:__rand_int__", "x" * bytes_
        command = {
            "round trip": ["PING"],
            "get": ["MGET"] + [key] * batch,
            "commit": ["MSET"] + [key, value] * batch,
        }[work]

        def calls(count):
            said = run("redis-benchmark", "-s", path, "-c", clients, "-n", count, "-r", OBJECTS, "--csv", *command)
            rate, _, _, p50, *_ = (float(field.strip('"')) for field in said.strip().splitlines()[-1].rsplit(",", 7)[1:])
            return rate, p50 * 1000

        rate, _ = calls(200)
        return calls(max(200, int(rate * self.seconds)))


def _load_redis(path, bytes_):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        reader = connection.makefile("rb")
        for first in range(0, OBJECTS, 1000):
            words = [b"MSET"]
            for number in range(first, first + 1000):
                words += [b"%d:%012d" % (bytes_, number), b"x" * bytes_]
            connection.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
            if reader.readline() != b"+OK\r\n":
                raise Failed("Redis did not take what is to be read")


class PostgreSql(Server):
    """Statements of many rows, which carry the states; pgbench is the client, and each client writes rows of its own."""

    name = "PostgreSQL"
    packages = {"pgbench": "postgresql", "initdb": "postgresql"}

    def round(self, last):
        self.home.mkdir()
        self.home.parent.chmod(0o755)
        account = pwd.getpwnam("postgres")
        shutil.chown(self.home, account.pw_uid, account.pw_gid)
        data = self.home / "data"
        self._as_postgres(_program("initdb"), "-D", data, "-A", "trust")
        self._as_postgres(
            _program("pg_ctl"), "-D", data, "-w", "-l", self.home / "log", "-o",
            f"-c listen_addresses='' -k {self.home} -c synchronous_commit=on", "start")
        try:
            for bytes_ in SIZES:
                self._sql(f"CREATE TABLE objects_{bytes_} (id bigint PRIMARY KEY, state bytea)")
                self._sql(f"INSERT INTO objects_{bytes_} SELECT id, decode('{'78' * bytes_}', 'hex') FROM generate_series(0, {OBJECTS - 1}) id")
            self._sql("VACUUM ANALYZE")
            for work in WORKS:
                yield (*work, *self._measured(*work))
        finally:
            self._as_postgres(_program("pg_ctl"), "-D", data, "-m", "fast", "stop")
            shutil.rmtree(self.home)

    def _measured(self, work, clients, batch, bytes_):
        share = OBJECTS // clients
        place = f"\\set first :client_id * {share} + random(0, {share} - {max(batch, 1)})\n"
        script = self.home / "script"
        if work == "round trip":
            script.write_text(";\n")
        elif work == "get":
            script.write_text(f"{place}SELECT id, state FROM objects_{bytes_} WHERE id BETWEEN :first AND :first + {batch - 1};\n")
        else:
            rows = ", ".join(f"({row}, '\\x{'79' * bytes_}'::bytea)" for row in range(batch))
            script.write_text(
                f"{place}INSERT INTO objects_{bytes_} SELECT :first + row, state FROM (VALUES {rows}) AS given(row, state) "
                "ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state;\n")
        script.chmod(0o644)
        said = self._as_postgres(
            _program("pgbench"), "-h", self.home, "-n", "-M", "prepared" if work == "get" else "extended", "-f", script,
            "-c", clients, "-T", max(1, round(self.seconds)), "postgres")
        rate = latency = 0.0
        for line in said.splitlines():
            if line.startswith("tps ="):
                rate = float(line.split()[2])
            if line.startswith("latency average ="):
                latency = float(line.split()[3]) * 1000  # pgbench tells no median
        return rate, latency

    def _sql(self, text):
        self._as_postgres(_program("psql"), "-q", "-h", self.home, "-c", text, "postgres")

    def _as_postgres(self, *command):
        return run("runuser", "-u", "postgres", "--", *command, cwd="/")


def _program(name):
    """Where it is; Debian keeps PostgreSQL's own beside its versions."""
    newest = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (newest[-1] if newest else None)


def measure(home, options, say):
    """{"samples": {work: {server: [{"rate", "p50Micros"}]}}, "absent": {server: why}}; a work is a tuple."""
    found = {"samples": {}, "absent": {}}
    servers = []
    for kind in (TelosFs, Redis, PostgreSql):
        server = kind(home, 0.5 if options.quick else 2)
        try:
            server.require()
            servers.append(server)
        except Failed as failure:
            found["absent"][server.name] = str(failure)
    for round_ in range(options.rounds):
        for server in servers:
            try:
                for *work, rate, p50 in server.round(round_ == options.rounds - 1):
                    by_name = found["samples"].setdefault(tuple(work), {})
                    by_name.setdefault(server.name, []).append({"rate": rate, "p50Micros": p50})
            except Failed as failure:
                found["absent"][f"{server.name}, round {round_ + 1}"] = str(failure)
            say(f"round {round_ + 1} of {options.rounds}: objects on {server.name}")
    return found
