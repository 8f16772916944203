"""The fence behind a plugin: what it yields is looked at before it leaves the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from aigc_studio.api import fitting, limits
from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.controls import read_controls
from aigc_studio.api.description import Description
from aigc_studio.api.events import (
    Annotation,
    Candidate,
    Checkpoint,
    Event,
    Metric,
    Partial,
    Preview,
)
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.melody import Melody
from aigc_studio.api.parts import joined
from aigc_studio.api.requests import EditRequest, EvaluateRequest, Request
from aigc_studio.api.selections import Bars, Selection, Span
from aigc_studio.translation import _, enumerated
from aigc_studio.wire.annotations import Excess, Said, left_out
from aigc_studio.wire.fitting import Count, fit_event, smaller
from aigc_studio.wire.model_folder import ALLOWED, Fault, card_fault, model_fault
from aigc_studio.wire.places import Place, at
from aigc_studio.worker.grown import grew_behind

_Result = TypeVar("_Result", Candidate, Partial)


class BadResult(Exception):
    """The plugin did not keep to the spec: `str()` is the sentence, without the plugin's name.

    `place` is the line that yielded it, or the hook, where that is known; `stack` all the lines on
    the way to it.
    """

    place: Place | None = None
    stack = ""


class BadAnnotation(BadResult):
    """One thing that was said of an item does not fit: it is left out, and the others are told."""


class Fence:
    """Checks the events of one run in order, and fills in what the plugin left open."""

    def __init__(self, description: Description, request: Request) -> None:
        self._description = description
        self._request = request
        self._count = Count(request)
        self._said = Said(request)
        self._metrics: set[str] = set()
        self.remarks: list[str] = []
        """Phrases for the plugin's author: words that were left out."""
        self.told: list[str] = []
        """The remarks that have been told."""
        self.misfits, self.first_misfit = 0, ""
        """How many annotations were left out, and why the first of them."""

    def passed(self, event: Any) -> Event:
        """The event, made complete and plain. Raises `BadResult`, and `BadAnnotation` for what is
        to be left out."""
        if isinstance(event, Annotation):
            return self._annotation(event)
        try:
            fitted = fit_event(_without_excess(event), self.remarks)
        except Misfit as error:
            raise BadResult(str(error)) from None
        if isinstance(fitted, Candidate):
            return self._candidate(fitted)
        if isinstance(fitted, Partial):
            return self._partial(fitted)
        if isinstance(fitted, Checkpoint):
            return self._checkpoint(fitted)
        if isinstance(fitted, Metric):
            self._metrics.add(fitted.name)
            if len(self._metrics) > limits.METRICS:  # each is a line in a plot
                sentence = _("it has metrics of more than {limit} names")
                raise BadResult(sentence.format(limit=limits.METRICS))
        return fitted

    def leave_out(self, error: BadAnnotation) -> None:
        """Count an annotation that is left out; the author hears of the first."""
        self.misfits += 1
        if self.misfits == 1:
            self.first_misfit = at(str(error), error.place)
            self.remarks.append(left_out(self.first_misfit))

    def _annotation(self, event: Annotation) -> Event:
        try:
            self._said.count()
            fitted = fit_event(event, self.remarks)
            assert isinstance(fitted, Annotation)
            self._said.check(fitted)
        except Misfit as error:
            explains = isinstance(self._request, EvaluateRequest)
            left_out = explains and not isinstance(error, Excess)
            raise (BadAnnotation if left_out else BadResult)(str(error)) from None
        return fitted

    def _candidate(self, event: Candidate) -> Candidate:
        try:
            number = self._count.add(event.strip)
        except Misfit as error:
            raise BadResult(str(error)) from None
        event = self._joined(event)
        # The candidates of a strip are one result in many steps, drawn from one seed.
        if event.seed is None:
            return replace(event, seed=min(self._request.seed + number, fitting.MOST))
        return event

    def _partial(self, event: Partial) -> Partial:
        try:
            self._count.check(event.number)
        except Misfit as error:
            raise BadResult(str(error)) from None
        return self._joined(event)

    def _joined(self, event: _Result) -> _Result:
        """Look at its artifact. Where nothing of what is edited is selected, all of it is the part
        (`EditRequest.span`, `bars`), and what comes in its place is the whole."""
        before, chosen = self._selected()
        if event.part and chosen is None and before is not None:
            event = replace(event, part=False)
        self._check_artifact(event.artifact, event.part)
        return event

    def _check_artifact(self, artifact: Artifact, part: bool) -> None:
        """Raise `BadResult` for another medium, and for what changes more than the selection."""
        if artifact.medium != self._description.medium:
            sentence = _("it made an artifact of the medium {given}, and says that it makes {said}")
            raise BadResult(sentence.format(given=artifact.medium, said=self._description.medium))
        before, chosen = self._selected()
        if before is None or chosen is None:
            if part:
                raise BadResult(_("it yielded a part, and no part was selected"))
        elif part:
            problem = _why_no_part(before, chosen, artifact)
            if problem:
                raise BadResult(problem)
        elif not keeps_rest(before, chosen, artifact):
            raise BadResult(_why_not_kept(before, chosen, artifact))

    def _selected(self) -> tuple[Artifact | None, Selection | None]:
        """What is edited, and what of it is selected."""
        request = self._request
        if not isinstance(request, EditRequest) or not request.artifacts:
            return None, None
        return request.artifacts[0], next(iter(request.selections), None)

    def _checkpoint(self, event: Checkpoint) -> Checkpoint:
        path = Path(self._request.folder, event.path).resolve()
        problem = _checkpoint_problem(path, self._request.folder.resolve(), event.card)
        if problem:
            raise BadResult(problem)
        try:
            card = fitting.plain_json(event.card, "Checkpoint", "card", limits.CARD_BYTES)
        except Misfit as error:
            raise BadResult(str(error)) from None
        read_controls(card, self.remarks)  # whoever opens the model leaves out what does not fit
        return replace(event, path=path, card=card)


