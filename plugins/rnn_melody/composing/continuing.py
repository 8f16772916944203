"""Continue: a tune written on, at its end or behind the selected bars; and more like one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aigc_studio.api import Bars, EditRequest, Event, Melody, Message, Metre
from aigc_studio.toolkit import exactly, parameters_of
from rnn_melody.composing.generating import Plan, latent_of, plan_of, title_of
from rnn_melody.composing.inserting import joint_after, last_sounding_bar
from rnn_melody.composing.likeness import drawn_to
from rnn_melody.composing.page import Page
from rnn_melody.composing.parameters import ContinueParameters, GenerateParameters, LikeParameters
from rnn_melody.composing.pen import pen_of
from rnn_melody.composing.sheet import Style
from rnn_melody.composing.side_by_side import Press, Task, style_of
from rnn_melody.copying import read_known
from rnn_melody.events import bar_units, metre_name, regular_bars, to_notes
from rnn_melody.model import Model, open_model
from rnn_melody.voices import key_at, usual_velocity, voice_of_nothing, voice_until


def continue_tune(request: EditRequest) -> Iterator[Event]:
    """Yield `count` ways to go on behind the selected bars, or at the end."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, ContinueParameters)
    melody, selected = request.melody, bool(request.selections) and request.selections[0]
    after = request.bars.last if selected else last_sounding_bar(melody)
    if not selected:
        # Empty bars at the end are room for what comes, and stay only where they are selected.
        melody = _without_rest(melody, after)
    joint = joint_after(melody, after, wish.more)
    key, said = key_at(melody, joint.tick - 1)
    yield from [said] if said else []
    yield from unseen(model, [metre_name(joint.metre)])
    voice = joint.voice(key)
    bars = joint.bars(voice, 0 if wish.closes else 8)
    style = heard_style(style_of(wish), voice.pitches)
    alone = not (selected or wish.primer)

    def made(page: Page, row: int, upto: int | None) -> Melody:
        notes, count = joint.notes(page, row, upto)
        return joint.alone(notes, count) if alone else joint.joined(notes, count)

    task = Task(
        sheet=pen.sheet(voice, bars, style, joint.stop(bars, len(voice.bars))), style=style,
        made=made, parted=lambda found: found if alone else _bars_behind(found, after),
    )  # fmt: skip
    press = Press(pen, read_known(request.model), wish.known == "drawn-anew")
    yield from press.events([task] * request.count, request.seed)


def compose_alike(request: EditRequest) -> Iterator[Event]:
    """Yield `count` new tunes in the metre, key and tempo of one, drawn by what is in it."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, LikeParameters)
    melody = request.melody
    key, said = key_at(melody, 0)
    yield from [said] if said else []
    metre = _main_metre(melody)
    name = metre_name(metre)
    yield from unseen(model, [name])
    drawn = plan_of(GenerateParameters(), model, request.seed).key
    plan = Plan(
        name, replace(key, start=0) if key else drawn, wish.measures or min(melody.bar_count, 256)
    )
    style = heard_style(style_of(wish), [note.pitch for note in melody.notes])
    voice = voice_of_nothing(plan.key)
    ticks = melody.ticks_per_quarter
    velocity = usual_velocity(melody.notes)

    def made(page: Page, row: int, upto: int | None) -> Melody:
        count = plan.bars if upto is None else upto
        stop = bar_units(name) * count
        notes = to_notes(page.voice(row, stop), ticks, velocity)
        return Melody(
            notes, ticks, melody.program, melody.tempos[:1], (Metre(0, *_parts(name)),),
            length=ticks * 4 * metre.numerator // metre.denominator * count, keys=(plan.key,),
        )  # fmt: skip

    task = Task(
        sheet=pen.sheet(voice, regular_bars(name, plan.bars), style), style=style, made=made,
        steer=drawn_to(pen, voice_until(melody, melody.bar_count, key), wish.likeness),
        title=title_of(plan), latent=latent_of,
    )  # fmt: skip
    press = Press(pen, read_known(request.model), wish.known == "drawn-anew")
    yield from press.events([task] * request.count, request.seed)


def heard_style(style: Style, pitches: list[int] | tuple[int, ...]) -> Style:
    """The style with a range that holds what is heard already: it is no reason to leave it."""
    found = [pitch for pitch in pitches if pitch >= 0]
    if not found:
        return style
    return replace(style, lowest=min(style.lowest, *found), highest=max(style.highest, *found))


def unseen(model: Model, metres: list[str]) -> Iterator[Message]:
    """A sentence where a metre is none of those that the model learnt."""
    new = [name for name in dict.fromkeys(metres) if name not in model.signs.metres]
    if new and model.signs.metres:
        known = ", ".join(model.signs.metres[:6])
        yield Message(
            {
                "en": f"The model has learnt no tunes in {', '.join(new)}: it goes by the beats of "
                f"what it knows ({known}).",
                "zh": f"模型没有学过 {'、'.join(new)} 拍的曲子：按所学的拍子（{known}）类推。",
            }
        )


def _without_rest(melody: Melody, after: int) -> Melody:
    stop = melody.ticks(Bars(after, after))[1]
    if melody.length <= stop:
        return melody
    end = max((note.start + note.duration for note in melody.notes), default=0)
    return melody if end > stop else replace(melody, length=stop)


def _bars_behind(melody: Melody, after: int) -> Melody:
    count = melody.bar_count
    return melody.part(Bars(after + 1, count)) if count > after else Melody()


def _main_metre(melody: Melody) -> Metre:
    """The metre that most of it is in."""
    stops = [*(each.start for each in melody.metres[1:]), max(melody.length, 1)]
    lengths = dict[tuple[int, int], int]()
    for metre, stop in zip(melody.metres, stops, strict=True):
        parts = metre.numerator, metre.denominator
        lengths[parts] = lengths.get(parts, 0) + max(stop - metre.start, 0)
    return Metre(0, *max(lengths, key=lambda parts: lengths[parts]))


def _parts(metre: str) -> tuple[int, int]:
    above, below = metre.split("/")
    return int(above), int(below)
