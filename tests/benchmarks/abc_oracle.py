"""The reader for ABC beside music21's: notes and rests of many tunes, by pitch and duration.

    python tests/benchmarks/abc_oracle.py music21-10.5.1-py3-none-any.whl --tunes 300

For a Python in which music21 10.5.1 is installed: it is a development oracle, and no part of the
studio. The wheel holds the tunes. Repeats stay as they are written on both sides. Tunes that differ
are told with the first place where they do, and with why, where that is known (`KNOWN`).

music21 loses the note behind some ornaments (`Hg`), the broken rhythm where a slur, a grace note, a
dot, a text or a tie stands behind it (`A>(B`, `A>{c}B`, `A>-B`), rests that are not printed (`x`),
a note before a repeat (`D::`, which it takes for a field) and fields between notes (`[K:C]`). So
it gets the text without what nobody hears, and with the last three written otherwise, unless
`--raw` is said; the studio's reader always gets the text as it stands.
"""

from __future__ import annotations

import argparse
import re
import sys
import warnings
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

FOLDERS = ("ryansMammoth", "oneills1850", "airdsAirs")
KNOWN = {
    "book6.abc#177": "music21 knows no [V:2] within a line and plays both voices in turn",
    "0626-0700.abc#12": "music21 leaves rests of whole bars (Z) out",
    "0550-0625.abc#21": "music21 leaves a length that changes inside a line (L:) out",
    "MyLadysGoonHasGairsOntStrathspey.abc#1": "music21 loses what stands behind an ending (||[)",
    "1625-1700.abc#61": "A>B>A: music21 forgets the first sign for B, the studio counts both",
}
"""Tunes that differ, by file and number, with the reason."""

Heard = list[tuple[int | None, Fraction]]
"""Notes (MIDI pitch) and rests (None) with their durations in quarter notes."""


def main() -> None:
    """Compare, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--tunes", type=int, default=300)
    parser.add_argument("--offset", type=int, default=0, help="begin with another tune")
    parser.add_argument("--folder", action="append", help="of these folders of the corpus only")
    parser.add_argument("--raw", action="store_true", help="give music21 the text as it stands")
    arguments = parser.parse_args()
    try:
        import music21  # type: ignore[import-not-found]  # noqa: F401
    except ImportError:
        sys.exit("music21 is not installed here: it is the oracle.")
    warnings.simplefilter("ignore")
    tunes = list(_tunes(arguments.wheel, arguments.folder or FOLDERS))
    step = max(len(tunes) // arguments.tunes, 1)
    chosen = tunes[arguments.offset :: step][: arguments.tunes]
    equal = explained = failed = 0
    for name, text in chosen:
        try:
            theirs = _theirs(text if arguments.raw else _plain(text))
        except Exception as error:
            failed += 1
            sys.stdout.write(f"{name}: music21 cannot read it ({error!r:.80})\n")
            continue
        ours = _ours(text)
        if ours == theirs:
            equal += 1
            continue
        explained += name in KNOWN
        sys.stdout.write(f"{name}: {KNOWN.get(name, _difference(ours, theirs))}\n")
    read = len(chosen) - failed
    share = 100 * equal / read if read else 0
    sys.stdout.write(f"{equal} of {read} equal ({share:.1f} %), {explained} others explained\n")


def _tunes(wheel: Path, folders: tuple[str, ...] | list[str]) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            folder = name.split("/")[-2] if "/" in name else ""
            if folder in folders and name.endswith(".abc"):
                text = archive.read(name).decode("latin-1")
                for number, tune in enumerate(re.split(r"(?m)^(?=X:)", text)[1:], 1):
                    yield f"{Path(name).name}#{number}", tune


_unheard = re.compile(r'"[^"]*"|![^!|\n ]*!|\{[^}]*\}|\((?!\d)|\)|[~.`HLMOPSTuv]|(?<=\n)%.*')


def _plain(text: str) -> str:
    """The tune without what nobody hears."""
    head, key, music = text.partition("\nK:")
    line, end, music = music.partition("\n")
    lines = []
    for each in music.split("\n"):
        is_music = not re.match(r"[A-Za-z]:", each)
        lines.append(_plain_line(each) if is_music else each)
    return head + key + line + end + "\n".join(lines)


def _plain_line(line: str) -> str:
    line = re.sub(r"([<>]+)\s*-|-\s*([<>]+)", r"\1\2", _unheard.sub("", line)).replace("x", "z")
    line = re.sub(r"(?<=[A-G]):", " :", line)
    return re.sub(r"\[([KLM]:[^\]]*)\]", r"\n\1\n", line)


def _ours(text: str) -> Heard:
    from aigc_studio.library.melodies.abc import read_tunes

    tune = next(read_tunes(text, "written"), None)
    if tune is None or tune.melody is None:
        return []
    ticks, now = tune.melody.ticks_per_quarter, 0
    heard: Heard = []
    for note in tune.melody.notes:
        if note.start > now:
            heard.append((None, Fraction(note.start - now, ticks)))
        heard.append((note.pitch, Fraction(note.duration, ticks)))
        now = note.start + note.duration
    if tune.melody.length > now:
        heard.append((None, Fraction(tune.melody.length - now, ticks)))
    return heard


def _theirs(text: str) -> Heard:
    from music21 import converter

    # Without a version it reads the text as of before 2.0, where accidentals hold for one note.
    score: Any = converter.parse(f"%abc-2.1\n{text}", format="abc", forceSource=True)
    part = score.parts[0]
    heard: Heard = []
    tied = False
    for each in part.recurse().notesAndRests:
        if each.duration.isGrace or "Harmony" in each.classes or "ChordSymbol" in each.classes:
            continue
        length = Fraction(each.duration.quarterLength).limit_denominator(10_080)
        pitch = None if each.isRest else max(round(one.ps) for one in each.pitches)
        if pitch is None and heard and heard[-1][0] is None:
            heard[-1] = (None, heard[-1][1] + length)
        elif tied and pitch is not None and heard[-1][0] == pitch:
            heard[-1] = (pitch, heard[-1][1] + length)
        else:
            heard.append((pitch, length))
        tied = each.tie is not None and each.tie.type in ("start", "continue")
    return heard


def _difference(ours: Heard, theirs: Heard) -> str:
    for at, (mine, its) in enumerate(zip(ours, theirs, strict=False)):
        if mine != its:
            return (
                f"note {at + 1}: {_told(mine)}, music21 {_told(its)} ({len(ours)}, {len(theirs)})"
            )
    return f"{len(ours)} notes, music21 {len(theirs)}"


def _told(sound: tuple[int | None, Fraction]) -> str:
    return f"{'rest' if sound[0] is None else sound[0]} of {sound[1]}"


if __name__ == "__main__":
    main()
