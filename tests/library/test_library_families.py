"""Tune families: one title, long runs in common, and what is no family."""

import random
from collections.abc import Sequence

import pytest

from aigc_studio.api import Melody, Note
from aigc_studio.library.melodies.families import (
    RUN,
    family_steps,
    is_held_out,
    line_of,
    normalised_title,
    tune_families,
)

_STEPS = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)


def tune(steps: Sequence[int], first: int = 60, lasts: Sequence[int] = (240,)) -> Melody:
    """A melody of these intervals; durations go round."""
    notes, start, pitch = list[Note](), 0, first
    for number, step in enumerate((0, *steps)):
        pitch += step
        duration = lasts[number % len(lasts)]
        notes.append(Note(start, duration, pitch % 128))
        start += duration
    return Melody(tuple(notes))


def steps(seed: int, count: int = 60) -> list[int]:
    """Random intervals that stay in the middle."""
    source, pitch, found = random.Random(seed), 0, list[int]()
    for _n in range(count):
        step = source.choice([each for each in _STEPS if abs(pitch + each) < 20])
        pitch += step
        found.append(step)
    return found


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("The White Cockade", "whitecockade"),
        ("Hare in the Corn, The.", "hareinthecorn"),
        ("A Blast of Wind", "blastofwind"),
        ("FISHER'S -- HORNPIPE", "fishershornpipe"),
        ("The", "the"),
        ("Ades", "ades"),
        ("  ", ""),
        ("茉莉花", "茉莉花"),
    ],
)
def test_titles_are_one_whatever_article_and_signs_they_have(title: str, plain: str) -> None:
    assert normalised_title(title) == plain


def test_what_is_held_out_is_told_by_the_title_alone() -> None:
    assert is_held_out("The White Cockade") == is_held_out("white cockade")
    held = sum(is_held_out(f"Tune {number}") for number in range(2_000))
    assert 150 < held < 250


def test_variants_in_another_key_and_rhythm_under_other_titles_are_one_family() -> None:
    line = steps(1)
    changed = [*steps(2, 20), *line[10 : 10 + RUN + 1], *steps(3, 20)]
    tunes = [
        ("One", tune(line)),
        ("Two", tune(steps(4))),
        ("Three", tune(line, 67, (360, 120))),
        ("Four", tune(changed, 55)),
        ("the TWO", tune(steps(5))),
    ]
    assert tune_families(tunes) == [0, 1, 0, 0, 1]


def test_a_run_of_sixteen_is_no_family() -> None:
    line = steps(1)
    part = line[20 : 20 + RUN]
    other = [*steps(2, 20), -part[0], *part, *steps(3, 20)]
    assert other[20 + 1 + RUN] != line[20 + RUN]
    assert tune_families([("One", tune(line)), ("Two", tune(other))]) == [0, 1]


def test_many_short_runs_in_common_are_a_family() -> None:
    line = steps(1, 80)
    varied = list(line)
    for place in range(12, 80, 13):
        varied[place] = 7 if line[place] != 7 else 6
    assert tune_families([("One", tune(line)), ("Two", tune(varied))]) == [0, 0]


def test_repeated_notes_and_scales_join_nothing() -> None:
    figures = [*[0] * 20, *[2, -2] * 10]
    one, two = [*steps(1, 40), *figures], [*figures, *steps(2, 40)]
    assert tune_families([("One", tune(one)), ("Two", tune(two))]) == [0, 1]


def test_titles_that_say_nothing_join_nothing_and_short_tunes_that_are_the_same_do() -> None:
    short = (2, 2, -4)
    tunes = [
        ("", tune(steps(1))),
        ("", tune(steps(2))),
        ("Do.", tune(short)),
        ("Untitled", tune(short, 70)),
        ("untitled", tune(())),
        ("Untitled", Melody()),
    ]
    assert tune_families(tunes) == [0, 1, 2, 2, 4, 5]


def test_the_highest_of_notes_that_begin_together_is_the_line() -> None:
    chord = (Note(0, 480, 60), Note(0, 240, 67), Note(240, 240, 62), Note(480, 480, 65))
    assert line_of(Melody(chord)) == [67, 62, 65]


def test_it_says_how_far_it_is_and_may_be_given_up() -> None:
    many = [(f"Tune {number}", Melody()) for number in range(450)]
    found = family_steps(many)
    assert [next(found), next(found)] == [(200, 450), (400, 450)]
    found.close()


def test_nothing_has_no_families() -> None:
    assert tune_families([]) == []


def test_a_figure_that_stands_in_a_tune_a_thousand_times_costs_no_more_than_once() -> None:
    figure = [2, 1, -3, 4, -2, -1, 3, -4, 2, -2]
    one, two = figure * 3_000, [*figure[:4], *figure * 3_000]
    other = steps(5, 30_000)
    told = [("One", tune(one)), ("Two", tune(two)), ("Three", tune(other))]
    assert tune_families(told) == [0, 0, 2]
