"""Bars recomposed: what stands around them stays, and what comes in their place joins it."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rnn_melody.copying import write_known
from rnn_melody.events import REST, read_voice
from rnn_melody.recomposing.bars import recompose_bars
from rnn_melody.recomposing.filling import alike
from rnn_melody.recomposing.gaps import gap_of
from rnn_melody.recomposing.parameters import RecomposeParameters
from rnn_melody_examples import jig, jigs, reel, write_model

from aigc_studio.api import (
    Bars,
    Candidate,
    EditRequest,
    Event,
    GeneratorError,
    KeySignature,
    Melody,
    Message,
    Metre,
    Note,
)
from aigc_studio.translation import localized

Recompose = Callable[..., list[Event]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    return write_model(folder, [*jigs(5), reel()], right=8)


@pytest.fixture
def recompose(model: Path) -> Recompose:
    def ask(
        melody: Melody, bars: Bars, *, count: int = 1, seed: int = 1, **wish: Any
    ) -> list[Event]:
        request = EditRequest(
            operation="recompose", parameters=RecomposeParameters(**wish), seed=seed, model=model,
            artifacts=(melody,), selections=(bars,), count=count,
        )  # fmt: skip
        return list(recompose_bars(request))

    return ask


def candidates(events: list[Event]) -> list[Candidate]:
    return [each for each in events if isinstance(each, Candidate)]


def notes_of(candidate: Candidate) -> tuple[Note, ...]:
    assert isinstance(candidate.artifact, Melody)
    return candidate.artifact.notes


def wholes(events: list[Event], melody: Melody, bars: Bars) -> list[Melody]:
    """The tunes with the parts in their places, as the host joins them."""
    found = list[Melody]()
    for each in candidates(events):
        assert each.part
        assert isinstance(each.artifact, Melody)
        found.append(melody.replaced(bars, each.artifact))
    return found


def words(events: list[Event]) -> str:
    return " ".join(
        f"{localized(each.text, language)}"
        for each in events
        if isinstance(each, Message)
        for language in ("en", "zh")
    )


def check_outside(melody: Melody, made: Melody, bars: Bars) -> None:
    """All that begins outside is as it was, bit by bit, and the bars are full of one voice."""
    start, stop = melody.ticks(bars)
    kept = [note for note in melody.notes if not start <= note.start < stop]
    assert [note for note in made.notes if not start <= note.start < stop] == kept
    assert made.bars == melody.bars
    same = ("ticks_per_quarter", "program", "tempos", "metres", "length", "keys")
    assert all(getattr(made, name) == getattr(melody, name) for name in same)
    assert any(start <= note.start < stop for note in made.notes)


@pytest.mark.parametrize(
    "bars", [Bars(3, 4), Bars(1, 2), Bars(7, 8), Bars(1, 8), Bars(5, 5), Bars(2, 7)]
)
def test_what_is_outside_stays(recompose: Recompose, bars: Bars) -> None:
    melody = jig()
    events = recompose(melody, bars, count=2)
    made = wholes(events, melody, bars)
    assert len(made) == 2
    for each in made:
        check_outside(melody, each, bars)
        assert each.part(bars) != melody.part(bars)


def test_a_whole_tune_has_nothing_to_join(recompose: Recompose) -> None:
    assert "nothing sounds" in words(recompose(jig(), Bars(1, 8)))
    assert "nothing sounds" not in words(recompose(jig(), Bars(2, 8)))


def test_candidates_differ_and_the_first_do_not_depend_on_how_many(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(5, 6)
    many = [each.artifact for each in candidates(recompose(melody, bars, count=6))]
    assert [each.artifact for each in candidates(recompose(melody, bars, count=2))] == many[:2]
    assert [each.artifact for each in candidates(recompose(melody, bars, count=6))] == many
    lines = [_events(each) for each in many]
    for number, line in enumerate(lines):
        assert all(alike(line, other) <= 0.8 for other in lines[:number])
    other = candidates(recompose(melody, bars, seed=99))[0].artifact
    assert other not in many


def test_each_is_made_again_from_its_own_seed_alone(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(5, 6)
    for seed in (1, 999_999_999, 2_000_000_007):
        many = candidates(recompose(melody, bars, count=6, seed=seed))
        assert many[0].seed == seed
        for each in many:
            assert each.seed is not None
            (again,) = candidates(recompose(melody, bars, seed=each.seed))
            assert (again.artifact, again.title) == (each.artifact, each.title)
            assert again.seed == each.seed
    for seed in (-5, 2**63 - 1):
        assert candidates(recompose(melody, bars, seed=seed))[0].seed == seed


def _events(artifact: Any) -> tuple[tuple[int, int, int], ...]:
    return tuple((note.pitch, note.duration, note.start) for note in artifact.notes)


def test_the_first_joins_best(recompose: Recompose, model: Path) -> None:
    from rnn_melody.composing.pen import Pen
    from rnn_melody.composing.sheet import Style
    from rnn_melody.model import open_model
    from rnn_melody.recomposing.filling import OWN, Filling
    from rnn_melody.recomposing.joining import Desk
    from rnn_melody.recomposing.keeping import Keeping

    desk = Desk(Pen(open_model(model)), gap_of(jig(), Bars(5, 6)), Style(), Keeping(()))
    filling = Filling(desk, lambda draft: False)
    scores = [each.fit + OWN * each.own for each in (filling.next(3) for _ in range(4))]
    assert scores == sorted(scores, reverse=True)


def test_where_nothing_follows_the_most_expected_is_not_the_best(model: Path) -> None:
    from rnn_melody.composing.pen import Pen
    from rnn_melody.composing.sheet import Style
    from rnn_melody.model import open_model
    from rnn_melody.recomposing.filling import Filling
    from rnn_melody.recomposing.joining import Desk
    from rnn_melody.recomposing.keeping import Keeping

    desk = Desk(Pen(open_model(model)), gap_of(jig(), Bars(7, 8)), Style(), Keeping(()))
    assert Filling(desk, lambda draft: False).next(3) == desk.drafts(3)[0]


# -- what is kept ----------------------------------------------------------------------------------


def test_the_rhythm_is_kept_to_the_tick(recompose: Recompose) -> None:
    """Durations that the model has not, rests and a hand's own timing stay; pitches are new."""
    melody, bars = reel(3), Bars(3, 5)
    played = tuple(
        replace(note, start=note.start + 7, duration=note.duration - 19, velocity=50 + place)
        for place, note in enumerate(melody.notes)
    )
    melody = replace(melody, notes=played)
    for made in wholes(recompose(melody, bars, count=3, rhythm=1.0), melody, bars):
        old, new = melody.part(bars).notes, made.part(bars).notes
        assert [(n.start, n.duration, n.velocity) for n in new] == [
            (n.start, n.duration, n.velocity) for n in old
        ]
        assert [n.pitch for n in new] != [n.pitch for n in old]


