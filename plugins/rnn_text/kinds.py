"""What kind of text a dataset holds: running text, single examples, or verse in forms."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from aigc_studio.api import Dataset
from rnn_text.model import Form, Kind

_LOOKED_AT = 300
_FEW = 8
"""Fewer texts than this are running text, whatever they look like."""
_LONG = 4000
_SENTENCE = 400
_ENDS = tuple(".!?;:…\"'”’)。！？；…」』）")
_VERSE = 0.7
"""The share of poems that must have one of the forms that stand out."""


def form_of_data(dataset: Dataset, wanted: str) -> Form:
    """How the texts of a dataset lie together, as the person `wanted` it, or by a look at some of
    them ("auto")."""
    texts = _some(dataset)
    kind: Kind = _kind(dataset, texts) if wanted == "auto" else wanted  # type: ignore[assignment]
    if kind == "verse":
        return Form("verse", "\n", shapes_of(texts))
    return Form(kind, "\n\n" if any("\n" in text.strip() for text in texts) else "\n")


def shapes_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The names of the forms that stand out among poems, the most frequent first."""
    from rnn_text.verse.forms import forms_of

    return forms_of(texts)


def shape_of(text: str) -> str:
    """The name of a poem's form; empty for what has no line."""
    from rnn_text.verse.forms import form_of

    found = form_of(text)
    return "" if found is None else found.name


def _some(dataset: Dataset) -> list[str]:
    """Some of the texts, evenly through the data."""
    count = min(len(dataset), _LOOKED_AT)
    places = (place * len(dataset) // count for place in range(count))
    return [str(dataset[place].artifact) for place in places]


def _kind(dataset: Dataset, texts: list[str]) -> Kind:
    if len(dataset) < _FEW or any(dataset[n].continues for n in range(min(len(dataset), 50))):
        return "prose"
    if _is_verse(texts):
        return "verse"
    lengths = [len(text) for text in texts]
    if median(lengths) > _LONG or _is_cut_up(dataset, texts, median(lengths)):
        return "prose"
    return "lines"


def _is_cut_up(dataset: Dataset, texts: list[str], usual: float) -> bool:
    """Whether the examples are the sentences of longer texts, one after another."""
    options = dataset.about.get("options")
    cut = options.get("split_text") if isinstance(options, dict) else None
    if cut in ("lines", "passages"):
        return False
    sources = {row.get("source", "") for row in dataset.rows}
    ended = sum(text.rstrip().endswith(_ENDS) for text in texts)
    return (
        usual <= _SENTENCE
        and "" not in sources
        and len(sources) * 20 <= len(dataset)
        and ended >= 0.8 * len(texts)
    )


def _is_verse(texts: list[str]) -> bool:
    """Whether most of the texts have a form that many of them have, in a script without spaces."""
    if not any(len(text) > 3 for text in texts) or any(" " in text.strip() for text in texts[:20]):
        return False
    names = [shape_of(text) for text in texts]
    shapes = {name for name in shapes_of(texts) if "x" in name and not name.endswith("x1")}
    return sum(name in shapes for name in names) >= _VERSE * len(texts)
