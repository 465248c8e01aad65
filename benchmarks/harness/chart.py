"""The chart: one bar for each target, from 0 to four times the target, which is the line in the middle."""
from xml.sax.saxutils import escape

ROW = 18
LABEL = 330
WIDTH = 420
MOST = 4.0


def draw(judged, title):
    height = (len(judged) + 3) * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + WIDTH + 80}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="100%" height="100%" fill="white"/><text x="8" y="{ROW}" font-weight="bold">{escape(title)}: '
        "ratio divided by its target</text>",
    ]
    for row, (work, name, reference, least, ratio, _) in enumerate(judged):
        y = (row + 2) * ROW
        reach = min(ratio / least, MOST)
        colour = "#2a7f4f" if ratio >= least else "#c0392b"
        parts.append(f'<text x="8" y="{y - 4}">{escape(f"{work}: {name} / {reference}")}</text>')
        parts.append(f'<rect x="{LABEL}" y="{y - 15}" width="{reach / MOST * WIDTH:.1f}" height="{ROW - 5}" fill="{colour}"/>')
        parts.append(f'<text x="{LABEL + reach / MOST * WIDTH + 5:.1f}" y="{y - 4}">{ratio:.2f}</text>')
    x = LABEL + WIDTH / MOST
    parts.append(f'<line x1="{x}" y1="{ROW + 4}" x2="{x}" y2="{height - ROW}" stroke="black" stroke-dasharray="3"/>')
    parts.append(f'<text x="{x - 15}" y="{height - 4}">target</text></svg>')
    return "\n".join(parts) + "\n"
