"""What was measured of the object store and its peers: targets, rates, the table of batches and sizes, and its chart."""
import math
import statistics
from xml.sax.saxutils import escape

from .objects import BATCH

US, REDIS, POSTGRES = "TelosFS", "Redis", "PostgreSQL"
GOOD_RATE = 1_000_000
GOOD_ROUND_TRIP_MICROS = 25

PANEL_WIDTH, PANEL_HEIGHT, MARGIN = 420, 300, 60
COLOURS = ["#4a6fa5", "#2a7f4f", "#c0392b", "#8e5ea2"]


class ObjectsReport:
    def __init__(self, found):
        self.samples = found["samples"]

    def _median(self, work, name=US, key="rate"):
        found = self.samples.get(work, {}).get(name)
        return statistics.median(sample[key] for sample in found) if found else None

    def judged(self):
        """(what, its unit, seen, wanted, met)."""
        trip = self._median(("round trip", 1, 0, 0), key="p50Micros")
        if trip is not None:
            yield "round trip of an empty call, median", "us", trip, f"<= {GOOD_ROUND_TRIP_MICROS}", trip <= GOOD_ROUND_TRIP_MICROS
        for clients in (1, 8):
            rate = self._median(("get", clients, BATCH, 100))
            if rate is not None:
                yield _name("get", clients, BATCH, 100), "objects/s", rate * BATCH, f">= {GOOD_RATE:,}", rate * BATCH >= GOOD_RATE
        for work, peer, least in self._compared():
            mine, other = self._median(work), self._median(work, peer)
            if mine and other:
                yield f"{_name(*work)}, beside {peer}", "ratio", mine / other, f">= {least}", mine / other >= least
        alone, many, device = self._median(("commit", 1, 1, 100)), self._median(("commit", 16, 1, 100)), self._median(("fdatasync", 1, 0, 256))
        if alone and device:
            yield "one durable commit after the other, beside the device's fdatasync", "ratio", alone / device, ">= 0.9", alone >= 0.9 * device
        if alone and many:
            yield "16 clients that commit, beside one", "ratio", many / alone, ">= 8", many >= 8 * alone

    def _compared(self):
        for work in self.samples:
            kind, _, batch, _ = work
            if kind == "get" and batch == BATCH and REDIS in self.samples[work]:
                yield work, REDIS, 1.0
            if kind == "commit" and batch == BATCH and REDIS in self.samples[work]:
                yield work, POSTGRES, 1.5
                yield work, REDIS, 1.0

    def markdown(self):
        parts = ["| | | seen | target | |\n|---|---|---|---|---|\n" + "\n".join(
            f"| {what} | {unit} | {_figure(seen)} | {wanted} | {'met' if met else '**missed**'} |"
            for what, unit, seen, wanted, met in self.judged())]
        names = [name for name in (US, REDIS, POSTGRES) if any(name in by_name for by_name in self.samples.values())]
        compared = [work for work, by_name in self.samples.items() if len(by_name) > 1 or work[0].startswith("fdatasync")]
        rows = [
            f"| {_name(*work)} | " + " | ".join(self._cell(work, name) for name in names) + " |" for work in compared
        ]
        parts.append(
            "Calls or transactions a second (and objects a second), medians of the rounds:\n\n"
            f"| | {' | '.join(names)} |\n|---{'|---' * len(names)}|\n" + "\n".join(rows))
        for kind in ("get", "commit"):
            parts.append(self._table(kind))
        return "\n\n".join(part for part in parts if part)

    def _cell(self, work, name):
        rate = self._median(work, name)
        if rate is None:
            return ""
        return f"{rate:,.0f}" + (f" ({rate * work[2]:,.0f})" if work[2] > 1 else "")

    def _grid(self, kind):
        """Sizes, batches and the rates by both, of one client."""
        cells = {(work[3], work[2]): self._median(work) for work in self.samples if work[0] == kind and work[1] == 1}
        sizes = sorted({bytes_ for bytes_, _ in cells if bytes_ != 100})
        batches = sorted({batch for _, batch in cells})
        return sizes, batches, cells

    def _table(self, kind):
        sizes, batches, cells = self._grid(kind)
        if len(batches) < 3:
            return ""
        what = "Reads: calls a second (objects a second)" if kind == "get" else "Durable transactions a second (objects a second)"
        rows = []
        for bytes_ in sizes:
            shown = (cells.get((bytes_, batch)) for batch in batches)
            rows.append(f"| {_size(bytes_)} | " + " | ".join(
                "" if rate is None else f"{rate:,.0f} ({rate * batch:,.0f})" for rate, batch in zip(shown, batches)) + " |")
        return f"{what}, one client, by size of an object and objects in a call:\n\n| | {' | '.join(map(str, batches))} |\n|---{'|---' * len(batches)}|\n" + "\n".join(rows)

    def chart(self):
        panels = [self._panel(kind, title) for kind, title in (("get", "objects read a second"), ("commit", "objects committed a second, durably"))]
        width = 2 * (PANEL_WIDTH + MARGIN) + MARGIN
        height = PANEL_HEIGHT + 2 * MARGIN
        shapes = "".join(f'<g transform="translate({MARGIN + at * (PANEL_WIDTH + MARGIN)} {MARGIN})">{panel}</g>' for at, panel in enumerate(panels))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">'
            f'<rect width="100%" height="100%" fill="white"/>{shapes}</svg>\n'
        )

    def _panel(self, kind, title):
        """Logarithmic in both directions: batches to the right, objects a second upwards, a line for each size."""
        sizes, batches, cells = self._grid(kind)
        rates = [rate * batch for (bytes_, batch), rate in cells.items() if bytes_ in sizes]
        if len(batches) < 2 or not rates:
            return ""
        low, high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))

        def x(batch):
            return math.log2(batch) / math.log2(batches[-1]) * PANEL_WIDTH

        def y(rate):
            return PANEL_HEIGHT * (1 - (math.log10(rate) - low) / (high - low))

        parts = [f'<text x="0" y="-20" font-weight="bold">{escape(title)}</text>']
        for power in range(low, high + 1):
            parts.append(f'<line x1="0" x2="{PANEL_WIDTH}" y1="{y(10**power):.1f}" y2="{y(10**power):.1f}" stroke="#ddd"/>')
            parts.append(f'<text x="-5" y="{y(10**power) + 4:.1f}" text-anchor="end">{10**power:,}</text>')
        for batch in batches:
            parts.append(f'<text x="{x(batch):.1f}" y="{PANEL_HEIGHT + 18}" text-anchor="middle">{batch}</text>')
        for bytes_, colour in zip(sizes, COLOURS):
            line = [(x(batch), y(cells[bytes_, batch] * batch)) for batch in batches if (bytes_, batch) in cells]
            if not line:
                continue
            points = " ".join(f"{right:.1f},{down:.1f}" for right, down in line)
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts.append(f'<text x="{line[-1][0] - 4:.1f}" y="{line[-1][1] - 6:.1f}" text-anchor="end" fill="{colour}">{_size(bytes_)}</text>')
        return "".join(parts)

    def raw(self):
        return [{"work": work, "clients": clients, "batch": batch, "bytes": bytes_, "samples": by_name}
                for (work, clients, batch, bytes_), by_name in self.samples.items()]


def _name(work, clients, batch, bytes_):
    whose = f", {clients} clients" if clients > 1 else ""
    return f"{work}, {batch} of {_size(bytes_)}{whose}" if batch else work + whose


def _size(bytes_):
    return f"{bytes_ >> 10} KiB" if bytes_ >= 1024 else f"{bytes_} B"


def _figure(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}"