def test_more_of_the_rhythm_is_kept_the_more_is_asked_for(recompose: Recompose) -> None:
    melody, bars = jig(2), Bars(3, 6)
    old = {note.start for note in melody.part(bars).notes}

    def shared(rhythm: float) -> float:
        made = candidates(recompose(melody, bars, count=4, rhythm=rhythm))
        starts = [{n.start for n in notes_of(each)} for each in made]
        return sum(len(old & each) / len(old | each) for each in starts)

    assert shared(0.0) < shared(0.6) <= shared(1.0) == 4


def test_the_rise_and_fall_is_kept(recompose: Recompose) -> None:
    melody, bars = jig(4), Bars(5, 6)

    def steps(notes: tuple[Note, ...]) -> list[str]:
        pitches = [melody.notes[11].pitch, *(note.pitch for note in notes)]
        pairs = itertools.pairwise(pitches)
        return ["up" if b > a else "down" if b < a else "same" for a, b in pairs]

    made = candidates(recompose(melody, bars, count=3, rhythm=1.0, contour=1.0))
    wanted = steps(melody.part(bars).notes)
    agreed = [
        sum(a == b for a, b in zip(steps(notes_of(each)), wanted, strict=True)) / len(wanted)
        for each in made
    ]
    assert min(agreed) >= 0.8
    free = candidates(recompose(melody, bars, count=3, rhythm=1.0))
    loose = [
        sum(a == b for a, b in zip(steps(notes_of(each)), wanted, strict=True)) / len(wanted)
        for each in free
    ]
    assert sum(agreed) > sum(loose)


