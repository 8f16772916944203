"""What may be said of an artifact: of parts that lie in it, and of no more than can be shown."""

from __future__ import annotations

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.events import Annotation
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.melody import Melody
from aigc_studio.api.requests import EvaluateRequest, Request
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.translation import _


class Excess(Misfit):
    """More was said in one run than it may say."""


class Said:
    """Counts the annotations of one run and holds each to the artifact that the request gave.

    Asked in the worker, for the author's sentence, and by the window, which trusts no worker.
    """

    def __init__(self, request: Request) -> None:
        self.artifact = request.artifact if isinstance(request, EvaluateRequest) else None
        self._length = _length(self.artifact)
        self._count = self._pixels = 0

    def count(self) -> None:
        """One more has come. Raises `Excess`."""
        self._count += 1
        if self._count > limits.ANNOTATIONS:
            sentence = _(
                "it yielded more than {limit} annotations in one run; those that came before are "
                "kept"
            )
            raise Excess(sentence.format(limit=limits.ANNOTATIONS))

    def check(self, annotation: Annotation) -> None:
        """Raise `Misfit` for what is not about a part of the artifact, `Excess` for masks that
        are too many together."""
        problem = self._problem(annotation.selection)
        if problem:
            raise Misfit(problem)
        if isinstance(annotation.selection, Mask):
            self._pixels += annotation.selection.pixels.size
            if self._pixels > limits.ANNOTATED_PIXELS:
                sentence = _(
                    "the masks of its annotations have more than {limit} pixels together; those "
                    "that came before are kept"
                )
                raise Excess(sentence.format(limit=limits.ANNOTATED_PIXELS))

    def _problem(self, selection: Selection) -> str:
        """Why a part is none of the artifact's; else an empty string."""
        given = self.artifact
        if given is None:
            return _("it yielded an annotation, and was given no item to explain")
        if isinstance(given, Text) and isinstance(selection, Span):
            sentence = _(
                "its annotation is of the characters {start} to {stop}, and the text has {length}"
            )
            about = {"start": selection.start, "stop": selection.stop, "length": self._length}
            return sentence.format(**about) if selection.stop > self._length else ""
        if isinstance(given, Melody) and isinstance(selection, Bars):
            sentence = _("its annotation is of the bars {first} to {last}, and there are {count}")
            about = {"first": selection.first, "last": selection.last, "count": self._length}
            return sentence.format(**about) if selection.last > self._length else ""
        if isinstance(given, Melody) and isinstance(selection, Span):
            sentence = _(
                "its annotation is of the ticks {start} to {stop}, and the melody has {length}"
            )
            about = {"start": selection.start, "stop": selection.stop, "length": given.length}
            return sentence.format(**about) if selection.stop > given.length else ""
        if isinstance(given, Image) and isinstance(selection, Mask):
            return _mask_problem(given, selection)
        sentence = _("its annotation of {given} is of a {kind}, and must be of {expected}")
        media = {
            "image": (_("a picture"), "Mask"),
            "text": (_("a text"), "Span"),
            "melody": (_("a melody"), "Bars, Span"),
        }
        whole, expected = media[given.medium]
        kind = type(selection).__name__
        return sentence.format(given=whole, kind=kind, expected=expected)


def left_out(problem: str) -> str:
    """What the author of a plugin is told of an annotation that does not fit."""
    return _("an annotation was left out, because {problem}").format(problem=problem)


def _length(artifact: Artifact | None) -> int:
    """Characters of a text, bars of a melody; counted once, as they are asked for each time."""
    if isinstance(artifact, Text):
        return len(artifact)
    return artifact.bar_count if isinstance(artifact, Melody) else 0


def _mask_problem(picture: Image, mask: Mask) -> str:
    height, width = mask.pixels.shape
    if (height, width) == (picture.height, picture.width):
        return ""
    sentence = _(
        "the mask of its annotation is {mask_width}×{mask_height} pixels, and the picture "
        "{width}×{height}"
    )
    sizes = {"mask_width": width, "mask_height": height}
    return sentence.format(**sizes, width=picture.width, height=picture.height)
