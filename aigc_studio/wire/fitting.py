"""The schema of events: what may be yielded, asked in the worker and again by the window."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api import fitting, limits
from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.events import (
    LATENT_LIMIT,
    Annotation,
    Candidate,
    Checkpoint,
    Event,
    Message,
    Metric,
    Partial,
    Preview,
    Progress,
)
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.melody import Melody
from aigc_studio.api.requests import EditRequest, GenerateRequest, Request
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.translation import _

_LEVELS = ("info", "warning")
_PARAGRAPHS = 20
_STRIPS = 64
_ROUNDING = 1e-6
"""So far beyond 0 and 1 a probability may lie that was computed in single precision."""
MOST_TICKS = 2**53
"""The largest number in a melody: what a float holds exactly, and so what can be drawn."""


def fit_event(event: Any, remarks: list[str] | None = None) -> Event:
    """The event with plain fields within the limits. Raises `Misfit`: one phrase.

    Words never end a run: what of them cannot be shown is left out, with a phrase in `remarks`.
    """
    for kind, fit in _fits.items():
        if isinstance(event, kind):
            fitted: Event = fit(event, kind.__name__, remarks)
            return fitted
    sentence = _("it yielded {kind}, which is not an event")
    raise Misfit(sentence.format(kind=fitting.plain_words(type(event).__name__, 60)))


class Count:
    """Counts what one run gives: results, of which a strip is one, and their frames.

    As many results as `limits.CANDIDATES`, and so many frames that each that was asked for may be a
    strip, up to `limits.FRAMES`. Who asks for more, as a shell does that reads them one by one, may
    get a strip for each.
    """

    def __init__(self, request: Request) -> None:
        asked = request.count if isinstance(request, GenerateRequest | EditRequest) else 0
        frames = asked * _STRIPS
        if asked <= limits.CANDIDATES:
            self.most_results = limits.CANDIDATES
            self.most_frames = max(limits.CANDIDATES, min(frames, limits.FRAMES))
        else:
            self.most_results = self.most_frames = frames
        self.asked = asked
        self.results = self.frames = 0
        self._strips: dict[str, int] = {}

    def add(self, strip: Any = "") -> int:
        """The number of the result, from 0, that a candidate is, or is a frame of.

        Raises `Misfit` for one too many.
        """
        self.frames += 1
        number = self._strips.get(strip) if isinstance(strip, str) else None
        if number is None:
            number = self.results
            self.results += 1
            if strip and isinstance(strip, str):
                self._strips[strip] = number
        if self.results > self.most_results:
            sentence = _(
                "it made more than {limit} results in one run; those that came before are kept"
            )
            raise Misfit(sentence.format(limit=self.most_results))
        if self.frames > self.most_frames:
            sentence = _(
                "it made more than {limit} frames in one run; those that came before are kept"
            )
            raise Misfit(sentence.format(limit=self.most_frames))
        return number

    def check(self, number: Any) -> None:
        """Raise `Misfit` for a result that cannot come, of which a `Partial` says that it grows."""
        # As many as were asked for, and always the one that comes next.
        most = max(min(max(self.asked, self.results + 1), self.most_results), 1)
        if type(number) is not int or number >= most:
            sentence = _("its Partial has the number {number}, and it can make {limit} results")
            shown = fitting.plain_words(str(number), 20)
            raise Misfit(sentence.format(number=shown, limit=most))


def _progress(event: Progress, owner: str, remarks: list[str] | None) -> Progress:
    step = fitting.whole(event.step, owner, "step", 0)
    total = fitting.whole(event.total, owner, "total", 0)
    return Progress(step, total, fitting.words(event.text, owner, "text", remarks))


def _metric(event: Metric, owner: str, remarks: list[str] | None) -> Metric:
    name = fitting.name(event.name, owner, "name")
    value = fitting.number(event.value, owner, "value")
    return Metric(name, value, fitting.whole(event.step, owner, "step"))


def _preview(event: Preview, owner: str, remarks: list[str] | None) -> Preview:
    check_artifact(event.artifact, owner)
    if _is_large(event.artifact):
        raise Misfit(_("its {event} is larger than one may be").format(event=owner))
    step = fitting.whole(event.step, owner, "step")
    return Preview(event.artifact, step, fitting.words(event.title, owner, "title", remarks))


def _candidate(event: Candidate, owner: str, remarks: list[str] | None) -> Candidate:
    check_artifact(event.artifact, owner)
    latent = event.latent
    if latent is not None and not isinstance(latent, bytes):
        raise fitting.wrong_type(owner, "latent", latent)
    if latent is not None and len(latent) > LATENT_LIMIT:
        sentence = _("its latent has {given} bytes, and {limit} are allowed")
        raise Misfit(sentence.format(given=len(latent), limit=LATENT_LIMIT))
    seed = event.seed
    return Candidate(
        event.artifact,
        latent=latent,
        probability=_probability(event.probability, owner),
        strip=fitting.name(event.strip, owner, "strip"),
        position=fitting.whole(
            event.position, owner, "position", -limits.POSITION, limits.POSITION
        ),
        seed=None if seed is None else fitting.whole(seed, owner, "seed", 0),
        title=fitting.words(event.title, owner, "title", remarks),
        part=fitting.truth(event.part, owner, "part"),
    )


def _partial(event: Partial, owner: str, remarks: list[str] | None) -> Partial:
    check_artifact(event.artifact, owner)
    return Partial(
        event.artifact,
        number=fitting.whole(event.number, owner, "number", 0, limits.FRAMES),
        title=fitting.words(event.title, owner, "title", remarks),
        part=fitting.truth(event.part, owner, "part"),
    )


def _probability(value: Any, owner: str) -> float | None:
    if value is None:
        return None
    number = fitting.number(value, owner, "probability")
    if not 0 <= number <= 1:
        raise Misfit(_("its probability is {value}, and must be from 0 to 1").format(value=number))
    return number


def _checkpoint(event: Checkpoint, owner: str, remarks: list[str] | None) -> Checkpoint:
    if not isinstance(event.path, Path | str) or "\0" in str(event.path):
        raise fitting.wrong_type(owner, "path", event.path)
    return Checkpoint(
        path=Path(event.path),
        step=fitting.whole(event.step, owner, "step", 0),  # as a model's card has it
        metrics=_metrics(event.metrics, owner, remarks),
        best=fitting.truth(event.best, owner, "best"),
        card=event.card,
    )


def _metrics(given: Any, owner: str, remarks: list[str] | None) -> dict[str, float]:
    """The numbers of a checkpoint. No training of hours ends for one that is none: those are left
    out, and those that are too many."""
    found: dict[str, float] = {}
    if not isinstance(given, Mapping):
        fitting.remark(remarks, str(fitting.wrong_type(owner, "metrics", given)))
        return found
    for key, value in itertools.islice(given.items(), limits.METRICS):
        try:
            name = fitting.name(key, owner, "metrics")
            found[name] = fitting.number(value, owner, f"metric {name}")
        except Misfit as error:
            fitting.remark(remarks, str(error))
    if len(given) > limits.METRICS:
        sentence = _("its {event} has {given} {field}, and {limit} are allowed")
        about = {"event": owner, "given": len(given), "field": "metrics"}
        fitting.remark(remarks, sentence.format(**about, limit=limits.METRICS))
    return found


def _message(event: Message, owner: str, remarks: list[str] | None) -> Message:
    said = fitting.words(
        event.text, owner, "text", remarks, most=limits.SENTENCE, lines=_PARAGRAPHS
    )
    if isinstance(event.level, str) and event.level in _LEVELS:
        return Message(said, event.level)
    fitting.remark(remarks, _("the level of its Message is neither info nor warning"))
    return Message(said)


def _annotation(event: Annotation, owner: str, remarks: list[str] | None) -> Annotation:
    selection = _selection(event.selection, owner)
    given: Any = event.value
    if isinstance(given, str):  # float() would take "0.5"
        raise fitting.wrong_type(owner, "value", given)
    value = fitting.number(given, owner, "value")
    if not -_ROUNDING <= value <= 1 + _ROUNDING:
        sentence = _("the value of its annotation is {value}, and must be from 0 to 1")
        raise Misfit(sentence.format(value=value))
    text = fitting.words(event.text, owner, "text", remarks)
    return Annotation(selection, min(max(value, 0.0), 1.0), text)


def _selection(selection: Any, owner: str) -> Selection:
    if isinstance(selection, Span):
        start = fitting.whole(selection.start, owner, "selection", 0)
        return Span(start, fitting.whole(selection.stop, owner, "selection", start))
    if isinstance(selection, Bars):
        first = fitting.whole(selection.first, owner, "selection", 1)
        return Bars(first, fitting.whole(selection.last, owner, "selection", first))
    if isinstance(selection, Mask):
        check_artifact(Image(selection.pixels), owner)
        return selection
    raise fitting.wrong_type(owner, "selection", selection)


_fits: dict[type[Any], Callable[[Any, str, list[str] | None], Event]] = {
    Progress: _progress,
    Metric: _metric,
    Preview: _preview,
    Partial: _partial,
    Candidate: _candidate,
    Checkpoint: _checkpoint,
    Message: _message,
    Annotation: _annotation,
}


# Artifacts


def check_artifact(artifact: Any, owner: str) -> None:
    """Raise `Misfit` for what is no artifact, or is larger than a project can take."""
    if isinstance(artifact, Image):
        _check_picture(artifact)
    elif isinstance(artifact, Text):
        _check_text(artifact, owner)
    elif isinstance(artifact, Melody):
        _check_melody(artifact)
    else:
        raise fitting.wrong_type(owner, "artifact", artifact)


def _check_picture(picture: Image) -> None:
    width, height = picture.width, picture.height
    too_long = max(width, height) > limits.PICTURE_SIDE
    if too_long or width * height > limits.READ_PIXELS:
        sentence = _(
            "its picture has {width}×{height} pixels, and {pixels} pixels with at most {side} "
            "along a side are allowed"
        )
        about = {"width": width, "height": height}
        allowed = {"pixels": limits.READ_PIXELS, "side": limits.PICTURE_SIDE}
        raise Misfit(sentence.format(**about, **allowed))


def _check_text(text: Text, owner: str) -> None:
    if not isinstance(text.value, str):
        raise fitting.wrong_type(owner, "text", text.value)
    length = len(text.value)
    if length * 4 > limits.TEXT_BYTES:
        if length <= limits.TEXT_BYTES:
            length = len(text.value.encode("utf-8", "surrogatepass"))
        if length > limits.TEXT_BYTES:
            sentence = _("its text has {given} bytes, and {limit} are allowed")
            raise Misfit(sentence.format(given=length, limit=limits.TEXT_BYTES))


def _check_melody(melody: Melody) -> None:
    # Its bars are counted when a melody is made.
    if len(melody.notes) > limits.NOTES:
        sentence = _("its melody has {given} notes, and {limit} are allowed")
        raise Misfit(sentence.format(given=len(melody.notes), limit=limits.NOTES))
    changes = max(len(melody.tempos), len(melody.metres), len(melody.keys))
    if changes > limits.CHANGES:
        sentence = _("its melody has {given} changes of tempo or metre, and {limit} are allowed")
        raise Misfit(sentence.format(given=changes, limit=limits.CHANGES))
    numbers = [melody.length, melody.ticks_per_quarter]
    numbers += [each.microseconds for each in melody.tempos]
    numbers += [part for each in melody.metres for part in (each.start, each.numerator)]
    numbers += [each.start for each in melody.keys]
    if max(numbers) > MOST_TICKS:
        raise Misfit(_("its melody has numbers that are too large"))


# Previews: a look, and no more of it than there is to see


def _is_large(artifact: Artifact) -> bool:
    if isinstance(artifact, Image):
        return artifact.width * artifact.height > limits.PREVIEW_PIXELS
    if isinstance(artifact, Text):
        return len(artifact) > limits.PREVIEW_CHARACTERS
    notes, bars = len(artifact.notes), limits.PREVIEW_NOTES
    changes = max(len(artifact.tempos), len(artifact.metres), len(artifact.keys))
    return max(notes, changes) > bars or _bar_count(artifact) > bars


def _bar_count(melody: Melody) -> int:
    """How many bars, without making a list of all: whether they are many is the question."""
    whole = min(
        melody.ticks_per_quarter * 4 * each.numerator // each.denominator for each in melody.metres
    )
    few = melody.length // max(1, whole) + len(melody.metres)
    return few if few <= limits.PREVIEW_NOTES else len(melody.bars)


def smaller(artifact: Artifact) -> Artifact:
    """A preview's artifact within the limits of a preview; the same when it is, or is none."""
    known = isinstance(artifact, Image | Melody) or (
        isinstance(artifact, Text) and isinstance(artifact.value, str)
    )
    if not known or not _is_large(artifact):
        return artifact
    if isinstance(artifact, Image):
        return _smaller_picture(artifact)
    if isinstance(artifact, Text):
        return Text(artifact.value[: limits.PREVIEW_CHARACTERS - 1] + "…")
    return _beginning(artifact)


