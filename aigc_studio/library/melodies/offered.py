"""What can be chosen from a file of tunes: the parts of a MIDI file, the tunes of a collection in
ABC, the voices of a single one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aigc_studio.api import Melody, StudioError
from aigc_studio.library.melodies import abc
from aigc_studio.library.melodies.abc.tunes import RawTune, cut
from aigc_studio.library.melodies.collections_of_tunes import MOST_LISTED, title_of
from aigc_studio.library.melodies.looks import damage, looks_like_abc, looks_like_xml
from aigc_studio.library.melodies.midi_events import Track
from aigc_studio.library.melodies.midi_files import Midi, read_midi
from aigc_studio.library.melodies.musicxml import read_musicxml
from aigc_studio.library.melodies.reading import (
    MOST_ABC_BYTES,
    MOST_BYTES,
    UNREADABLE,
    part_melody,
    tracks_of,
    xml_melody,
)
from aigc_studio.library.melodies.voices import Score, choose_part, score
from aigc_studio.library.texts.reading import read_text
from aigc_studio.library.whole_files import read_whole
from aigc_studio.translation import _, ngettext


@dataclass(frozen=True)
class Choice:
    """A part or a tune that a file holds.

    `melody` is None where it cannot be taken, and `reason` says why. `is_taken` says that it is the
    one that is read unless another is asked for. `remarks` are sentences on what is odd in it.
    """

    name: str
    melody: Melody | None = None
    remarks: tuple[str, ...] = ()
    reason: str = ""
    is_taken: bool = False


@dataclass(frozen=True)
class Choices:
    """All that a file offers. `are_parts` says that they sound together; `more` counts those that
    are not listed."""

    path: Path
    found: Sequence[Choice]
    are_parts: bool
    more: int = 0


def choices(path: Path, encoding: str = "") -> Choices:
    """What a file offers; the encoding of ABC is found out when none is named.

    Raises `StudioError` when it cannot be read at all.
    """
    too_large = _("The tune {name} is over {size} MB: that is not a single tune.")
    most = MOST_ABC_BYTES if looks_like_abc(path) else MOST_BYTES
    data = read_whole(path, path.name, most, too_large)
    try:
        if looks_like_abc(path):
            return _of_abc(path, read_text(data, path.name, encoding))
        return _of_xml(path, data) if looks_like_xml(data) else _of_midi(path, data)
    except StudioError as error:
        raise StudioError(str(error).replace("{name}", path.name)) from None
    except UNREADABLE as error:
        raise StudioError(damage(data, path.name)) from error


def _listed(path: Path, found: Iterable[Choice], count: int) -> Choices:
    """The first of so many parts."""
    return Choices(path, tuple(found), True, max(count - MOST_LISTED, 0))


def _of_midi(path: Path, data: bytes) -> Choices:
    midi = read_midi(data, [])
    tracks = tracks_of(midi, "1", [])
    found = score(midi, tracks, [])
    return _listed(path, _parts(midi, tracks, found), len(found.parts))


def _parts(midi: Midi, tracks: list[tuple[int, Track]], found: Score) -> Iterator[Choice]:
    usual = choose_part(found, "", [])
    for number, part in enumerate(found.parts[:MOST_LISTED], 1):
        told: list[str] = []
        try:
            melody = part_melody(midi, part, found, tracks, str(number), told)
        except StudioError as error:
            yield Choice(part.name, reason=str(error).replace("{name}", part.name))
        else:
            yield Choice(part.name, melody, tuple(told), is_taken=part is usual)
    if found.drums:
        reason = ngettext(
            "{count} note of drums was left out.",
            "{count} notes of drums were left out.",
            found.drums,
        ).format(count=f"{found.drums:,}")
        yield Choice(_("Drums"), reason=reason)


def _of_xml(path: Path, data: bytes) -> Choices:
    found = read_musicxml(data, [])
    usual = choose_part(found.score, "", [])
    parts = found.score.parts
    offered = (
        Choice(each.name, xml_melody(found, each), is_taken=each is usual)
        for each in parts[:MOST_LISTED]
    )
    return _listed(path, offered, len(parts))


def _of_abc(path: Path, text: str) -> Choices:
    raws = list(cut(text))
    if len(raws) == 1:
        return _of_voices(path, raws[0])
    found: list[Choice] = []
    for number, raw in enumerate(raws[:MOST_LISTED], 1):
        tune = abc.read_tune(raw)
        first = tune.melody is not None and not any(each.is_taken for each in found)
        name = title_of(tune.fields, number)
        found.append(Choice(name, tune.melody, tune.remarks, tune.reason, first))
    return Choices(path, tuple(found), False, max(len(raws) - MOST_LISTED, 0))


def _of_voices(path: Path, raw: RawTune) -> Choices:
    voices, count = abc.read_voices(raw, MOST_LISTED)
    found: list[Choice] = []
    for name, tune in voices:
        alone = title_of(tune.fields, 1) if count == 1 else name
        first = count == 1 or (tune.melody is not None and not any(e.is_taken for e in found))
        found.append(Choice(alone, tune.melody, tune.remarks, tune.reason, first))
    return _listed(path, found, count)


def together(parts: Sequence[Melody]) -> Melody:
    """Parts of one file as one tune, with the instrument, the metres and the keys of the first."""
    first = parts[0]
    notes = tuple(note for each in parts for note in each.notes)
    return replace(first, notes=notes, length=max(each.length for each in parts))
