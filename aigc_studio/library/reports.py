"""Models on one page to hand in or to compare: HTML that holds all it shows, or a CSV table.

What stands in a card may be of another's making: nothing of it is taken but as text.
"""

from __future__ import annotations

import base64
import csv
import html
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio import files
from aigc_studio.api import StudioError, samples
from aigc_studio.library.cards import count, data_before, duration, part, words
from aigc_studio.library.course import card_points, card_verdict
from aigc_studio.library.evaluation import measured_on
from aigc_studio.library.identity import titled
from aigc_studio.library.measures import (
    card_measures,
    in_order,
    measure_title,
    own_words,
    told_measure,
)
from aigc_studio.library.summaries import card_rights, data_title
from aigc_studio.translation import _, enumerated, language

if TYPE_CHECKING:
    from aigc_studio.library.measures import Own
    from aigc_studio.library.model_info import ModelInfo

SUFFIXES = (".html", ".csv")
"""The endings of files that a report can be written to."""

_TEXT = 20_000
_CHART = (480, 120)
_ROLL = (720, 144)
"""Pixels of a tune, and of eight bars or so of it in each of its lines."""
_LINE_QUARTERS = 32
_style = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
       color: #1b1f24; background: #fff; }
img, svg { max-width: 100%; border: 1px solid #d0d7de; border-radius: 6px; }
img { image-rendering: pixelated; min-width: 224px; }
pre { white-space: pre-wrap; background: #f6f8fa; padding: 1rem; border-radius: 6px; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem 1.5rem .2rem 0;
       vertical-align: top; border-bottom: 1px solid #d0d7de; font-variant-numeric: tabular-nums; }
section { break-inside: avoid-page; } code { overflow-wrap: anywhere; }
"""


def write_report(
    models: Sequence[ModelInfo], path: Path, own: Own | None = None, *, replace: bool = False
) -> Path:
    """Write what is known of these models to a file, by its ending `.csv` or else as HTML; `own`
    are the words of their plugins for measures of their own, where these are here.

    Raises `OSError`, and `StudioError` for a file that is there and is not to be replaced.
    """
    if path.exists() and not replace:
        raise StudioError(
            _("The file {name} already exists: choose another name.").format(name=path.name)
        )
    # Spreadsheets take a table for UTF-8 only by the mark at its beginning.
    text = "\ufeff" + _table(models, own) if path.suffix.lower() == ".csv" else _page(models, own)
    files.write_text(path, text)
    return path


def _facts(model: ModelInfo) -> list[tuple[str, str]]:
    card, seconds = model.card, duration(model.card, "seconds")
    told, before = part(card, "data"), [words(each, "name") for each in data_before(card)]
    steps, examples, weights = (
        str(number) if number is not None else ""
        for number in (count(card, "step"), count(told, "examples"), count(card, "parameter_count"))
    )
    return [
        (_("Generator"), model.generator),
        (_("Learnt from"), enumerated(filter(None, [data_title(card), *before]))),
        (_("Examples"), examples),
        (_("Licence"), card_rights(card) or _("not recorded")),
        (_("Credit"), words(card, "credit")),
        (_("Steps"), steps),
        (_("Seconds"), f"{seconds:.0f}" if seconds is not None else ""),
        (_("Weights"), weights),
        (_("Seed"), f"{count(card, 'seed')}" if count(card, "seed") is not None else ""),
        (_("Digest"), model.digest[:12]),
        (_("Command"), words(card, "command")),
    ]


def _measured(models: Sequence[ModelInfo], given: Own | None) -> list[tuple[str, list[str]]]:
    """Every measure that one of them has: its title, and the value of each of them or nothing."""
    own: Own = {name: told for each in models for name, told in own_words(each.card, given).items()}
    names = in_order([name for each in models for name in part(each.card, "metrics")], own)
    found = [
        (measure_title(name, own), [told_measure(part(m.card, "metrics"), name)[1] for m in models])
        for name in names
    ]
    return [(title, values) for title, values in found if any(values)]


def _table(models: Sequence[ModelInfo], own: Own | None) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["", *(_plain(titled(each, models)) for each in models)])
    facts = [_facts(each) for each in models]
    for number, (title, _value) in enumerate(facts[0]):
        rows.writerow([title, *(_plain(each[number][1]) for each in facts)])
    for title, values in _measured(models, own):
        rows.writerow([_plain(title), *values])
    return out.getvalue()


def _plain(value: str) -> str:
    """What a spreadsheet does not take for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _page(models: Sequence[ModelInfo], own: Own | None) -> str:
    names = [titled(each, models) for each in models]
    title = _("Models: {names}").format(names=enumerated(names))
    if len(names) == 1:
        title = _("Model: {name}").format(name=names[0])
    parts = [f"<h1>{html.escape(title)}</h1>"]
    measured = _measured(models, own)
    if len(models) == 1:
        parts.append(_section(models[0], own, measured))
    else:
        parts += [_heading(_("Compared")), _rows(measured, names)] if measured else []
        for model, name in zip(models, names, strict=True):
            parts.append(f"<section>{_heading(name)}{_section(model, own)}</section>")
    return (
        f'<!doctype html><html lang="{language().replace("_", "-")}"><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{_style}</style>{''.join(parts)}</html>\n"
    )


def _section(
    model: ModelInfo, own: Own | None, measured: Sequence[tuple[str, Sequence[str]]] = ()
) -> str:
    card, parts = model.card, list[str]()
    if shown := _sample(model.samples):
        parts += [shown, _line(_("Made by the model: generated by AI."))]
    parts.append(_rows([(title, [value]) for title, value in _facts(model) if value]))
    told = card_measures(card, own)
    parts.append(_heading(_("How good it is")))
    items = "".join(f"<li>{html.escape(each)}</li>" for each in told)
    parts.append(f"<ul>{items}</ul>" if told else _line(_("nothing was measured")))
    parts += [_line(each) for each in (measured_on(card), card_verdict(card)) if each]
    return "".join([*parts, _rows(measured) if measured else "", _course(card, own)])


def _heading(text: str) -> str:
    return f"<h2>{html.escape(text)}</h2>"


def _line(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _rows(rows: Sequence[tuple[str, Sequence[str]]], heads: Sequence[str] = ()) -> str:
    head = "".join(f"<th>{html.escape(each)}</th>" for each in heads)
    lines = "".join(
        f"<tr><th>{html.escape(title)}</th>"
        + "".join(f"<td>{html.escape(each)}</td>" for each in values)
        + "</tr>"
        for title, values in rows
    )
    return f"<table>{f'<tr><th></th>{head}</tr>' if head else ''}{lines}</table>"


def _sample(path: Path | None) -> str:
    medium = samples.medium_of(path) if path is not None else None
    if path is None or medium is None:
        return ""
    try:
        if medium == "melody":
            return _roll(path)
        data = files.plain_bytes(path)
    except (OSError, ValueError):
        return ""
    if medium == "text":
        return f"<pre>{html.escape(data.decode('utf-8', 'replace')[:_TEXT])}</pre>"
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(data).decode()}">'


def _roll(path: Path) -> str:
    """A tune as strips of a piano roll, one below the other: whoever reads hears nothing, but sees
    its line and its rhythm."""
    from aigc_studio.api import Melody
    from aigc_studio.wire.artifacts import read_artifact_file

    melody = read_artifact_file(path, "melody")
    if not isinstance(melody, Melody) or not melody.notes:
        return ""
    (width, height), quarter = _ROLL, melody.ticks_per_quarter
    span = _LINE_QUARTERS * quarter
    pitches = [each.pitch for each in melody.notes]
    low, high = min(pitches) - 1, max(pitches) + 1
    step = height / (high - low + 1)
    rows: dict[int, list[str]] = {}
    for note in sorted(melody.notes):
        row, at = divmod(note.start, span)
        x, long = at / span * width, min(note.duration, span - at) / span * width
        y = (high - note.pitch) * step
        rows.setdefault(row, []).append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(long - 1, 1):.1f}" '
            f'height="{max(step - 1, 1):.1f}" rx="1"/>'
        )
    return "".join(
        f'<svg viewBox="0 0 {width} {height}" width="{width}" fill="#9c4f00">{"".join(each)}</svg>'
        for _row, each in sorted(rows.items())
    )


def _course(card: Mapping[str, object], own: Own | None) -> str:
    """What was measured while it learnt, as a curve."""
    name, points = card_points(card)
    if len(points) < 2:
        return ""
    (width, height), values = _CHART, [value for _step, value in points]
    low, last = min(values), max(points[-1][0], 1)
    spread = max(values) - low or 1.0
    at = " ".join(
        f"{step / last * width:.1f},{height - 8 - (value - low) / spread * (height - 16):.1f}"
        for step, value in points
    )
    told = f"{measure_title(name, own_words(card, own))}: {values[0]:.4g} → {values[-1]:.4g}"
    heading = _heading(_("While it learnt"))
    return (
        f'{heading}<svg viewBox="0 0 {width} {height}" width="{width}">'
        f'<polyline points="{at}" fill="none" stroke="#3b5bdb" stroke-width="2"/></svg>'
        f"{_line(told)}"
    )