def _without_excess(event: Any) -> Any:
    """A preview of a large artifact is a smaller one: a look is all that it is for."""
    return replace(event, artifact=smaller(event.artifact)) if isinstance(event, Preview) else event


def _checkpoint_problem(path: Path, folder: Path, card: Any) -> str:
    """What would keep a checkpoint from becoming a model, or an empty string.

    Asked of each as it comes: after hours of training it would be too late to find it.
    """
    if not path.is_relative_to(folder):
        sentence = _("its checkpoint {name} lies outside the folder of the training")
        return sentence.format(name=path.name)
    fault = model_fault(path)
    if fault is not None:
        return _fault_problem(fault, path.name)
    wrong = card_fault(card) if isinstance(card, Mapping) else type(card).__name__
    if wrong:
        sentence = _("the card of its checkpoint {name} cannot be kept: {problem}")
        return sentence.format(name=path.name, problem=wrong)
    return ""


def _fault_problem(fault: Fault, name: str) -> str:
    """A fault of a checkpoint as a phrase for the plugin's author."""
    phrase = {
        "nothing": _("its checkpoint {name} has neither model.json nor weights.safetensors"),
        "pickle": _("the weights.safetensors of its checkpoint {name} is a pickle"),
        "damaged": _("the weights.safetensors of its checkpoint {name} is not whole"),
        "empty": _("the weights.safetensors of its checkpoint {name} has no tensor in it"),
        "document": _("the model.json of its checkpoint {name} cannot be read ({problem})"),
        "name": _(
            "its checkpoint {name} has a file {file} too many, or of a name that not every system "
            "has: use letters, digits, spaces and . ( ) + - _ in it"
        ),
        "file": _("its checkpoint {name} has a file {file}, and a model may have only {kinds}"),
        "size": _("its checkpoint {name} has {given} bytes, and {limit} are allowed"),
    }[fault.kind]
    return phrase.format(
        name=name,
        file=fault.file,
        problem=fault.problem,
        kinds=enumerated(ALLOWED),
        given=fault.problem,
        limit=limits.MODEL_BYTES,
    )


def keeps_rest(before: Artifact, selection: Selection, after: Artifact) -> bool:
    """Whether what lies outside the selection is as it was (promise 7).

    Text: the characters before and after the span. Melody: all that `Melody.replaced` keeps. The
    tempo inside the bars may change; of the last bar, what was missing may be filled up; new bars
    may come right behind it (`grown`). Pictures: the host brings the result back through the mask,
    so any will do.
    """
    if isinstance(before, Text) and isinstance(selection, Span) and isinstance(after, Text):
        head, tail = before.value[: selection.start], before.value[selection.stop :]
        fits = len(after) >= len(head) + len(tail)
        return fits and after.value.startswith(head) and after.value.endswith(tail)
    if isinstance(before, Melody) and isinstance(selection, Bars) and isinstance(after, Melody):
        if after.length > before.length and grew_behind(before, selection, after):
            return True
        return not _changed_outside(before, selection, after)
    return isinstance(before, Image)


def _why_no_part(before: Artifact, selection: Selection, part: Artifact) -> str:
    """Why an artifact cannot come in place of the selection, for the plugin's author; else ''."""
    try:
        joined(before, selection, part)
    except ValueError as error:
        sentence = _("its part does not fit into the selection ({problem})")
        return sentence.format(problem=fitting.plain_words(str(error)))
    return ""


def _changed_outside(before: Melody, bars: Bars, after: Melody) -> str:
    """Which part of the rest an edit of bars changed, for the plugin's author; else ''."""
    same_lines = before.metres == after.metres
    if not same_lines or before.ticks_per_quarter != after.ticks_per_quarter:
        return _("the bar lines")
    start, stop = before.ticks(bars)
    longest = max(before.length, stop)
    if not (before.length == after.length or before.length < after.length <= longest):
        return _("the length of the tune")
    if before.program != after.program:
        return _("the instrument")
    if before.keys != after.keys:
        return _("the key")
    # Behind the last bar nothing is heard.
    outside = [(0, start), (stop, 2**63 if stop < before.length else stop)]
    if any(_tempos(before, *part) != _tempos(after, *part) for part in outside):
        return _("the tempo")
    kept, given = (
        [note for note in melody.notes if not start <= note.start < stop]
        for melody in (before, after)
    )
    if kept != given:
        return _("the notes")
    if before.replaced(bars, after.part(bars)).notes != after.notes:
        return _("a note sounds past the end of the selection")
    return ""


def _why_not_kept(before: Artifact, selection: Selection, after: Artifact) -> str:
    if isinstance(before, Melody) and isinstance(selection, Bars) and isinstance(after, Melody):
        sentence = _("it changed what lies outside the selection ({what})")
        return sentence.format(what=_changed_outside(before, selection, after))
    return _("it changed what lies outside the selection")


def _tempos(melody: Melody, start: int, stop: int) -> list[tuple[int, int]]:
    """Where between two ticks which tempo begins to hold, repetitions left out."""
    found: list[tuple[int, int]] = []
    for tempo in melody.tempos:
        if start >= stop or tempo.start >= stop:
            break
        if found and tempo.start <= start:
            found.clear()
        if not found or found[-1][1] != tempo.microseconds:
            found.append((max(start, tempo.start), tempo.microseconds))
    return found
