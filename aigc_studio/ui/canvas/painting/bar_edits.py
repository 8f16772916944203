"""What is done to the bars of a melody: more and fewer of them, their metre, key and tempo.

As functions from an item to the item it becomes; they run beside the window and use no Qt. Notes
stay where they are in time, unless bars before them come or go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from aigc_studio.ui.canvas.painting.melody_edits import Make, making

if TYPE_CHECKING:
    from aigc_studio.api.melody import KeySignature, Melody, Metre, Note, Tempo
    from aigc_studio.api.selections import Bars

_C = TypeVar("_C", "Tempo", "Metre", "KeySignature")


def add_bars(count: int) -> Make:
    """So many more bars at the end, as long as the last one."""

    def change(melody: Melody) -> Melody:
        *_others, last = melody.bar_stretches()
        return replace(melody, length=last.stop + count * last.step)

    return making(change)


def set_bars(count: int) -> Make:
    """Have so many bars: more at the end, or fewer; what sounds on is cut there."""

    def change(melody: Melody) -> Melody:
        bars = melody.bars
        if count >= len(bars):
            *_others, last = melody.bar_stretches()
            return replace(melody, length=last.stop + (count - len(bars)) * last.step)
        return _without(melody, bars[max(count, 1)][0], bars[-1][1])

    return making(change)


def insert_bars(before: int, count: int = 1) -> Make:
    """So many empty bars before bar `before` (counted from 1), as long as that one."""

    def change(melody: Melody) -> Melody:
        bars = melody.bars
        start, stop = bars[min(max(before, 1), len(bars)) - 1]
        if before > len(bars):
            start, stop = stop, stop + (stop - start)
        by = (stop - start) * count
        notes = (
            replace(each, start=each.start + by) if each.start >= start else each
            for each in melody.notes
        )
        return replace(
            melody,
            notes=tuple(notes),
            length=max(melody.length, bars[-1][1]) + by,
            tempos=_later(melody.tempos, start, by),
            metres=_later(melody.metres, start, by),
            keys=_later(melody.keys, start, by),
        )

    return making(change)


def delete_bars(bars: Bars) -> Make:
    """Take bars away, with the notes that begin in them; what comes behind moves up.

    Raises `StudioError` for all bars of a melody.
    """

    def change(melody: Melody) -> Melody:
        from aigc_studio.api.errors import StudioError
        from aigc_studio.translation import _

        if bars.first <= 1 and bars.last >= melody.bar_count:
            raise StudioError(_("A melody has at least one bar: select fewer bars to delete."))
        return _without(melody, *melody.ticks(bars))

    return making(change)


def set_metre(numerator: int, denominator: int, start: int | None = None) -> Make:
    """Another metre for all of the melody, or from `start` (ticks) up to the next one.

    Raises `StudioError` for one that does not come out even in the melody's ticks.
    """

    def change(melody: Melody) -> Melody:
        from aigc_studio.api.melody import Metre

        _refuse_uneven(melody.ticks_per_quarter, numerator, denominator)
        metre = Metre(start or 0, numerator, denominator)
        changed = replace(melody, metres=_put(melody.metres, metre, start))
        *_others, last = changed.bar_stretches()
        return replace(changed, length=last.stop)

    return making(change)


def _refuse_uneven(quarter: int, numerator: int, denominator: int) -> None:
    from aigc_studio.api.errors import StudioError
    from aigc_studio.translation import _

    if quarter * 4 * numerator % denominator:
        raise StudioError(
            _(
                "{metre} does not come out even in this tune, which has {count} ticks in a quarter "
                "note: take a metre with a smaller number below."
            ).format(metre=f"{numerator}/{denominator}", count=quarter)
        )


def set_key(fifths: int | None, mode: str = "major", start: int | None = None) -> Make:
    """Another key for all of the melody, or from `start` up to the next one; None: no key."""

    def change(melody: Melody) -> Melody:
        from aigc_studio.api.melody import KeySignature

        if fifths is None:
            return replace(melody, keys=())
        keys = melody.keys
        if start and not keys:
            keys = (KeySignature(0),)
        return replace(melody, keys=_put(keys, KeySignature(start or 0, fifths, mode), start))

    return making(change)


def set_tempo(quarters: float, start: int | None = None) -> Make:
    """So many quarter notes a minute for all of it, or from `start` up to the next tempo."""

    def change(melody: Melody) -> Melody:
        from aigc_studio.api.melody import Tempo

        tempo = Tempo(start or 0, max(round(60_000_000 / quarters), 1))
        return replace(melody, tempos=_put(melody.tempos, tempo, start))

    return making(change)


def _put(changes: tuple[_C, ...], new: _C, start: int | None) -> tuple[_C, ...]:
    if start is None:
        return (new,)
    kept: list[_C] = [each for each in changes if each.start != new.start]
    kept.append(new)
    return tuple(kept)


def _without(melody: Melody, start: int, stop: int) -> Melody:
    length = max(melody.length, stop) - (stop - start)
    return replace(
        melody,
        notes=tuple(_closed(melody.notes, start, stop)),
        length=length,
        tempos=_earlier(melody.tempos, start, stop, length),
        metres=_earlier(melody.metres, start, stop, length),
        keys=_earlier(melody.keys, start, stop, length),
    )


def _closed(notes: Iterable[Note], start: int, stop: int) -> Iterable[Note]:
    for note in notes:
        if note.start >= stop:
            yield replace(note, start=note.start - (stop - start))
        elif note.start < start:
            yield replace(note, duration=min(note.duration, start - note.start))


def _later(changes: tuple[_C, ...], start: int, by: int) -> tuple[_C, ...]:
    """What changes where: new bars are as the one is that they come before."""
    return tuple(
        replace(each, start=each.start + by) if each.start > start else each for each in changes
    )


def _earlier(changes: tuple[_C, ...], start: int, stop: int, length: int) -> tuple[_C, ...]:
    """What changes where once a stretch is gone: what held at its end holds from its start on."""
    kept: list[_C] = [each for each in changes if each.start < start]
    held = [each for each in changes if start <= each.start <= stop]
    if held and (start < length or not start):
        kept.append(replace(held[-1], start=start))
    for each in changes:
        if each.start > stop:
            kept.append(replace(each, start=each.start - (stop - start)))
    return tuple(kept)