def test_density_makes_more_notes(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(3, 6)

    def notes(density: float) -> int:
        made = candidates(recompose(melody, bars, count=4, density=density))
        return sum(len(notes_of(each)) for each in made)

    assert notes(0.0) < notes(0.5) < notes(1.0)


# -- tunes as they come ----------------------------------------------------------------------------


def test_what_is_beside_the_voice_stays(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(3, 4)
    chords = tuple(Note(bar * 1440, 1440, 40 + bar, 33) for bar in range(8))
    whole = replace(melody, notes=(*melody.notes, *chords))
    events = recompose(whole, bars, count=2)
    assert "2 notes beside it stay" in words(events)
    for made in wholes(events, whole, bars):
        check_outside(whole, made, bars)
        assert set(chords) <= set(made.notes)
        assert made.part(bars).notes != whole.part(bars).notes


def test_loudness_is_that_of_the_neighbours(recompose: Recompose) -> None:
    """Accents on the beat stay where they were."""
    melody, bars = jig(), Bars(5, 6)
    notes = tuple(replace(n, velocity=100 if n.start % 720 == 0 else 60) for n in melody.notes)
    melody = replace(melody, notes=notes)
    for made in wholes(recompose(melody, bars, count=2), melody, bars):
        for note in made.part(bars).notes:
            assert note.velocity == (100 if note.start % 720 == 0 else 60)


def test_a_note_from_before_sounds_on(recompose: Recompose) -> None:
    """It began outside: it is as it was, and what is new begins behind it."""
    melody, bars = jig(), Bars(5, 6)
    start, stop = melody.ticks(bars)
    held = Note(start - 240, 480, 70)
    notes = [n for n in melody.notes if not start - 240 <= n.start < start + 240]
    melody = replace(melody, notes=(*notes, held))
    for made in wholes(recompose(melody, bars, count=2), melody, bars):
        check_outside(melody, made, bars)
        inside = [n for n in made.notes if start <= n.start < stop]
        assert held in made.notes
        assert min(n.start for n in inside) >= start + 240


def test_bars_that_a_note_from_before_fills_say_what_to_mark(recompose: Recompose) -> None:
    melody = Melody((Note(0, 4 * 1920, 60), Note(4 * 1920, 480, 62)))
    with pytest.raises(GeneratorError, match="mark the bar in which it begins"):
        recompose(melody, Bars(2, 3))


def test_a_note_that_goes_on_behind_the_bars_leaves_no_hole(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(5, 6)
    start, stop = melody.ticks(bars)
    tail = Note(stop - 240, 480, 71, 90)
    notes = [n for n in melody.notes if n.start not in (stop - 240, stop)]
    melody = replace(melody, notes=(*notes, tail))
    for made in wholes(recompose(melody, bars, count=3), melody, bars):
        last = [n for n in made.notes if start <= n.start < stop][-1]
        assert (last.pitch, last.start + last.duration) == (71, stop + 240)
        check_outside(melody, made, bars)


def test_an_upbeat_and_a_change_of_metre_and_key(recompose: Recompose) -> None:
    """Bars are filled as they are, whatever lies in them."""
    melody = Melody(
        tuple(Note(n * 240, 240, 62 + n % 8) for n in range(50)),
        metres=(Metre(0, 1, 4), Metre(480, 6, 8), Metre(480 + 4 * 1440, 3, 4)),
        keys=(KeySignature(0, 2), KeySignature(480 + 4 * 1440, -1, "minor")),
    )
    for bars in (Bars(1, 1), Bars(1, 3), Bars(4, 6), Bars(5, 7)):
        for made in wholes(recompose(melody, bars, count=2), melody, bars):
            check_outside(melody, made, bars)
            start, stop = melody.ticks(bars)
            inside = [n for n in made.notes if start <= n.start < stop]
            assert max(n.start + n.duration for n in inside) <= stop


def test_it_is_told_from_the_key_that_holds_there(recompose: Recompose) -> None:
    from rnn_melody.voices import key_at

    melody = replace(jig(), keys=(KeySignature(0, 2), KeySignature(4 * 1440, -1, "minor")))
    start = melody.ticks(Bars(6, 7))[0]
    key, _said = key_at(melody, start)
    gap = gap_of(melody, Bars(6, 7), key)
    assert key is not None
    assert (gap.before.tonic, gap.before.mode) == (key.tonic, key.mode)
    assert gap_of(melody, Bars(2, 3), key_at(melody, 1440)[0]).before.tonic == 2
    assert candidates(recompose(melody, Bars(6, 7)))


def test_empty_bars_and_a_tune_of_three_notes(recompose: Recompose) -> None:
    drawn = Melody((Note(0, 480, 62), Note(480, 480, 64), Note(3 * 1920, 960, 69)))
    made = wholes(recompose(drawn, Bars(2, 3), count=4), drawn, Bars(2, 3))
    assert len({each.notes for each in made}) == 4
    for each in made:
        check_outside(drawn, each, Bars(2, 3))
    silent = Melody(length=4 * 1920)
    assert candidates(recompose(silent, Bars(1, 4), count=2))


@pytest.mark.parametrize("ticks", [1, 2, 3, 10, 96, 120, 960])
def test_whatever_the_ticks(recompose: Recompose, ticks: int) -> None:
    melody = Melody(
        tuple(Note(n * ticks, ticks, 62 + n % 8) for n in range(32)), ticks_per_quarter=ticks
    )
    for made in wholes(recompose(melody, Bars(3, 4), count=2), melody, Bars(3, 4)):
        check_outside(melody, made, Bars(3, 4))
        inside = made.part(Bars(3, 4)).notes
        assert all(a.start + a.duration <= b.start for a, b in itertools.pairwise(inside))


def test_five_hundred_bars_are_read_only_near(recompose: Recompose) -> None:
    long = Melody(tuple(Note(n * 480, 480, 60 + n * 7 % 12) for n in range(2000)))
    gap = gap_of(long, Bars(300, 301))
    assert len(gap.bars) < 100
    assert sum(bar.stop <= gap.stop for bar in gap.bars) % 8 == 301 % 8, "phrases stay whole"
    bars = Bars(300, 301)
    for made in wholes(recompose(long, bars), long, bars):
        check_outside(long, made, bars)
    bars = Bars(10, 120)
    for made in wholes(recompose(long, bars), long, bars):
        check_outside(long, made, bars)


def test_notes_that_are_far_from_where_the_model_writes(recompose: Recompose) -> None:
    """A tune for the double bass is gone on with where it lies."""
    low = jig(tonic=30)
    low = replace(low, notes=tuple(n for n in low.notes))
    bars = Bars(5, 6)
    made = wholes(recompose(low, bars, count=2), low, bars)
    highest = max(n.pitch for n in low.notes)
    for each in made:
        assert all(n.pitch <= highest + 16 for n in each.part(bars).notes)


def test_a_free_hand_is_put_on_the_grid_and_nothing_outside_moves(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(5, 6)
    loose = tuple(replace(n, start=n.start + 13 * (k % 3)) for k, n in enumerate(melody.notes))
    melody = replace(melody, notes=loose)
    for made in wholes(recompose(melody, bars, count=2), melody, bars):
        check_outside(melody, made, bars)
    assert not gap_of(melody, bars).beside


def test_rests_that_stood_there_are_of_the_rhythm(recompose: Recompose) -> None:
    melody, bars = jig(), Bars(5, 6)
    start, _stop = melody.ticks(bars)
    notes = tuple(n for n in melody.notes if not start + 480 <= n.start < start + 960)
    melody = replace(melody, notes=notes)
    assert any(pitch == REST for pitch, _units, _place in gap_of(melody, bars).former)
    for made in wholes(recompose(melody, bars, count=2, rhythm=1.0), melody, bars):
        old = [n.start for n in melody.notes]
        assert [n.start for n in made.notes] == old


# -- what is told ----------------------------------------------------------------------------------


def test_each_says_how_it_joins(recompose: Recompose) -> None:
    for each in candidates(recompose(jig(), Bars(3, 4), count=4)):
        assert localized(each.title, "en").startswith("Joins")
        assert "衔接" in localized(each.title, "zh")
    for each in candidates(recompose(jig(), Bars(7, 8))):
        assert localized(each.title, "en").startswith("Goes on")
    begun = Melody((Note(0, 480, 62), Note(480, 480, 66), Note(960, 960, 69)), length=4 * 1920)
    for each in candidates(recompose(begun, Bars(2, 2), count=2)):
        assert localized(each.title, "en").startswith("Goes on"), "bars that are empty as yet"


def test_what_is_shared_with_what_was_learnt_is_said(model: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "known"
    shutil.copytree(model, folder)
    write_known(folder, [("The Old Jig", jig(7))])
    request = EditRequest(
        operation="recompose", parameters=RecomposeParameters(), seed=1, model=folder,
        artifacts=(jig(),), selections=(Bars(3, 4),), count=2,
    )  # fmt: skip
    events = list(recompose_bars(request))
    assert "join both sides; no run of 10 intervals" in words(events)
    assert "与学过的曲子" in words(events)


def test_bars_that_were_learnt_are_not_given_where_there_are_others(
    model: Path, tmp_path: Path
) -> None:
    """A draft that shares a long run with a tune is passed over."""
    from rnn_melody.composing.pen import Pen
    from rnn_melody.composing.sheet import Style
    from rnn_melody.model import open_model
    from rnn_melody.recomposing.filling import Filling
    from rnn_melody.recomposing.joining import Desk
    from rnn_melody.recomposing.keeping import Keeping

    desk = Desk(Pen(open_model(model)), gap_of(jig(), Bars(5, 6)), Style(), Keeping(()))
    best = Filling(desk, lambda draft: False).next(3)
    other = Filling(desk, lambda draft: draft.events == best.events).next(3)
    assert other.events != best.events


def test_a_model_without_a_right_side_does_it_too(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "plain", jigs(4))
    melody, bars = jig(), Bars(5, 6)
    request = EditRequest(
        operation="recompose", parameters=RecomposeParameters(), seed=1, model=folder,
        artifacts=(melody,), selections=(bars,), count=2,
    )  # fmt: skip
    for made in wholes(list(recompose_bars(request)), melody, bars):
        check_outside(melody, made, bars)


def test_what_follows_steers(model: Path) -> None:
    """With another tune behind the bars other drafts come of the same numbers."""
    from rnn_melody.composing.pen import Pen
    from rnn_melody.composing.sheet import Style
    from rnn_melody.model import Model, open_model
    from rnn_melody.recomposing.joining import Desk
    from rnn_melody.recomposing.keeping import Keeping

    opened = open_model(model)
    import copy

    import torch

    writer = copy.deepcopy(opened.writer)
    assert writer.right is not None
    torch.manual_seed(1)
    torch.nn.init.normal_(writer.right.added.weight, std=2.0)
    pen = Pen(Model(writer, opened.about, b"bent", "bent"))
    bars, one = Bars(5, 6), jig(0)
    stop = one.ticks(bars)[1]
    behind = tuple(replace(n, pitch=n.pitch + 5) if n.start >= stop else n for n in one.notes)
    drafts = [
        Desk(pen, gap_of(each, bars), Style(), Keeping(())).drafts(7)
        for each in (one, replace(one, notes=behind))
    ]
    assert [d.events for d in drafts[0]] != [d.events for d in drafts[1]]
    alone = [
        Desk(pen, gap_of(each, bars), Style(), Keeping(())).drafts(7, towards=False)
        for each in (one, replace(one, notes=behind))
    ]
    assert [d.events for d in alone[0]] == [d.events for d in alone[1]]
    assert [d.fit for d in alone[0]] != [d.fit for d in alone[1]]


def test_the_weight_of_a_draft_is_what_the_net_says_of_what_follows(model: Path) -> None:
    """Read on from where the pen stands, or read as a whole tune: the same."""
    import torch
    from rnn_melody.composing.pen import Pen
    from rnn_melody.composing.sheet import Style
    from rnn_melody.model import open_model
    from rnn_melody.network.net import nats_of
    from rnn_melody.recomposing.joining import FOLLOWED, Desk
    from rnn_melody.recomposing.keeping import Keeping
    from rnn_melody.signs import inputs_of

    pen = Pen(open_model(model))
    gap = gap_of(jig(), Bars(5, 6))
    desk = Desk(pen, gap, Style(), Keeping(()))
    draft = desk.drafts(3)[5]
    events = (*zip(gap.before.pitches, gap.before.durations, gap.before.places, strict=True),
              *draft.events, *gap.after)  # fmt: skip
    pitches, durations, places = zip(*events, strict=True)
    voice = replace(gap.before, pitches=pitches, durations=durations, places=places)
    inputs, tones, lengths = inputs_of(voice, pen.model.signs)
    pairs = torch.stack([torch.from_numpy(tones), torch.from_numpy(lengths)], -1)
    (nats,) = nats_of(pen.model.writer, [(torch.from_numpy(inputs), pairs)])
    first = len(events) - len(gap.after)
    followed = nats[first : first + draft.followed].sum()
    assert draft.followed == 6 * FOLLOWED
    assert draft.fit == pytest.approx(-float(followed), rel=1e-4)
    own = nats[len(gap.before) : first].sum()
    assert draft.own == pytest.approx(-float(own), rel=1e-4)


def test_read_voice_of_a_result_has_whole_bars(recompose: Recompose) -> None:
    melody, bars = reel(), Bars(3, 4)
    for made in wholes(recompose(melody, bars, count=3), melody, bars):
        voice = read_voice(made)[0]
        assert sum(voice.durations) == sum(bar.length for bar in voice.bars)
