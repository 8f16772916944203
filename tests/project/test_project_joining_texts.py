"""Accepting a result for a text that was written in: its span is found, or it goes beside."""

import random
from collections.abc import Callable

import pytest
from joining_desk import Desk

from aigc_studio.api import Span, Text
from aigc_studio.project.joining import find_span


def test_typing_around_a_span_stays(desk: Callable[..., Desk]) -> None:
    table = desk(Text("hello old world"))
    id = table.offer(Text("hello NEW world"), Span(6, 9))
    table.write(Text("hello old world, and a page that I typed meanwhile"))
    acceptance = table.accept(id)
    assert table.shown.value == "hello NEW world, and a page that I typed meanwhile"
    assert acceptance.parts == {table.id: Span(6, 9)}
    assert acceptance.remark == ""


@pytest.mark.parametrize(
    ("now", "joined"),
    [
        ("So: hello old world", "So: hello BRAND new world"),
        ("hello old", "hello BRAND new"),
        ("old world", "BRAND new world"),
        ("old", None),
        ("hello old old world", None),
        ("hello older world", "hello BRAND newer world"),
        ("hello o1d world", None),
        ("hello world", None),
        ("", None),
        ("something quite different", None),
    ],
)
def test_a_span_is_found_where_it_is_now(
    desk: Callable[..., Desk], now: str, joined: str | None
) -> None:
    table = desk(Text("hello old world"))
    id = table.offer(Text("hello BRAND new world"), Span(6, 9))
    table.write(Text(now))
    acceptance = table.accept(id)
    assert table.shown.value == (joined if joined is not None else now)
    if joined is None:
        assert "The selected part of “Drawing 1” has been changed" in acceptance.remark
        new = table.project.board.items[-1]
        assert table.project.store.get(new.content) == Text("hello BRAND new world")
    else:
        (part,) = acceptance.parts.values()
        assert isinstance(part, Span)
        assert table.shown.part(part) == "BRAND new"


def test_typing_before_and_behind_a_span_is_kept() -> None:
    before = "The first line is here.\nThe second one is to be rewritten.\nThe third one stays."
    start = before.index("to be rewritten")
    now = "NEW BEGINNING. " + before + " AND A NEW END."
    place = find_span(before, Span(start, start + 15), now)
    assert place is not None
    assert Text(now).part(place) == "to be rewritten"


def test_words_that_stand_there_twice_are_not_guessed_at() -> None:
    before = "la la la la la la la la la la la la la la la la la la la la la la la la la la"
    assert find_span(before, Span(30, 32), "X " + before[:-5] + " Y") is None


def test_a_few_characters_are_not_looked_for_elsewhere() -> None:
    assert find_span("a cat", Span(2, 5), "what a cat I had") is None
    assert find_span("a cat sat", Span(2, 5), "what a cat sat there") == Span(7, 10)


def test_words_that_were_copied_or_of_which_a_copy_went_are_not_guessed_at() -> None:
    line = "This is one line that is long enough to be found by all that stands around it."
    span = Span(line.index("enough"), line.index("enough") + 6)
    assert find_span(line, span, f"New: {line} Also new.") is not None
    assert find_span(line, span, f"New: {line}\n{line} Also new.") is None
    twice = f"Old: {line}\n{line} Also old."
    assert find_span(twice, Span(span.start + 5, span.stop + 5), f"New: {line} Also new.") is None


def test_a_place_between_characters_is_found_too(desk: Callable[..., Desk]) -> None:
    table = desk(Text("one two"))
    id = table.offer(Text("one, two"), Span(3, 3))
    table.write(Text("zero one two"))
    table.accept(id)
    assert table.shown.value == "zero one, two"
    other = table.offer(Text("zero, one, two"), Span(4, 4))
    table.write(Text("zero and one, two"))
    assert "has been changed" in table.accept(other).remark


@pytest.mark.parametrize(
    ("before", "now", "joined"),
    [
        # Going on at the end, and something was typed before, behind, or in between.
        ("Once upon a time", "Well. Once upon a time", "Well. Once upon a time NEW"),
        ("Once upon a time", "Once upon a dark time", "Once upon a dark time NEW"),
        ("Once upon a time", "Twice upon a time", "Twice upon a time NEW"),
        ("Once upon a time", "Once upon a time.", "Once upon a time NEW."),
        ("Once", "Once nice", "Once NEW nice"),
        ("从前有一个国王", "很久以前有一个国王", "很久以前有一个国王 NEW"),
        # Nothing stands, or as good as nothing.
        ("Once upon a time", "Buy milk and bread.", None),
        ("Once upon a time", "I have no time", None),
        ("Once upon a time", "Once more", None),
        ("Once", "Nice", None),
        ("Once", "", None),
        ("", "my own words", None),
    ],
)
def test_a_place_at_the_end_goes_with_the_text(
    desk: Callable[..., Desk], before: str, now: str, joined: str | None
) -> None:
    table = desk(Text(before))
    end = len(before)
    id = table.offer(Text(before + " NEW"), Span(end, end))
    table.write(Text(now))
    remark = table.accept(id).remark
    assert table.shown.value == (now if joined is None else joined)
    assert ("has been changed" in remark) == (joined is None)


