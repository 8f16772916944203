"""The schema of starters: what a plugin offers for an empty board, made plain and within limits."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aigc_studio.api import fitting, limits, starters
from aigc_studio.api.fitting import Misfit
from aigc_studio.translation import _

Plain = Callable[[Any, str], dict[str, Any]]

_MARKS = {"image": 4, "text": 2, "melody": 2}


def fit_starters(
    values: Sequence[Any],
    medium: str,
    operations: Sequence[str],
    remarks: list[str] | None,
    identify: Callable[[Any, str], str],
) -> list[dict[str, Any]]:
    """What `Starter.to_json` gave, several times, plain and within the limits.

    `operations` are the ids that one may name, `identify` fits an id. Words that cannot be shown
    are left out, with a phrase in `remarks`. Raises `Misfit` for anything else that is wrong.
    """
    fitting.count(len(values), limits.STARTERS, "Description", "starters")
    found = [_starter(each, medium, operations, remarks, identify) for each in values]
    if len({each["id"] for each in found}) < len(found):
        raise Misfit(_("two of its starters have one id"))
    return found


def _starter(
    value: Any,
    medium: str,
    operations: Sequence[str],
    remarks: list[str] | None,
    identify: Callable[[Any, str], str],
) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise fitting.wrong_type("Description", "starters", value)
    id = identify(value.get("id"), "Starter")
    owner = f"Starter {id}"
    pieces = value.get("pieces", [])
    if not isinstance(pieces, list | tuple):
        raise fitting.wrong_type(owner, "pieces", pieces)
    fitting.count(len(pieces), limits.PIECES, owner, "pieces")
    picture = value.get("picture")
    words: Callable[..., Any] = fitting.words
    help_ = words(value.get("help", ""), owner, "help", remarks, most=limits.SENTENCE)
    return {
        "id": id,
        "title": words(value.get("title"), owner, "title", remarks, needed=True),
        "help": help_,
        "operation": fitting.one_of(value.get("operation"), operations, owner, "operation"),
        "prompt": fitting.typed(value.get("prompt", ""), owner, "prompt", remarks, fitting.LINES),
        "pieces": [_piece(each, owner, medium, remarks) for each in pieces],
        "tool": fitting.one_of(value.get("tool", "move"), starters.TOOLS, owner, "tool"),
        "picture": None if picture is None else _piece(picture, owner, medium, remarks),
        "model": fitting.text(value.get("model", ""), owner, "model"),
    }


def _piece(value: Any, owner: str, medium: str, remarks: list[str] | None) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise fitting.wrong_type(owner, "piece", value)
    artifact = value.get("artifact")
    plain = None if artifact is None else _artifact(artifact, owner, medium)
    if plain is None and medium != "image":
        raise Misfit(_("the {owner} has a sheet, and only pictures have one").format(owner=owner))
    made = value.get("made", False)
    if not isinstance(made, bool):
        raise fitting.wrong_type(owner, "made", made)
    return {
        "artifact": plain,
        "strokes": [] if plain is not None else _strokes(value.get("strokes", []), owner),
        "marked": _marked(value.get("marked", []), plain, medium, owner),
        "name": fitting.words(value.get("name", ""), owner, "name", remarks),
        "made": made,
    }


def _artifact(value: Any, owner: str, medium: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise fitting.wrong_type(owner, "artifact", value)
    if value.get("medium") != medium:
        sentence = _("the {owner} has an artifact of another medium than the generator")
        raise Misfit(sentence.format(owner=owner))
    try:
        plain = _PLAIN[medium](value, owner)
    except (KeyError, TypeError, ValueError, OverflowError, zlib.error) as error:
        if isinstance(error, Misfit):
            raise
        raise Misfit(
            _("the {owner} has something that is not an artifact").format(owner=owner)
        ) from None
    return {"medium": medium} | plain


def _image(value: Any, owner: str) -> dict[str, Any]:
    shape = [fitting.whole(each, owner, "shape", 1, limits.PICTURE_SIDE) for each in value["shape"]]
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (3, 4)):
        raise ValueError("not the shape of a picture")
    fitting.count(shape[0] * shape[1], limits.PIECE_PIXELS, owner, _("pixels"))
    data = fitting.text(value["data"], owner, "data", most=limits.PIECE_BYTES)
    starters.pixels({"shape": shape, "data": data})
    return {"shape": shape, "data": data}


def _text(value: Any, owner: str) -> dict[str, Any]:
    words = value["text"]
    if not isinstance(words, str):
        raise fitting.wrong_type(owner, "text", words)
    fitting.count(len(words), limits.PREVIEW_CHARACTERS, owner, _("characters in one text"))
    return {"text": fitting.plain_json(words, owner, "text")}


def _melody(value: Any, owner: str) -> dict[str, Any]:
    document = fitting.plain_json(value["melody"], owner, "melody")
    tune = starters.melody({"melody": document})
    fitting.count(len(tune.notes), limits.PREVIEW_NOTES, owner, _("notes"))
    fitting.count(len(tune.bars), limits.PREVIEW_NOTES, owner, _("bars"))
    return {"melody": document}


_PLAIN: dict[str, Plain] = {"image": _image, "text": _text, "melody": _melody}


def _strokes(value: Any, owner: str) -> list[list[list[float]]]:
    lines = fitting.listed(value, owner, "strokes", limits.STROKES)
    return [[_point(spot, owner) for spot in _spots(line, owner)] for line in lines]


def _spots(line: Any, owner: str) -> list[Any]:
    return fitting.listed(line, owner, "strokes", limits.STROKE_POINTS)


def _point(spot: Any, owner: str) -> list[float]:
    place = [
        fitting.number(each, owner, "strokes") for each in fitting.listed(spot, owner, "strokes", 2)
    ]
    if len(place) != 2 or not all(math.isfinite(each) and 0 <= each <= 1 for each in place):
        sentence = _("the {owner} has a stroke that leaves its sheet: places are from 0 to 1")
        raise Misfit(sentence.format(owner=owner))
    return place


def _marked(value: Any, artifact: Mapping[str, Any] | None, medium: str, owner: str) -> list[int]:
    most = _MARKS[medium]
    mark = [
        fitting.whole(each, owner, "marked")
        for each in fitting.listed(value, owner, "marked", most)
    ]
    if mark and not (len(mark) == most and _lies_inside(mark, artifact, medium)):
        sentence = _("the {owner} marks a part that its artifact does not have")
        raise Misfit(sentence.format(owner=owner))
    return mark


def _lies_inside(mark: list[int], artifact: Mapping[str, Any] | None, medium: str) -> bool:
    if medium == "image":
        side = starters.SHEET
        height, width = artifact["shape"][:2] if artifact is not None else (side, side)
        left, top, right, bottom = mark
        return bool(0 <= left < right <= width and 0 <= top < bottom <= height)
    assert artifact is not None
    if medium == "text":
        return 0 <= mark[0] <= mark[1] <= len(artifact["text"])
    return 1 <= mark[0] <= mark[1] <= len(starters.melody(artifact).bars)
