"""Requests: frozen plain data that says everything about one action.

They may gain fields in any release; a plugin reads those that it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.melody import Melody
from aigc_studio.api.selections import Bars, Mask, Selection, Span

if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVarWithDefault

    P = TypeVarWithDefault("P", default=Any)
else:
    P = TypeVar("P")

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Request(Generic[P]):
    """What every request carries.

    `operation` is the id of the operation asked for (the verb itself where the plugin lists none).
    `parameters` is an instance of that operation's parameter model, or an empty mapping; an author
    who writes `GenerateRequest[MyParameters]` has its type. `folder` is a scratch folder of this
    action: write nowhere else. `device` is what torch calls a device; `threads` are those that
    torch may use. `language` is `en` or `zh_CN`.
    """

    operation: str = ""
    parameters: P = field(default_factory=dict)  # type: ignore[assignment]
    seed: int = 0
    model: Path | None = None
    folder: Path = Path()
    device: str = "cpu"
    threads: int = 1
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class GenerateRequest(Request[P]):
    """Make `count` new artifacts from a prompt; number *n* is drawn from seed `seed + n`.

    `controls` are values of the model's controls by name: a number for a slider, an option's name
    for a choice; those that are not there are left as they are. `latents` are those of results made
    before, which more like them is asked for: they are what was drawn from, controls included, and
    `controls` move on from there.
    """

    prompt: str = ""
    count: int = 1
    controls: Mapping[str, float | str] = field(default_factory=dict)
    latents: tuple[bytes, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EditRequest(Request[P]):
    """Work on artifacts: inpaint, rewrite, recompose, morph.

    `selections` and `latents` are as long as `artifacts`; None where there is none. Only the first
    artifact can have a selection: it is the one that is changed, the others are looked at.
    `controls` are as in `GenerateRequest`. The properties give the first artifact, or its
    selection, with its type; they raise `TypeError` where it is of another kind.
    """

    artifacts: tuple[Artifact, ...] = ()
    selections: tuple[Selection | None, ...] = ()
    latents: tuple[bytes | None, ...] = ()
    prompt: str = ""
    count: int = 1
    controls: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def image(self) -> Image:
        """The picture that is edited."""
        return _expect(self.artifacts[0], Image)

    @property
    def text(self) -> Text:
        """The text that is edited."""
        return _expect(self.artifacts[0], Text)

    @property
    def melody(self) -> Melody:
        """The melody that is edited."""
        return _expect(self.artifacts[0], Melody)

    @property
    def mask(self) -> Mask:
        """The selected part of the picture; all of it where none is selected."""
        import numpy as np

        chosen = self._selection()
        if chosen is None:
            return Mask(np.full((self.image.height, self.image.width), 255, np.uint8))
        return _expect(chosen, Mask)

    @property
    def span(self) -> Span:
        """The selected part of the text; all of it where none is selected."""
        chosen = self._selection()
        return Span(0, len(self.text)) if chosen is None else _expect(chosen, Span)

    @property
    def bars(self) -> Bars:
        """The selected bars of the melody; all of them where none are selected."""
        chosen = self._selection()
        return Bars(1, self.melody.bar_count) if chosen is None else _expect(chosen, Bars)

    def _selection(self) -> Selection | None:
        return self.selections[0] if self.selections else None


@dataclass(frozen=True, kw_only=True)
class TrainRequest(Request[P]):
    """Learn from `dataset` (its training part only), for `minutes` or for exactly `steps`.

    `model` is a model to start from, if any. With `resume`, `folder` holds what an earlier run of
    this very request wrote, and the run goes on from there. `card` is the start model's card.
    """

    dataset: Dataset
    minutes: float | None = None
    steps: int | None = None
    resume: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EvaluateRequest(Request[P]):
    """Measure `model` on `dataset` (its held-out part), or explain `artifact` by annotations.

    An artifact comes to operations with `artifacts=1` only. Beside it, `dataset` is the training
    part of the data that the model learnt from, for operations that ask for it (`Operation.data`),
    and None for all others.
    The properties give the artifact with its type; they raise `TypeError` where it is another.
    """

    dataset: Dataset | None = None
    artifact: Artifact | None = None

    @property
    def image(self) -> Image:
        """The picture that is explained."""
        return _expect(self.artifact, Image)

    @property
    def text(self) -> Text:
        """The text that is explained."""
        return _expect(self.artifact, Text)

    @property
    def melody(self) -> Melody:
        """The melody that is explained."""
        return _expect(self.artifact, Melody)


def _expect(value: Any, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"the request has a {type(value).__name__}, and {kind.__name__} was read")
    return value
