"""Generate: new tunes, with or without an opening, and more like one that was made before."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from aigc_studio.api import (
    Bars,
    Event,
    GenerateRequest,
    GeneratorError,
    KeySignature,
    Melody,
    Metre,
    Note,
    Tempo,
)
from aigc_studio.toolkit import exactly, parameters_of
from rnn_melody.composing.likeness import drawn_to
from rnn_melody.composing.page import Page, Steering
from rnn_melody.composing.parameters import LEARNT, PROGRAMS, GenerateParameters
from rnn_melody.composing.pen import Pen, pen_of
from rnn_melody.composing.side_by_side import Press, Task, style_of
from rnn_melody.copying import read_known
from rnn_melody.events import UNITS, Bar, Manner, Voice, bar_units, regular_bars, to_melody
from rnn_melody.keys import MODES, TONICS, key_name, signature
from rnn_melody.model import Model, open_model
from rnn_melody.voices import USUAL_VELOCITY, key_at, voice_until
from rnn_melody.words.dances import beat_quarters, usual_tempo
from rnn_melody.words.notation import Typed
from rnn_melody.words.prompts import Reading, read_prompt

_LATENT = b"tune"
_LATENT_BYTES = 64 << 10
_TUNE_BYTES = 1 << 20
_LIKENESS = 0.3
"""How strongly the one before draws what is asked for as more like it."""


@dataclass(frozen=True)
class Plan:
    """What one tune is to be: nothing of it is open any more."""

    metre: str
    key: KeySignature
    bars: int
    upbeat: bool = False


def generate_tunes(request: GenerateRequest) -> Iterator[Event]:
    """Yield `count` tunes that grow bar by bar; number n from the seed `seed + n`."""
    exactly(request)
    model = open_model(request.model)
    pen, reading = pen_of(model), read_prompt(request.prompt)
    wish = parameters_of(request, GenerateParameters)
    wish = wish.model_copy(update=reading.wish)
    yield from reading.notices()
    origin = _tune_of(request.latents[0]) if request.latents else None
    if origin is not None:
        wish = _like(wish, origin)
    tasks = dict[Plan, Task]()
    plans = [plan_of(wish, model, request.seed + n) for n in range(request.count)]
    for plan in plans:
        if plan not in tasks:
            tasks[plan] = _task(pen, wish, plan, reading, origin)
    press = Press(pen, read_known(request.model), wish.known == "drawn-anew")
    yield from press.events([tasks[plan] for plan in plans], request.seed)


def plan_of(wish: GenerateParameters, model: Model, seed: int) -> Plan:
    """What was asked for, and the rest as often as it was learnt together with that."""
    rng = random.Random(f"plan {seed}")
    tonic = TONICS.index(wish.key) if wish.key != LEARNT else None
    mode = wish.mode if wish.mode != LEARNT else None
    metre = wish.metre if wish.metre != LEARNT else None
    drawn = _drawn(rng, _counts(model.learnt), (metre, tonic, mode))
    asked = (metre or drawn[0], drawn[1] if tonic is None else tonic, mode or drawn[2])
    return Plan(asked[0], signature(asked[1], asked[2]), wish.bars, wish.upbeat)


Together = tuple[str, int, str]
"""A metre, a tonic and a mode that tunes have together."""

_USUAL: Together = ("4/4", 2, "major")
_MOST_OPENED = 256
"""Bars of a typed opening: a single `d99999999` lasts millions of them."""
_SELDOM = 0.01
"""What fewer tunes than this part of them have is not drawn."""


def _counts(learnt: Mapping[str, Any]) -> dict[Together, int]:
    """How many tunes of those that were learnt have what together, whoever wrote that down."""
    found = dict[Together, int]()
    told = learnt.get("counts")
    for each in told if isinstance(told, list) else []:
        if not isinstance(each, list) or len(each) != 4:
            continue
        metre, tonic, mode, count = each
        known = isinstance(metre, str) and _METRE.fullmatch(metre) and mode in MODES
        if known and isinstance(tonic, int) and isinstance(count, int) and count > 0:
            found[metre, tonic % 12, str(mode)] = count
    return found


_METRE = re.compile(r"[1-9]\d?/(1|2|4|8|16|32)")


def _drawn(
    rng: random.Random,
    counts: Mapping[Together, int],
    asked: tuple[str | None, int | None, str | None],
) -> Together:
    """One of what was learnt together, as often as it was; what fits most of what is asked."""
    whole = sum(counts.values())
    often = {each: count for each, count in counts.items() if count >= _SELDOM * whole}
    for wanted in (asked, (None, *asked[1:]), (None, None, asked[2]), (None, None, None)):
        fits = {
            each: count
            for each, count in often.items()
            if all(want in (None, have) for want, have in zip(wanted, each, strict=True))
        }
        if fits:
            return rng.choices(list(fits), list(fits.values()))[0]
    return _USUAL


def _task(
    pen: Pen, wish: GenerateParameters, plan: Plan, reading: Reading, origin: Melody | None
) -> Task:
    opening = _opening(reading.opening, plan)
    opened = _bars_of(opening, plan.metre)
    _check_opening(wish, opened)
    new = wish.bars if wish.opening or not opening else opened + wish.bars
    bars = bars_of(plan, new) if not opening else regular_bars(plan.metre, new)
    voice = _voice(opening, plan, new)
    manner = Manner(
        program=PROGRAMS[wish.instrument],
        microseconds=microseconds(wish.tempo, plan.metre, reading.pace),
        velocity=USUAL_VELOCITY,
        keys=(plan.key,),
    )
    left_out = 0 if wish.opening or not opening else opened

    def made(page: Page, row: int, upto: int | None) -> Melody:
        voice = page.voice(row, None if upto is None else bars[upto - 1].stop)
        melody = to_melody(voice, manner)
        first, last = left_out + 1, len(bars) if upto is None else upto
        if upto is not None and upto <= left_out:
            return melody.part(Bars(1, upto))
        return melody if (first, last) == (1, len(bars)) else melody.part(Bars(first, last))

    style = style_of(wish)
    return Task(
        sheet=pen.sheet(voice, bars, style), style=style, made=made, steer=_steering(pen, origin),
        latent=latent_of, title=title_of(plan),
    )  # fmt: skip


def _check_opening(wish: GenerateParameters, opened: int) -> None:
    """Raise `GeneratorError` where the bars of an opening are more than can be begun with."""
    if wish.opening and opened > wish.bars:
        raise GeneratorError(
            f"The opening has {opened} bars, and {wish.bars} were asked for: ask for more bars.",
            zh=f"开头已有 {opened} 小节，而要求的是 {wish.bars} 小节：请增加小节数。",
            parameter="bars",
        )
    if opened > _MOST_OPENED:
        raise GeneratorError(
            f"The opening has {opened} bars: type {_MOST_OPENED} at most.",
            zh=f"开头有 {opened} 小节：最多输入 {_MOST_OPENED} 小节。",
        )


def _steering(pen: Pen, origin: Melody | None) -> Steering | None:
    """What draws tunes to the one that they are to be like."""
    if origin is None:
        return None
    key, _said = key_at(origin, 0)
    return drawn_to(pen, voice_until(origin, origin.bar_count, key), _LIKENESS)


def bars_of(plan: Plan, count: int) -> tuple[Bar, ...]:
    """So many bars to write in; with an upbeat one before them, and the last one as much shorter.

    An upbeat is an eighth note where bars fall into threes or are short, else a quarter note.
    """
    if not plan.upbeat:
        return regular_bars(plan.metre, count)
    above, below = (int(each) for each in plan.metre.split("/"))
    whole = bar_units(plan.metre)
    is_short = beat_quarters(above, below) > 4 / below or whole < 3 * UNITS
    upbeat = min(UNITS // 2 if is_short else UNITS, whole // 2)
    *bars, last = regular_bars(plan.metre, count, upbeat)
    return *bars, replace(last, length=whole - upbeat)


def title_of(plan: Plan) -> dict[str, str]:
    """What a tune is called: its key and its metre."""
    name = key_name(plan.key)
    return {language: f"{words}, {plan.metre}" for language, words in name.items()} | {
        "zh": f"{name['zh']}，{plan.metre}"
    }


def microseconds(tempo: int, metre: str, pace: float = 1.0) -> int:
    """How long a quarter note takes at so many beats a minute; 0: as fits the metre."""
    beats = tempo or usual_tempo(metre) * pace
    numerator, denominator = (int(each) for each in metre.split("/"))
    return max(1, round(60_000_000 / (beats * beat_quarters(numerator, denominator))))


# -- openings --------------------------------------------------------------------------------------


def _opening(typed: Sequence[Typed], plan: Plan) -> list[tuple[int, int, int]]:
    """Typed notes as (pitch or REST, start, stop) in units."""
    from rnn_melody.events import REST

    found, place = list[tuple[int, int, int]](), Fraction(0)
    for each in typed:
        start, place = round(place * UNITS), place + each.duration
        stop = max(round(place * UNITS), start + 1)
        found.append((REST if each.pitch is None else each.pitch, start, stop))
    return found


def _bars_of(opening: Sequence[tuple[int, int, int]], metre: str) -> int:
    """How many bars an opening fills or begins."""
    return -(-opening[-1][2] // bar_units(metre)) if opening else 0


def _voice(opening: Sequence[tuple[int, int, int]], plan: Plan, bars: int) -> Voice:
    """The voice that writing begins after."""
    from rnn_melody.events import read_voice

    key = plan.key
    if not opening:
        return Voice((), (), (), (), key.tonic, key.mode)
    above, below = (int(each) for each in plan.metre.split("/"))
    # A part of a bar that the opening leaves open is for the model to fill.
    notes = tuple(
        Note(start * 20, (stop - start) * 20, pitch) for pitch, start, stop in opening if pitch >= 0
    )
    melody = Melody(notes, metres=(Metre(0, above, below),), tempos=(Tempo(0),), keys=(key,))
    whole, _remarks = read_voice(melody)
    end = opening[-1][2]
    kept = [number for number, place in enumerate(whole.places) if place < end]
    durations = [min(whole.durations[n], end - whole.places[n]) for n in kept]
    return Voice(
        tuple(whole.pitches[n] for n in kept), tuple(durations),
        tuple(whole.places[n] for n in kept), regular_bars(plan.metre, bars), key.tonic, key.mode,
    )  # fmt: skip


# -- more like one ---------------------------------------------------------------------------------


def latent_of(melody: Melody) -> bytes | None:
    """What more like a tune is made from: the tune itself, packed; None where it is too long."""
    packed = _LATENT + zlib.compress(melody.to_json().encode())
    return packed if len(packed) <= _LATENT_BYTES else None


def _tune_of(latent: bytes) -> Melody:
    """The tune that a latent carries. Raises GeneratorError for one of something else."""
    try:
        packer = zlib.decompressobj()
        unpacked = packer.decompress(latent.removeprefix(_LATENT), _TUNE_BYTES)
        if latent.startswith(_LATENT) and packer.eof:
            return Melody.from_json(unpacked.decode())
    except (zlib.error, ValueError):
        pass
    raise GeneratorError(
        "What this should be like was not made by this generator: choose another tune, or ask for "
        "a new one.",
        zh="要参照的内容不是由此生成器生成的：请选择其他曲子，或生成新的。",
    )


def _like(wish: GenerateParameters, origin: Melody) -> GenerateParameters:
    """The wish with what is open taken from a tune."""
    key, _said = key_at(origin, 0)
    update = dict[str, Any]()
    if wish.metre == LEARNT:
        update["metre"] = f"{origin.metres[-1].numerator}/{origin.metres[-1].denominator}"
    if key is not None and wish.key == LEARNT:
        update["key"] = TONICS[key.tonic]
    if key is not None and wish.mode == LEARNT:
        update["mode"] = key.mode
    return wish.model_copy(update=update)
