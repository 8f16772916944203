"""Pieces that may come next at a place of a text: what is asked of a generator, and its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.translation import _, language, localized

if TYPE_CHECKING:
    from aigc_studio.api import Candidate, EditRequest
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.prompt.values import Prompt

MOST = 5
"""Pieces that are asked for: as many as a person can take in at a glance."""
BEFORE, AFTER = 20_000, 2_000
"""Code points around the place that a generator gets of a long text: it is to answer at once."""
_NAMES = {"\n": lambda: _("new line"), "\t": lambda: _("tab"), " ": lambda: _("space")}
_MARKED = {"\n": "↵", "\t": "⇥", " ": "␣"}


@dataclass(frozen=True)
class Pick:
    """One piece: the words that it adds, how probable they are (None: not told), and a remark."""

    words: str
    probability: float | None = None
    title: str = ""

    @property
    def share(self) -> str:
        """The probability as a person reads it; empty where none was told."""
        if self.probability is None:
            return ""
        return f"{self.probability:.0%}" if self.probability >= 0.01 else _("< 1%")


@dataclass(frozen=True)
class Surroundings:
    """The part of a text that is sent, and the place in it that is asked about."""

    text: str
    place: int

    @classmethod
    def of(cls, text: str, place: int) -> Surroundings:
        """All of a text, or of a long one what stands around the place, from a line's beginning."""
        first = max(place - BEFORE, 0)
        if first:
            line = text.find("\n", first, first + BEFORE // 10)
            first = line + 1 if line >= 0 else first
        return cls(text[first : place + AFTER], place - first)

    def request(self, prompt: Prompt, model: ModelInfo | None, device: str) -> EditRequest:
        """What is asked."""
        from aigc_studio.api import EditRequest, Span, Text

        return EditRequest(
            operation=prompt.operation,
            parameters=dict(prompt.parameters),
            controls=dict(prompt.controls),
            seed=prompt.seed,
            count=MOST,
            prompt=prompt.prompt,
            model=Path(model.folder) if model else None,
            device=device,
            language=language(),
            artifacts=(Text(self.text),),
            selections=(Span(self.place, self.place),),
            latents=(None,),
        )

    def keep(self, event: Any) -> Any:
        """What a candidate adds; anything else as it is. On the reader thread."""
        return self._pick(event) if type(event).__name__ == "Candidate" else event

    def _pick(self, event: Candidate) -> Pick:
        words = str(event.artifact)
        if not event.part:
            words = words[self.place : len(words) - (len(self.text) - self.place)]
        return Pick(words, event.probability, localized(event.title))


def end_of_change(former: str, text: str) -> int:
    """Up to where one text differs from another (code points): where a caret was left in it."""
    most = min(len(former), len(text))
    before = _alike(most, lambda n: former[:n] == text[:n])
    behind = _alike(most - before, lambda n: former[len(former) - n :] == text[len(text) - n :])
    return len(text) - behind


def _alike(most: int, alike: Callable[[int], bool]) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if alike(middle) else (low, middle - 1)
    return low


def together(picks: list[Pick]) -> tuple[Pick, ...]:
    """Those that add something, each once, in the order in which they came."""
    found: dict[str, Pick] = {}
    for pick in picks:
        if pick.words:
            found.setdefault(pick.words, pick)
    return tuple(found.values())[:MOST]


def labels_of(picks: tuple[Pick, ...]) -> list[str]:
    """What stands on each: its words without the spaces around them, unless another has the same.

    What is nothing but space is named; a mark that needs a letter gets a place to sit on.
    """
    bare = [pick.words.strip() for pick in picks]
    return [
        _label(pick.words, alone=bare.count(words) == 1)
        for pick, words in zip(picks, bare, strict=True)
    ]


def _label(words: str, *, alone: bool) -> str:
    import unicodedata

    if words in _NAMES:
        return _NAMES[words]()
    bare = words.strip()
    if not bare or not alone:
        return "".join(_MARKED.get(sign, sign) for sign in words)
    shown = "".join(_MARKED.get(sign, sign) for sign in bare)
    return f"\u25cc{shown}" if unicodedata.category(shown[0]).startswith("M") else shown
