"""The report of a tour: one page of HTML beside its pictures."""

from __future__ import annotations

import html
from pathlib import Path
from urllib.parse import quote

from aigc_studio.api import Metric
from aigc_studio.files import write_text
from aigc_studio.translation import _, language

_style = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem;
       color: #1b1f24; background: #f6f7f9; }
img { image-rendering: pixelated; height: 112px; max-width: 100%; border-radius: 6px;
      object-fit: contain; object-position: left; }
img.large { height: 320px; }
figure { margin: 1rem 0; } figcaption { color: #57606a; margin-bottom: .3rem; }
td { padding-right: 2rem; font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8eb; background: #17191e; } figcaption { color: #a3abb6; } }
"""


class Report:
    """Lines, pictures and figures in the order they came; `write` makes the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[str] = []
        self._parts: list[str] = []
        self._metrics: dict[str, float] = {}

    def line(self, text: str) -> None:
        """Add a sentence to the report."""
        self.steps.append(text)
        self._parts.append(f"<p>{html.escape(text)}</p>")

    def picture(self, title: str, name: str) -> None:
        """A picture of the folder with what it is."""
        self.steps.append(f"{title} {name}")
        large = ' class="large"' if name == "training.png" else ""
        self._parts.append(
            f"<figure><figcaption>{html.escape(title)}</figcaption>"
            f'<img{large} src="{quote(name)}" alt="{html.escape(title)}"></figure>'
        )

    def note_metric(self, metric: Metric) -> None:
        """The last value of each measure of the training."""
        self._metrics[metric.name] = metric.value

    def write(self) -> None:
        """Write `report.html`."""
        title, figures = _("AIGC Studio: a tour"), _("The training in figures")
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{value:.4g}</td></tr>"
            for name, value in sorted(self._metrics.items())
        )
        page = (
            f'<!doctype html><html lang="{language().replace("_", "-")}"><meta charset="utf-8">'
            f"<title>{html.escape(title)}</title><style>{_style}</style>"
            f"<h1>{html.escape(title)}</h1>{''.join(self._parts)}"
            f"<h2>{html.escape(figures)}</h2><table>{rows}</table></html>\n"
        )
        write_text(self.folder / "report.html", page)
