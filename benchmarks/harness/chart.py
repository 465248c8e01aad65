"""The chart: a bar for each target, from 0 to four times the target, and below it how long operations took."""
import math
from xml.sax.saxutils import escape

ROW = 18
LABEL = 330
WIDTH = 420
MOST = 4.0


def draw(judged, histograms, title):
    """The whole picture; histograms are pairs of a title and its (upper bound in microseconds, count)."""
    panels = [_ratios(judged, title)] if judged else []
    panels += [_histogram(bars, text) for text, bars in histograms]
    height = sum(panel_height for panel_height, _ in panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + WIDTH + 80}" height="{height}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    top = 0
    for panel_height, shapes in panels:
        parts += [f'<g transform="translate(0 {top})">', *shapes, "</g>"]
        top += panel_height
    return "\n".join([*parts, "</svg>"]) + "\n"


def _ratios(judged, title):
    height = (len(judged) + 3) * ROW
    parts = [f'<text x="8" y="{ROW}" font-weight="bold">{escape(title)}: ratio divided by its target</text>']
    for row, (work, name, reference, least, ratio, _) in enumerate(judged):
        y = (row + 2) * ROW
        reach = min(ratio / least, MOST)
        colour = "#2a7f4f" if ratio >= least else "#c0392b"
        parts.append(f'<text x="8" y="{y - 4}">{escape(f"{work}: {name} / {reference}")}</text>')
        parts.append(f'<rect x="{LABEL}" y="{y - 15}" width="{reach / MOST * WIDTH:.1f}" height="{ROW - 5}" fill="{colour}"/>')
        parts.append(f'<text x="{LABEL + reach / MOST * WIDTH + 5:.1f}" y="{y - 4}">{ratio:.2f}</text>')
    x = LABEL + WIDTH / MOST
    parts.append(f'<line x1="{x}" y1="{ROW + 4}" x2="{x}" y2="{height - ROW}" stroke="black" stroke-dasharray="3"/>')
    parts.append(f'<text x="{x - 15}" y="{height - 4}">target</text>')
    return height, parts


def _histogram(bars, title):
    """Logarithmic in both directions: the few that took long are what it is about."""
    height = (len(bars) + 3) * ROW
    parts = [f'<text x="8" y="{ROW}" font-weight="bold">{escape(title)}</text>']
    most = max(count for _, count in bars)
    for row, (upper, count) in enumerate(bars):
        y = (row + 2) * ROW
        reach = WIDTH * (math.log10(count) + 0.1) / (math.log10(most) + 0.1)
        parts.append(f'<text x="8" y="{y - 4}">up to {upper / 1000:.3f} ms</text>')
        parts.append(f'<rect x="{LABEL}" y="{y - 15}" width="{reach:.1f}" height="{ROW - 5}" fill="#4a6fa5"/>')
        parts.append(f'<text x="{LABEL + reach + 5:.1f}" y="{y - 4}">{count:,}</text>')
    return height, parts