@pytest.mark.parametrize(
    ("before", "part", "now", "joined"),
    [
        ("A cat sat.", (0, 1), "Another story entirely", None),
        ("A cat sat.", (1, 2), "A tale of two cities", None),
        ("I like tea.", (10, 11), "Another.", None),
        ("Once upon a time", (0, 0), "Buy milk and bread.", None),
        ("abc", (0, 3), "a b c", None),
        ("A cat sat.", (0, 1), "A cat sat down.", "NEW cat sat down."),
        ("A cat sat.", (0, 1), "Once A cat sat.", "Once NEW cat sat."),
        ("Once upon a time", (0, 0), "Once upon a night", "NEWOnce upon a night"),
        ("Once upon a time", (0, 0), "Oh! Once upon a time", "Oh! NEWOnce upon a time"),
        ("abc", (0, 3), "abc def", "NEW def"),
        ("la la", (0, 2), "la la la", None),
    ],
)
def test_a_part_at_an_edge_needs_something_that_stands(
    desk: Callable[..., Desk], before: str, part: tuple[int, int], now: str, joined: str | None
) -> None:
    table = desk(Text(before))
    id = table.offer(Text(before).replaced(Span(*part), "NEW"), Span(*part))
    table.write(Text(now))
    remark = table.accept(id).remark
    assert table.shown.value == (now if joined is None else joined)
    assert ("has been changed" in remark) == (joined is None)


@pytest.mark.parametrize("seed", range(60))
def test_all_typed_anew_is_never_joined(seed: int) -> None:
    chance = random.Random(seed)
    before = "".join(chance.choices("abcdefghijklm ", k=chance.randrange(1, 60)))
    now = "".join(chance.choices("nopqrstuvwxyz.", k=chance.randrange(60)))
    start = chance.choice([0, len(before), chance.randrange(len(before) + 1)])
    stop = chance.choice([start, len(before), chance.randrange(start, len(before) + 1)])
    assert find_span(before, Span(start, stop), now) is None


def test_an_edit_of_a_whole_text_goes_beside_a_changed_one(desk: Callable[..., Desk]) -> None:
    table = desk(Text("abc"))
    id = table.offer(Text("ABC"))
    table.write(Text("abcd"))
    assert "has been changed" in table.accept(id).remark
    assert table.shown == Text("abcd")


def test_the_part_of_a_text_that_stands_as_it_was(desk: Callable[..., Desk]) -> None:
    table = desk(Text("hello old world"))
    id = table.offer(Text("hello  world"), Span(6, 9))
    acceptance = table.accept(id)
    assert acceptance.parts == {table.id: Span(6, 6)}
    assert table.shown == Text("hello  world")


@pytest.mark.parametrize("seed", range(300))
def test_whatever_was_typed_outside_the_span_stays(seed: int) -> None:
    chance = random.Random(seed)
    letters = "ab \n" if seed % 2 else "abcdefghijklmnopqrstuvwxyz 你好\U0001f600"
    before = "".join(chance.choices(letters, k=chance.randrange(60)))
    start = chance.randrange(len(before) + 1)
    span = Span(start, chance.randrange(start, len(before) + 1))
    head, tail = before[: span.start], before[span.stop :]
    for _change in range(chance.randrange(1, 4)):
        typed = "".join(chance.choices(letters, k=chance.randrange(6)))
        if chance.random() < 0.5:
            at = chance.randrange(len(head) + 1)
            head = head[:at] + typed + head[min(len(head), at + chance.randrange(3)) :]
        else:
            at = chance.randrange(len(tail) + 1)
            tail = tail[:at] + typed + tail[min(len(tail), at + chance.randrange(3)) :]
    now = head + before[span.start : span.stop] + tail
    found = find_span(before, span, now)
    if found is None:
        return
    # It is the span's own text; and all around it is what the person has there now.
    own = before[span.start : span.stop]
    assert now[found.start : found.stop] == own
    joined = Text(now).replaced(found, "\0")
    assert joined.value.replace("\0", own) == now
    if now.count(own) == 1:
        assert found.start == len(head)


@pytest.mark.parametrize("seed", range(60))
def test_what_stands_there_once_is_found_at_its_place(seed: int) -> None:
    chance = random.Random(seed)
    before = "".join(chance.sample("abcdefghijklmnopqrstuvwxyz", 26))
    start = chance.randrange(4, 20)
    span = Span(start, start + 1 + chance.randrange(3))
    head, tail = before[: span.start], before[span.stop :]
    cut = chance.randrange(3)
    now = "12" + head[cut:] + before[span.start : span.stop] + tail + "34"[: chance.randrange(3)]
    assert now.count(before[span.start : span.stop]) == 1
    found = find_span(before, span, now)
    if now.endswith(tail) or cut == 0:
        assert found == Span(2 + span.start - cut, 2 + span.stop - cut)
    else:
        assert found is None  # neither all before it nor all behind it, nor its neighbours


@pytest.mark.parametrize("seed", range(60))
def test_a_change_on_one_side_never_hinders(seed: int) -> None:
    chance = random.Random(seed)
    before = "".join(chance.sample("abcdefghijklmnopqrstuvwxyz", 26))
    start = chance.randrange(26)
    span = Span(start, chance.randrange(start, 26) + 1)
    typed = "".join(chance.choices("0123456789", k=chance.randrange(1, 9)))
    at = chance.randrange(span.start + 1) if seed % 2 else chance.randrange(span.stop, 27)
    now = before[:at] + typed + before[at:]
    found = find_span(before, span, now)
    assert found is not None
    assert now[found.start : found.stop] == before[span.start : span.stop]
