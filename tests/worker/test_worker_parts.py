"""What an edit yields may be only the part; it must fit, and so must what is still being made."""

from __future__ import annotations

from typing import Any

import pytest

from aigc_studio.api import (
    Bars,
    Candidate,
    Description,
    EditRequest,
    GenerateRequest,
    Melody,
    Note,
    Partial,
    Span,
    Text,
)
from aigc_studio.worker.results import BadResult, Fence

WORDS = EditRequest(artifacts=(Text("one two three"),), selections=(Span(4, 7),))
TUNE = Melody(notes=(Note(0, 480, 60), Note(1920, 480, 62)), length=2 * 1920)
BARS = EditRequest(artifacts=(TUNE,), selections=(Bars(2, 2),))


def fence(request: Any, medium: Any = "text") -> Fence:
    """The fence around an edit or generate of a plugin of the medium."""
    return Fence(Description(id="one", title="One", medium=medium), request)


@pytest.mark.parametrize("kind", [Candidate, Partial])
def test_a_part_passes(kind: Any) -> None:
    event = kind(Text("2"), part=True)
    passed: Any = fence(WORDS).passed(event)
    assert (passed.artifact, passed.part) == (Text("2"), True)
    bars = kind(Melody(notes=(Note(0, 240, 70),)), part=True)
    assert fence(BARS, "melody").passed(bars)


@pytest.mark.parametrize("kind", [Candidate, Partial])
def test_where_nothing_is_selected_all_of_it_is_the_part(kind: Any) -> None:
    for selections in ((), (None,)):
        whole = EditRequest(artifacts=(Text("one"),), selections=selections)
        passed: Any = fence(whole).passed(kind(Text("2"), part=True))
        assert (passed.artifact, passed.part) == (Text("2"), False)


@pytest.mark.parametrize("kind", [Candidate, Partial])
def test_what_is_not_edited_has_no_parts(kind: Any) -> None:
    for request in (GenerateRequest(), EditRequest()):
        with pytest.raises(BadResult, match="no part was selected"):
            fence(request).passed(kind(Text("2"), part=True))


@pytest.mark.parametrize("kind", [Candidate, Partial])
def test_a_part_that_does_not_fit_is_said(kind: Any) -> None:
    other_ticks = Melody(ticks_per_quarter=96)
    with pytest.raises(BadResult, match="has 96 ticks"):
        fence(BARS, "melody").passed(kind(other_ticks, part=True))


@pytest.mark.parametrize("kind", [Candidate, Partial])
def test_a_whole_that_changes_the_rest_is_said(kind: Any) -> None:
    with pytest.raises(BadResult, match="outside the selection"):
        fence(WORDS).passed(kind(Text("one 2")))


def test_partials_are_of_results_that_can_come() -> None:
    with pytest.raises(BadResult, match="the number 5000"):
        fence(GenerateRequest()).passed(Partial(Text("a"), number=5000))
    with pytest.raises(BadResult, match="number 99, and it can make 1 results"):
        fence(GenerateRequest(count=1)).passed(Partial(Text("a"), number=99))
    several = fence(GenerateRequest(count=3))
    several.passed(Partial(Text("a"), number=2))
    with pytest.raises(BadResult, match="number 3"):
        several.passed(Partial(Text("a"), number=3))
    one = fence(GenerateRequest(count=1))
    one.passed(Candidate(Text("whole")))
    one.passed(Partial(Text("more than was asked for"), number=1))
    with pytest.raises(BadResult, match="medium"):
        fence(GenerateRequest()).passed(Partial(Melody()))
