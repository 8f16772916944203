"""What an edit is given: files, the part of the first that is selected, and the model's frame."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api import (
    Artifact,
    Bars,
    Image,
    Mask,
    Medium,
    Selection,
    Span,
    StudioError,
)
from aigc_studio.cli.console import Console
from aigc_studio.cli.importing import import_options
from aigc_studio.translation import _, labelled

if TYPE_CHECKING:
    from aigc_studio.library import ModelInfo


def read_input(
    path: Path, medium: Medium, arguments: argparse.Namespace, console: Console
) -> Artifact:
    """A file as an artifact of the medium; what was left out or guessed of it is noted.

    Raises `StudioError`.
    """
    from aigc_studio.library import readers

    artifact, remarks = readers.read(path, medium, import_options(arguments))
    for remark in remarks:
        console.note(labelled(path.name, remark))
    return artifact


def read_selection(
    arguments: argparse.Namespace, artifact: Artifact, console: Console
) -> Selection | None:
    """The part that `--mask`, `--span` or `--bars` selects; None for all. Raises `StudioError`."""
    if arguments.mask is not None:
        mask = _read_mask(arguments.mask, artifact, console)
        return _with_other_edge(mask, arguments.grow, arguments.feather)
    if arguments.grow or arguments.feather:
        raise StudioError(_("--grow and --feather change a mask: give one with --mask PNG."))
    if arguments.span is not None:
        start, stop = _two_numbers("--span", arguments.span)
        return _selected(Span, start, stop, arguments.span)
    if arguments.bars is not None:
        first, last = _two_numbers("--bars", arguments.bars)
        return _selected(Bars, first, last, arguments.bars)
    return None


def read_frame(
    arguments: argparse.Namespace, artifact: Artifact, model: ModelInfo | None
) -> tuple[int, int, int, int] | None:
    """What `--frame` says that the model sees (left, top, right, bottom). Raises `StudioError`."""
    if arguments.frame is None:
        return None
    if not isinstance(artifact, Image):
        raise StudioError(_("--frame says which part of a picture the model sees: leave it out."))
    if model is None or not model.card.get("frame"):
        raise StudioError(
            _(
                "--frame needs a model that says how large the pictures are it takes: name one "
                "with --model, or leave --frame out."
            )
        )
    try:
        left, top, right, bottom = (int(word) for word in arguments.frame.split(","))
    except ValueError:
        raise StudioError(
            _("--frame needs four whole numbers (left,top,right,bottom), not {words}.").format(
                words=arguments.frame
            )
        ) from None
    return left, top, right, bottom


def _read_mask(path: Path, artifact: Artifact, console: Console) -> Mask:
    from aigc_studio.library.pictures.masks import read_with_remarks

    if not isinstance(artifact, Image):
        raise StudioError(
            _("A mask selects in pictures; use --span for text, --bars for melodies.")
        )
    mask, remarks = read_with_remarks(path, artifact)
    for remark in remarks:
        console.note(labelled(path.name, remark))
    return mask


def _with_other_edge(mask: Mask, grow: int, feather: int) -> Mask:
    """As the mask tools of the window make it: larger or smaller first, then soft."""
    from aigc_studio.api import limits
    from aigc_studio.project import masking

    for flag, number, least in (("--grow", grow, -limits.MASK_EDGE), ("--feather", feather, 0)):
        if not least <= number <= limits.MASK_EDGE:
            sentence = _("{flag} takes a number from {least} to {most}, not {number}.")
            most = limits.MASK_EDGE
            raise StudioError(sentence.format(flag=flag, least=least, most=most, number=number))
    pixels = masking.feathered(masking.grown(mask.pixels, grow), feather)
    if not pixels.any():
        sentence = _(
            "With --grow {number} nothing is left of the mask, which is thinner than that: shrink "
            "it less."
        )
        raise StudioError(sentence.format(number=grow))
    return Mask(pixels)


def _two_numbers(flag: str, words: str) -> tuple[int, int]:
    first, colon, last = words.partition(":")
    try:
        return int(first), int(last if colon else first)
    except ValueError:
        sentence = _("{flag} needs two whole numbers with a colon between, not {words}.")
        raise StudioError(sentence.format(flag=flag, words=words)) from None


def _selected(kind: type[Span] | type[Bars], first: int, last: int, words: str) -> Selection:
    try:
        return kind(first, last)
    except ValueError:
        sentence = _("{words} is not a range: the second number must not be below the first.")
        raise StudioError(sentence.format(words=words)) from None
