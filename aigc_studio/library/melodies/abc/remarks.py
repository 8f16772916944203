"""What was left out, guessed or odd in a tune in ABC, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from aigc_studio.translation import _, ngettext


def sentences(odd: Counter[str]) -> Iterator[str]:
    """A sentence for each kind of odd thing that was counted."""
    if odd["unrolled"]:
        yield _("With all its repeats it would be too long: everything is there once.")
    for kind, told in (
        ("short", _short), ("long", _long), ("chords", _chords), ("graces", _graces),
        ("overlays", _overlays), ("ties", _ties), ("lengths", _lengths), ("pitches", _pitches),
        ("broken", _broken), ("signs", _signs), ("fields", _fields), ("jumps", _jumps),
        ("parts", _parts), ("gaps", _gaps),
    ):  # fmt: skip
        if odd[kind]:
            yield told(odd[kind]).format(count=f"{odd[kind]:,}")


def _short(count: int) -> str:
    return ngettext(
        "{count} bar is shorter than its metre says and was kept so.",
        "{count} bars are shorter than their metre says and were kept so.",
        count,
    )


def _long(count: int) -> str:
    return ngettext(
        "{count} bar is longer than its metre says and was kept so.",
        "{count} bars are longer than their metre says and were kept so.",
        count,
    )


def _chords(count: int) -> str:
    return ngettext(
        "Of {count} chord the highest note was taken.",
        "Of {count} chords the highest note was taken.",
        count,
    )


def _graces(count: int) -> str:
    return ngettext("{count} grace note was left out.", "{count} grace notes were left out.", count)


def _overlays(count: int) -> str:
    return ngettext(
        "{count} second voice inside a bar (&) was left out.",
        "{count} second voices inside a bar (&) were left out.",
        count,
    )


def _ties(count: int) -> str:
    return ngettext(
        "{count} tie joins different notes and was taken for a slur.",
        "{count} ties join different notes and were taken for slurs.",
        count,
    )


def _lengths(count: int) -> str:
    return ngettext(
        "{count} note has a length that ticks cannot express exactly; it was rounded.",
        "{count} notes have lengths that ticks cannot express exactly; they were rounded.",
        count,
    )


def _pitches(count: int) -> str:
    return ngettext(
        "{count} note is too high or too low for MIDI and was moved by octaves.",
        "{count} notes are too high or too low for MIDI and were moved by octaves.",
        count,
    )


def _broken(count: int) -> str:
    return ngettext(
        "{count} > or < has no note on one side and was left out.",
        "{count} > or < have no note on one side and were left out.",
        count,
    )


def _signs(count: int) -> str:
    return ngettext(
        "{count} symbol cannot be read and was left out.",
        "{count} symbols cannot be read and were left out.",
        count,
    )


def _fields(count: int) -> str:
    return ngettext(
        "{count} key, metre or note length cannot be read and was left out.",
        "{count} keys, metres or note lengths cannot be read and were left out.",
        count,
    )


def _jumps(count: int) -> str:
    return ngettext(
        "{count} jump (D.C., D.S., coda) was not followed.",
        "{count} jumps (D.C., D.S., coda) were not followed.",
        count,
    )


def _parts(_count: int) -> str:
    return _("Its parts are there as they stand: the order that it names (P:) was not followed.")


def _gaps(count: int) -> str:
    return ngettext(
        "{count} empty line stands inside the music and was skipped.",
        "{count} empty lines stand inside the music and were skipped.",
        count,
    )
