"""Melodies in the studio's own JSON, of any version: what is broken is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from aigc_studio.api import KeySignature, Melody, Metre, Note, Tempo
from aigc_studio.library.melodies.sizes import check_size
from aigc_studio.translation import _, enumerated, ngettext

_kinds: dict[str, Callable[..., Any]] = {"tempos": Tempo, "metres": Metre, "keys": KeySignature}


def from_json(data: bytes, remarks: list[str]) -> Melody:
    """The melody; what was left out becomes sentences in `remarks`.

    Raises `StudioError` (its {name} is to be filled in) for one that is too long, and ValueError,
    TypeError, LookupError and the like for what is no melody.
    """
    value = json.loads(data.decode("utf-8-sig"))
    known = {each.name for each in fields(Melody)}
    strange = [str(each) for each in value if each not in known]
    if strange:
        sentence = _("It contains things that this version does not know: {names}.")
        remarks.append(sentence.format(names=enumerated(strange[:5])))
    notes = _notes(value["notes"], remarks)
    ticks = value.get("ticks_per_quarter", Melody().ticks_per_quarter)
    told = _sides(value, ticks, remarks)
    end = max([told.get("length", 0), *(note.start + note.duration for note in notes)])
    check_size(len(notes), end, ticks, told.get("metres", (Metre(0),)))
    return Melody(tuple(notes), ticks, **told)


def _notes(values: list[Any], remarks: list[str]) -> list[Note]:
    found = [note for note in (_known(Note, each) for each in values) if note is not None]
    kept = [note for note in found if _can_sound(note)]
    lost = len(values) - len(kept)
    if lost and not kept:
        raise ValueError("no note can be read")
    if lost:
        sentence = ngettext(
            "{count} note cannot be read and was left out.",
            "{count} notes cannot be read and were left out.",
            lost,
        )
        remarks.append(sentence.format(count=f"{lost:,}"))
    return kept


def _can_sound(note: Note) -> bool:
    if any(type(number) is not int for number in vars(note).values()):
        return False
    loud = 0 <= note.pitch <= 127 and 0 <= note.velocity <= 127
    return loud and note.start >= 0 and note.duration >= 1


def _sides(value: Mapping[str, Any], ticks: int, remarks: list[str]) -> dict[str, Any]:
    """What stands beside the notes, each part by itself, so that a broken one costs no other."""
    found: dict[str, Any] = {}
    for name in ("program", "tempos", "metres", "keys", "length"):
        if name not in value:
            continue
        part = value[name]
        if name in _kinds and isinstance(part, list):
            part = tuple(_known(_kinds[name], each) for each in part)
        if _fits(name, part, ticks):
            found[name] = part
        else:
            sentence = _("Its {part} cannot be read and was reset to the default.")
            remarks.append(sentence.format(part=name))
    return found


def _fits(name: str, part: Any, ticks: int) -> bool:
    if name == "length":
        return type(part) is int and part >= 0
    try:
        Melody((), ticks, **{name: part})
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _known(kind: Callable[..., Any], value: Any) -> Any:
    """A note, tempo, metre or key, without what this version does not know; None for no such."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    if not isinstance(value, Mapping):
        return None
    try:
        return kind(**{name: each for name, each in value.items() if name in names})
    except TypeError:
        return None