def _smaller_picture(picture: Image) -> Image:
    share = (limits.PREVIEW_PIXELS / (picture.width * picture.height)) ** 0.5
    size = (max(1, int(picture.width * share)), max(1, int(picture.height * share)))
    if size[0] * size[1] > limits.PREVIEW_PIXELS:  # one side is a pixel, the other very long
        size = (min(size[0], limits.PREVIEW_PIXELS), min(size[1], limits.PREVIEW_PIXELS))
    return Image.from_pillow(picture.to_pillow().resize(size, reducing_gap=1.0))


def _beginning(melody: Melody) -> Melody:
    """The first bars and notes of a melody."""
    most = limits.PREVIEW_NOTES
    bars = melody.bars
    stop = bars[min(most, len(bars)) - 1][1]
    notes = tuple(note for note in melody.notes[:most] if note.start < stop)
    return Melody(
        notes=tuple(_ending(note, stop) for note in notes),
        ticks_per_quarter=melody.ticks_per_quarter,
        program=melody.program,
        tempos=tuple(each for each in melody.tempos[:most] if each.start < stop),
        metres=tuple(each for each in melody.metres[:most] if each.start < stop),
        keys=tuple(each for each in melody.keys[:most] if each.start < stop),
        length=stop,
    )


def _ending(note: Any, stop: int) -> Any:
    from dataclasses import replace

    return replace(note, duration=min(note.duration, stop - note.start))
