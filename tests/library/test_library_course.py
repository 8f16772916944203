"""What is told of how a training went: only what was measured, and only when it is clear."""

from typing import Any

import pytest

from aigc_studio.api import Measure
from aigc_studio.library.course import (
    MOST,
    Look,
    card_course,
    card_verdict,
    course_of,
    known_by_now,
    note,
)
from aigc_studio.library.measures import lost_variety

FALLS = [2.0, 1.8, 1.7, 1.6, 1.55]
TURNS = [2.0, 1.6, 1.5, 1.55, 1.6, 1.7]
OWN = {"held_out_db": Measure(title="Held out", better="higher")}
STAYS = [2.0, 1.6, 1.5, 1.501, 1.5, 1.499]


def looks(values: list[float], name: str = "nats_per_character") -> list[Look]:
    return [(100 * n, {"loss": 9.0 - n, name: value}) for n, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("values", "while_it_runs", "at_its_end"),
    [
        (FALLS, "", "still getting better at its end: more minutes help"),
        (TURNS, "Over-fitting since step 300: ", "Over-fitting since step 300: "),
        (STAYS, "", ""),
        (TURNS[:3], "", ""),  # too few to tell
        ([2.0, 1.5, 1.6, 1.55], "", ""),  # up and down
    ],
)
def test_the_sentence_follows_from_the_values(
    values: list[float], while_it_runs: str, at_its_end: str
) -> None:
    found = course_of(looks(values))
    assert found.told().startswith(while_it_runs)
    assert bool(found.told()) == bool(while_it_runs)
    assert at_its_end in found.told(over=True)
    assert bool(found.told(over=True)) == bool(at_its_end)


def test_a_training_by_time_is_told_in_minutes() -> None:
    found = course_of(looks(TURNS), steps=1000, minutes=10)
    assert "since minute 3:" in found.told()
    assert "since minute 0.6:" in course_of(looks(TURNS), steps=1000, minutes=2).told()


def test_variety_is_no_measure_of_what_was_not_seen() -> None:
    assert course_of(looks([0.9, 0.95, 0.9, 0.8, 0.5], "diversity")).told() == ""


def test_any_measure_that_says_which_way_is_better_is_followed() -> None:
    own = {"zeal": Measure(title="Zeal", better="higher"), "tilt": Measure(title="Tilt")}
    assert course_of(looks([5.0, 4.0, 3.0, 2.0, 1.0], "tilt"), own).told() == ""
    told = course_of(looks([1.0, 2.0, 3.0, 2.0, 1.0], "zeal"), own).told()
    assert told.startswith("It was best at step 300; since then")
    assert course_of([]).told(over=True) == ""


def test_many_looks_are_thinned_out_and_a_resumed_training_takes_back_those_behind_it() -> None:
    kept: list[Look] = []
    for step in range(1, 1000):
        kept = note(kept, step, {"zeal": 1.0})
        assert len(kept) <= MOST
    assert kept[-1][0] == 999
    assert kept[0][0] < 500
    assert note(kept, 998, {"zeal": 2.0})[-2:] == [kept[-3], (998, {"zeal": 2.0})]
    assert note(kept, 2000, {}) == kept


def test_a_card_keeps_it_and_says_it() -> None:
    document = {"minutes": 10.0, "measures": []}
    card = card_course(looks(TURNS), document)
    assert card["course"]["points"][0] == [100, 2.0]
    assert "Over-fitting since minute 5:" in card_verdict(card)
    assert card_course(looks(TURNS[:1]), document) == {}


@pytest.mark.parametrize(
    "course",
    [None, 3, {}, {"points": 3}, {"points": [[1], "x", [1, "y"], [True, 2]]},
     {"points": [[1, 2.0]] * 9, "measure": 4, "better": [], "minutes": "long"},
     {"points": [[float("nan"), 2.0]]}],
)  # fmt: skip
def test_an_odd_card_says_nothing(course: Any) -> None:
    assert card_verdict({"course": course}) == ""


def test_what_has_hardly_changed_since_it_was_first_measured_tells_no_turn() -> None:
    values = [21.03, 21.06, 21.11, 21.19, 21.198, 21.05, 20.92, 20.85]
    assert course_of(looks(values, "held_out_db"), OWN).turn == "settled"
    values[0] = 20.5  # something was learnt then
    assert course_of(looks(values, "held_out_db"), OWN).turn == "worse"


@pytest.mark.parametrize(
    ("seen", "now", "is_told"),
    [
        ([0.21], 0.21, False),  # the first look: nothing is learnt yet
        ([0.05, 0.08, 0.2, 0.25, 0.3], 0.28, False),  # it grows still
        ([0.2, 0.21, 0.2, 0.205], 0.205, True),  # it never came, and does not come
        ([0.2, 0.6, 0.62], 0.3, True),  # it is gone
        ([0.9], 0.4, True),
        ([], 0.1, False),
        ([0.5, 0.6], 0.8, True),  # as varied as it should be
    ],
)
def test_that_all_is_much_alike_is_told_once_it_can_be_known(
    seen: list[float], now: float, is_told: bool
) -> None:
    before = [(10 * n, {"diversity": 0.9, "diversity_within": each}) for n, each in enumerate(seen)]
    measured = {"diversity": 0.9, "diversity_within": now, "label_accuracy": 0.9, "recall": 0.2}
    known = known_by_now(measured, before)
    assert known == (measured if is_told else {"recall": 0.2})
    assert known_by_now({"nats_per_note": 2.0}, []) == {"nats_per_note": 2.0}


def test_a_card_knows_whether_variety_was_lost_or_never_there() -> None:
    fallen = [(step, {"diversity": 0.9, "diversity_within": value}) for step, value in
              ((100, 0.1), (200, 0.8), (300, 0.3))]  # fmt: skip
    metrics = {"diversity": 0.9, "diversity_within": 0.3}
    assert card_course(fallen, {})["course"] == {"variety": "diversity_within", "most_varied": 0.8}
    assert lost_variety({"metrics": metrics} | card_course(fallen, {}))
    assert not lost_variety({"metrics": {"diversity": 0.3}} | card_course(fallen, {}))
    never = [(100, {"diversity": 0.1}), (200, {"diversity": 0.3})]
    assert not lost_variety({"metrics": {"diversity": 0.3}} | card_course(never, {}))
    assert not lost_variety({"metrics": {"diversity": 0.3}})
    assert not lost_variety({"metrics": {"diversity": 0.3}, "course": {"most_varied": "x"}})
    assert not lost_variety({"course": {"variety": "", "most_varied": 0.8}})
