"""A model of verse as composing sees it: its net a step at a time, its marks, how its lines end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from aigc_studio.api import GeneratorError, Localized
from aigc_studio.toolkit.sequences import name_pieces, simplified
from rnn_text.verse.forms import Form
from rnn_text.verse.sounds import Sounds

if TYPE_CHECKING:
    from rnn_text.model import Model

Floats = np.ndarray[Any, np.dtype[np.float32]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
State = tuple[Floats, ...]
_breaks = "，。？！；：、\n"
"""What may stand between lines."""
_known = 3
"""So many voices are kept: their tables take a second."""


class Steps(Protocol):
    """A net that carries its state, a symbol at a time; the state is arrays (rows, …)."""

    def start(self, rows: int) -> State:
        """The state of rows that have read nothing."""
        ...

    def advance(self, symbols: Numbers, state: State) -> tuple[Floats, State]:
        """The outputs (rows, width) and the state after one symbol more of each row."""
        ...

    def logits(self, outputs: Floats) -> Floats:
        """The logits (rows, symbols) that outputs give."""
        ...


class Voice:
    """Reads and expects what a model has learnt. `marks` are the numbers of what is no text, by
    name; `symbols` the writing of each number; `forms` the names of the forms that it learnt."""

    def __init__(
        self, steps: Steps, symbols: Sequence[str], marks: dict[str, int], forms: Sequence[str]
    ) -> None:
        self.steps, self.symbols, self.marks = steps, tuple(symbols), marks
        self.forms = tuple(forms)
        self.sounds = Sounds(self.symbols)
        self.breaks = np.array([bool(each) and each in _breaks for each in symbols], np.bool_)
        self._numbers = {each: number for number, each in enumerate(symbols) if each}

    @property
    def end(self) -> int:
        """The number of the mark behind a text."""
        return self.marks["end"]

    def number(self, character: str) -> int:
        """The number of a character, in either script; 0 where the model does not know it."""
        return self._numbers.get(character) or self._numbers.get(simplified(character), 0)

    def opening(self, form: Form, theme: Iterable[int] = ()) -> list[int]:
        """What is read before a poem of a form, about a theme."""
        told = [self.marks[form.name]] if form.name in self.marks else []
        words = list(theme)
        if words and self.has_themes:
            told += [self.marks["theme"], *words]
        return [*told, self.marks["begin"]]

    @property
    def has_themes(self) -> bool:
        """Whether the model learnt what poems are about."""
        return "theme" in self.marks

    def read(self, numbers: Sequence[int]) -> tuple[Floats, State]:
        """The outputs and the state after symbols, one row; there is one symbol at least."""
        state = self.steps.start(1)
        for number in numbers:
            outputs, state = self.steps.advance(np.array([number]), state)
        return outputs, state


def voice_of(model: Model) -> Voice:
    """The voice of an open model. Raises `GeneratorError` for one that learnt no verse."""
    if model.kind != "verse":
        raise GeneratorError(
            f"The model {model.name} has not learnt verse: choose one that learnt from poems.",
            zh=f"模型“{model.name}”没有学过诗：请选择用诗训练的模型。",
        )
    if model.tag in _voices:
        _voices.move_to_end(model.tag)
    else:
        from rnn_text.network.stepping import Steps as Net

        alphabet = model.alphabet
        voice = Voice(Net(model.writer), alphabet.symbols, dict(alphabet.marks), model.forms)
        _voices[model.tag] = voice
        while len(_voices) > _known:
            _voices.popitem(last=False)
    return _voices[model.tag]


def not_known(characters: Iterable[str]) -> Localized:
    """What is said of characters in a poem that the model does not know."""
    named = name_pieces(characters)
    return {
        "en": f"The model does not know {named['en']}: what stands beside cannot fit it well.",
        "zh": f"模型不认识“{named['zh']}”：其上下文未必契合。",
    }


_voices: OrderedDict[bytes, Voice] = OrderedDict()
