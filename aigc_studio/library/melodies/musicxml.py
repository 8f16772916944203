"""MusicXML (`score-partwise`), packed or not, as the parts of a score: notes, metres, keys, tempos.

Repeats stay as they are written. Nothing outside the file is ever read, and a file that declares
entities is refused.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from aigc_studio.api import KeySignature, Metre, Note, StudioError, Tempo, limits
from aigc_studio.library.archives import FAULTS
from aigc_studio.library.melodies.voices import Part, Score
from aigc_studio.translation import _, ngettext

SUFFIXES = (".musicxml", ".mxl")
MOST_XML_BYTES = 32 << 20
MOST_ELEMENTS = 2_000_000
"""Of a score: a note has about eight. Few bytes unpack to very many of them."""
_MOST_CONTAINER_BYTES = 1 << 20
"""Of what tells where the score lies: its elements are not counted, all are in memory at once."""
_finest = 20_160
_steps = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_modes = ("major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian")
_most_quarters = 1_000_000


@dataclass
class XmlScore:
    """The parts, the ticks of a quarter note, and the tick at which the score ends."""

    score: Score
    ticks: int
    length: int


def read_musicxml(data: bytes, remarks: list[str]) -> XmlScore:
    """Read a score; what was left out becomes sentences in `remarks`.

    Raises `ValueError` for what is none, `StudioError` (its {name} is to be filled in) for one of
    another kind, and for one that is far too long.
    """
    from xml.etree import ElementTree

    xml = _unpacked(data) if data.startswith(b"PK") else data
    if b"<!ENTITY" in xml.replace(b"\0", b""):
        raise StudioError(_("The tune {name} declares XML entities, which no score needs."))
    reader = _Reader()
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
            reader.take(event, element)
    except (ElementTree.ParseError, LookupError) as error:  # also an encoding that nobody knows
        raise ValueError("no XML") from error
    remarks += reader.remarks()
    return reader.score()


def _unpacked(data: bytes) -> bytes:
    """The score in a packed file. Raises `ValueError`."""
    from xml.etree import ElementTree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [each.filename for each in archive.infolist()]
            inside = [n for n in names if n.endswith((".xml", ".musicxml")) and "META-INF" not in n]
            if "META-INF/container.xml" in names:
                container = _member(archive, "META-INF/container.xml", _MOST_CONTAINER_BYTES)
                if b"<!ENTITY" in container.replace(b"\0", b""):
                    raise ValueError("entities")
                for each in ElementTree.fromstring(container).iter():
                    if each.tag.endswith("rootfile") and each.get("full-path") in names:
                        inside.insert(0, str(each.get("full-path")))
                        break
            if not inside:
                raise ValueError("no score")
            return _member(archive, inside[0])
    except (*FAULTS, LookupError, NotImplementedError, ElementTree.ParseError) as error:
        raise ValueError("no packed score") from error


def _member(archive: zipfile.ZipFile, name: str, most: int = MOST_XML_BYTES) -> bytes:
    if archive.getinfo(name).file_size > most:
        raise ValueError("too large")
    return archive.read(name)


@dataclass
class _PartReader:
    """One part: places are in quarter notes from the beginning."""

    part: Part
    divisions: int = 1
    transposed: int = 0
    metre: tuple[int, int] = (4, 4)
    start: Fraction = Fraction(0)
    notes: list[list[Any]] = field(default_factory=list)
    open: dict[int, list[Any]] = field(default_factory=dict)
    measures: list[tuple[Fraction, Fraction, tuple[int, int]]] = field(default_factory=list)
    keys: list[tuple[Fraction, int, str]] = field(default_factory=list)


class _Reader:
    """Takes elements as they end, and forgets each measure behind it."""

    def __init__(self) -> None:
        self._titles: dict[str, tuple[str, int]] = {}
        self._parts: list[_PartReader] = []
        self._tempos: list[tuple[Fraction, float]] = []
        self._odd: Counter[str] = Counter()
        self._divisions = {1}
        self._count = self._elements = 0
        self._path: list[str] = []

    def take(self, event: str, element: Any) -> None:
        """The beginning or the end of an element."""
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            self._elements += 1
            if self._elements > MOST_ELEMENTS:
                raise StudioError(_("The tune {name} is too long: cut it into parts first."))
            if not self._path and tag != "score-partwise":
                if tag == "score-timewise":
                    raise StudioError(
                        _("The tune {name} is ordered by time: export it again, part by part.")
                    )
                raise ValueError("no score")
            self._path.append(tag)
            if tag == "part" and len(self._path) == 2:
                name, program = self._titles.get(element.get("id", ""), ("", 0))
                title = name.encode("utf-8", "replace")
                self._parts.append(_PartReader(Part(len(self._parts), 0, title, program)))
            return
        self._path.pop()
        if tag == "score-part":
            program = _number(element.find("midi-instrument/midi-program"), 1)
            name = (element.findtext("part-name") or "").strip()
            self._titles[element.get("id", "")] = (name, min(max(program - 1, 0), 127))
        elif tag == "measure" and self._parts:
            self._measure(self._parts[-1], element)
            element.clear()

    def _measure(self, part: _PartReader, measure: Any) -> None:
        now = last = end = part.start
        for each in measure:
            length = _exact(Fraction(_number(each.find("duration"), 0), part.divisions))
            if each.tag == "attributes":
                self._attributes(part, each, now)
            elif each.tag == "backup":
                now = max(_exact(now - length), part.start)
            elif each.tag == "forward":
                now = _exact(now + length)
            elif each.tag in ("direction", "sound"):
                self._tempo(each, now)
            elif each.tag == "note":
                if each.find("grace") is not None or each.find("cue") is not None:
                    self._odd["graces"] += each.find("grace") is not None
                    continue
                begin = last if each.find("chord") is not None else now
                self._note(part, each, begin, length)
                last = begin
                now = max(now, _exact(begin + length))
            end = max(end, now)
        part.measures.append((part.start, end - part.start, part.metre))
        part.start = end
        if end > _most_quarters:
            raise StudioError(_("The tune {name} is too long: cut it into parts first."))

    def _attributes(self, part: _PartReader, told: Any, now: Fraction) -> None:
        part.divisions = max(_number(told.find("divisions"), part.divisions), 1)
        self._divisions.add(part.divisions)
        transposed = told.find("transpose")
        if transposed is not None:
            part.transposed = _number(transposed.find("chromatic"), 0)
            part.transposed += 12 * _number(transposed.find("octave-change"), 0)
        beats, kind = told.findtext("time/beats") or "", _number(told.find("time/beat-type"), 4)
        if beats:
            count = sum(_beats(each.strip()) for each in beats.split("+"))
            if 1 <= count <= 255 and kind in (1, 2, 4, 8, 16, 32, 64):
                part.metre = (count, kind)
            else:
                self._odd["metres"] += 1
        key = told.find("key/fifths")
        if key is not None:
            mode = (told.findtext("key/mode") or "major").strip()
            fifths = (_number(key, 0) + 7 * part.transposed + 6) % 12 - 6
            fifths = _number(key, 0) if part.transposed % 12 == 0 else fifths
            if mode in _modes and -7 <= fifths <= 7:
                part.keys.append((now, fifths, mode))

    def _tempo(self, told: Any, now: Fraction) -> None:
        sound = told if told.tag == "sound" else told.find("sound")
        try:
            a_minute = float(sound.get("tempo")) if sound is not None else 0.0
        except (TypeError, ValueError):
            return
        if 4 <= a_minute <= 6_000:
            self._tempos.append((now, a_minute))

    def _note(self, part: _PartReader, told: Any, begin: Fraction, length: Fraction) -> None:
        step = told.findtext("pitch/step") or ""
        if step.strip() not in _steps or told.find("rest") is not None:
            self._odd["drums"] += told.find("unpitched") is not None
            return
        pitch = 12 * (_number(told.find("pitch/octave"), 4) + 1) + _steps[step.strip()]
        pitch += _number(told.find("pitch/alter"), 0) + part.transposed
        if not 0 <= pitch <= 127 or length <= 0:
            self._odd["pitches"] += 1
            return
        ties = {each.get("type") for each in told.findall("tie")}
        held = part.open.pop(pitch, None) if "stop" in ties else None
        if held is not None and held[0] + held[1] == begin:
            held[1] = _exact(held[1] + length)
        else:
            held = [begin, length, pitch]
            part.notes.append(held)
            self._count += 1
            if self._count > limits.NOTES:
                raise StudioError(_("The tune {name} is too long: cut it into parts first."))
        if "start" in ties:
            part.open[pitch] = held

    def remarks(self) -> list[str]:
        """What was left out."""
        told: list[str] = []
        if self._odd["graces"]:
            told.append(
                ngettext(
                    "{count} grace note was left out.",
                    "{count} grace notes were left out.",
                    self._odd["graces"],
                ).format(count=f"{self._odd['graces']:,}")
            )
        if self._odd["drums"]:
            told.append(
                ngettext(
                    "{count} note of drums was left out.",
                    "{count} notes of drums were left out.",
                    self._odd["drums"],
                ).format(count=f"{self._odd['drums']:,}")
            )
        return told

    def score(self) -> XmlScore:
        """All parts in ticks. Raises `ValueError` where there is none."""
        if not self._parts:
            raise ValueError("no part")
        ticks = _common(self._divisions)
        first = max(self._parts, key=lambda part: len(part.measures))
        found = Score([], [], _metres(first, ticks))
        found.tempos = [Tempo(round(at * ticks), round(6e7 / pace)) for at, pace in self._tempos]
        found.keys = [
            KeySignature(round(at * ticks), fifths, mode) for at, fifths, mode in first.keys
        ]
        for part in self._parts:
            part.part.notes = sorted(
                Note(round(start * ticks), max(round(length * ticks), 1), pitch)
                for start, length, pitch in part.notes
            )
            part.part.whole = len(part.notes)
            found.parts += [part.part] if part.notes else []
        return XmlScore(found, ticks, round(first.start * ticks))


def _metres(part: _PartReader, ticks: int) -> list[Metre]:
    """A metre where one begins, and again behind a bar that is shorter or longer than it says."""
    metres: list[Metre] = []
    said, is_odd = (0, 0), False
    for start, length, metre in part.measures:
        fits = ticks * 4 * metre[0] % metre[1] == 0
        if (metre != said or is_odd) and fits:
            metres.append(Metre(round(start * ticks), *metre))
            said = metre
        is_odd = length != Fraction(4 * metre[0], metre[1]) and length > 0
    return metres


def _common(divisions: set[int]) -> int:
    """The ticks of a quarter note with which all these parts of it are whole, or nearly."""
    ticks = 4
    for each in divisions:
        ticks = math.lcm(ticks, each)
        if ticks >= _finest:
            return _finest
    return ticks


def _exact(place: Fraction) -> Fraction:
    """The place, or the nearest that ticks can tell where its parts are finer than any score's:
    each other division would make the next sum longer."""
    if place.denominator < _finest**2:
        return place
    return Fraction(round(place * _finest), _finest)


def _beats(told: str) -> int:
    """So many beats; too many for any metre where there are more digits than a number may have."""
    if len(told) > 3:
        return 256
    return int(told) if told.isdecimal() else 0


def _number(told: Any, usual: int) -> int:
    """A whole number in an element, cut if it has decimals; what is usual where there is none."""
    try:
        value = float((told.text or "").strip()) if told is not None else usual
        return int(value) if abs(value) < 1e9 else usual
    except ValueError:
        return usual
