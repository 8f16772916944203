"""Accepting a result when what it was made from has gone on: nothing done meanwhile is lost."""

import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crashed import crash
from handwork import change_content

from aigc_studio.api import Bars, Image, Mask, Melody, Metre, Note, Selection, Span, Tempo, Text
from aigc_studio.api.artifacts import Artifact
from aigc_studio.project import (
    CandidateRecord,
    Item,
    Project,
    Provenance,
    budget,
    commands,
    editing,
)
from aigc_studio.project import frames as framing
from aigc_studio.project.accepting import Acceptance
from aigc_studio.project.joining import Base, find_span
from aigc_studio.project.making import FramedEdit

Place = Callable[..., Item]
Pixels = np.ndarray[Any, Any]


class Desk:
    """A project with one item that edits are asked of."""

    def __init__(self, project: Project, artifact: Artifact, mask: Pixels | None = None) -> None:
        self.project = project
        store = project.store
        (self.id,) = project.board.new_ids(1)
        content = store.put(artifact)
        held = store.put(Image(mask)) if mask is not None else None
        item = Item(self.id, "Drawing 1", content, 0, 0, 320, 180, mask=held)
        project.do(commands.add_items(project.board, [item]))

    @property
    def item(self) -> Item:
        return self.project.board.item(self.id)

    @property
    def shown(self) -> Any:
        return self.project.store.get(self.item.content)

    def offer(self, result: Artifact, selection: Selection | None = None, **fields: Any) -> str:
        """A result of an edit of what is shown now waits; its id."""
        candidates, store = self.project.candidates, self.project.store
        record = CandidateRecord(
            candidates.new_id(), store.put(result), target=self.id, use="replace",
            base=Base.of(self.item, selection, (0, 0, 9, 9)), **fields,
        )  # fmt: skip
        candidates.add(record)
        return record.id

    def write(self, artifact: Artifact, kind: str = "write") -> None:
        """A hand changes what is shown."""
        content = self.project.store.put(artifact)
        self.project.do(change_content(self.project.board, {self.id: content}, kind))

    def accept(self, *ids: str) -> Acceptance:
        """Accept candidates, and look whether undo and redo and a crash lead to the same."""
        project = self.project
        before, waiting = project.board.items, project.candidates.list()
        acceptance = project.candidates.accepting(*ids).make()
        project.do(acceptance.command)
        after = project.board.items
        assert not {record.id for record in project.candidates.list()} & set(ids)
        project.undo()
        assert project.board.items == before
        assert project.candidates.list() == waiting
        project.redo()
        assert project.board.items == after
        return acceptance


@pytest.fixture
def desk(project: Project) -> Callable[..., Desk]:
    def put(artifact: Artifact, mask: Pixels | None = None) -> Desk:
        return Desk(project, artifact, mask)

    return put


# Pictures


def picture(seed: int, shape: tuple[int, ...] = (300, 520, 3)) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))


def box_mask(shape: tuple[int, ...], top: int, left: int, bottom: int, right: int) -> Pixels:
    mask = np.zeros(shape[:2], np.uint8)
    mask[top:bottom, left:right] = 255
    return mask


def brought_back(image: Image, mask: Pixels, patch: Image) -> Image:
    return framing.bring_back(image, Mask(mask), framing.whole(image, patch), patch)


@pytest.mark.parametrize("shape", [(300, 520, 3), (300, 520), (300, 520, 4), (28, 28)])
def test_a_stroke_outside_the_mask_stays(desk: Callable[..., Desk], shape: tuple[int, ...]) -> None:
    base, patch = picture(1, shape), picture(2, shape)
    mask = box_mask(shape, 5, 7, 19, shape[1] - 4)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, patch), Mask(mask))
    drawn = base.pixels.copy()
    drawn[20:, :] = 9
    drawn[10, :] = 77
    table.write(Image(drawn), "paint")
    acceptance = table.accept(id)
    assert acceptance.remark == ""
    assert acceptance.command.kind == "regenerate"
    assert (table.shown.pixels[mask == 0] == drawn[mask == 0]).all()
    assert (table.shown.pixels[mask == 255] == patch.pixels[mask == 255]).all()
    assert table.item.mask is None


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_feathered_mask_blends_onto_what_is_there_now(
    desk: Callable[..., Desk], mode: str
) -> None:
    base, patch = (picture(seed, (290, 270, 4)).convert(mode) for seed in (1, 2))  # type: ignore[arg-type]
    mask = np.tile(np.arange(270) % 256, (290, 1)).astype(np.uint8)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, patch), Mask(mask))
    drawn = base.pixels.copy()
    drawn[100:200] = picture(3, (290, 270, 4)).convert(mode).pixels[100:200]  # type: ignore[arg-type]
    table.write(Image(drawn), "paint")
    table.accept(id)
    expected = brought_back(Image(drawn), mask, patch).pixels.astype(int)
    found = table.shown.pixels.astype(int)
    untouched = np.ones(290, bool)
    untouched[100:200] = False
    assert (found[untouched] == expected[untouched]).all()
    assert (found[:, mask[0] == 0] == drawn[:, mask[0] == 0]).all()
    if mode == "RGBA":
        # Where hardly anything is to be seen, its colour is known less exactly.
        expected, found = (each[..., :3] * each[..., 3:] // 255 for each in (expected, found))
    assert np.abs(found - expected).max() <= 2


def test_of_a_large_picture_only_the_tiles_under_the_mask_are_read(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Image(np.full((2048, 2048, 3), 200, np.uint8))
    mask = box_mask((2048, 2048), 300, 300, 400, 400)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, picture(1, (2048, 2048, 3))), Mask(mask))
    drawn = base.pixels.copy()
    drawn[1000:] = 3
    table.write(Image(drawn), "paint")
    store = table.project.store
    read: list[str] = []
    tile = store.tile

    def counted(digest: str) -> bytes:
        read.append(digest)
        return tile(digest)

    monkeypatch.setattr(store, "tile", counted)
    monkeypatch.setattr(store, "get", lambda content: pytest.fail("the whole picture was read"))
    table.project.candidates.accept(id)
    assert len(read) <= 6


@pytest.mark.parametrize("turn", ["crop", "turn", "flip", "half"])
def test_a_mask_that_fits_no_more_puts_it_beside(desk: Callable[..., Desk], turn: str) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    result = brought_back(base, mask, picture(2, (40, 40, 3)))
    id = table.offer(result, Mask(mask))
    store, item = table.project.store, table.item
    changed = {
        "crop": lambda: editing.crop(store, item, (2, 2, 30, 30)),
        "turn": lambda: editing.turn(store, item),
        "half": lambda: editing.turn(store, item, 2),
        "flip": lambda: editing.flip(store, item),
    }[turn]()
    kind = {"half": "turn"}.get(turn, turn)
    table.project.do(commands.change_items(table.project.board, {item.id: changed}, kind))
    acceptance = table.accept(id)
    assert "cropped, turned or resized" in acceptance.remark
    assert "“Drawing 1”" in acceptance.remark
    assert table.item == changed
    assert store.get(table.project.board.items[-1].content) == result


def test_a_flip_that_was_taken_back_is_none(desk: Callable[..., Desk]) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, picture(2, (40, 40, 3))), Mask(mask))
    for _twice in range(2):
        flipped = editing.flip(table.project.store, table.item)
        table.project.do(commands.change_items(table.project.board, {table.id: flipped}, "flip"))
    drawn = base.pixels.copy()
    drawn[30:] = 0
    table.write(Image(drawn), "paint")
    assert table.accept(id).remark == ""
    assert (table.shown.pixels[30:] == 0).all()


def test_an_edit_of_a_whole_picture_goes_beside_a_changed_one(desk: Callable[..., Desk]) -> None:
    table = desk(picture(1, (28, 28)))
    id = table.offer(picture(2, (28, 28)))
    table.write(picture(3, (28, 28)), "paint")
    acceptance = table.accept(id)
    assert "has been changed since this was asked for" in acceptance.remark
    assert list(acceptance.beside) == [id]
    assert table.shown == picture(3, (28, 28))
    new = table.project.board.items[-1]
    assert table.project.store.get(new.content) == picture(2, (28, 28))
    assert (new.name, new.width, new.height) == ("Drawing 1", 320, 180)
    assert new.x >= table.item.bounds[2] or new.y >= table.item.bounds[3]


def test_an_edit_of_a_whole_picture_replaces_one_that_was_only_moved(
    desk: Callable[..., Desk],
) -> None:
    table = desk(picture(1, (28, 28)))
    id = table.offer(picture(2, (28, 28)))
    moved = replace(table.item, x=500.0, rotation=20.0, name="Other")
    table.project.do(commands.change_items(table.project.board, {table.id: moved}, "move"))
    assert table.accept(id).remark == ""
    assert table.shown == picture(2, (28, 28))
    assert (table.item.x, table.item.rotation) == (500.0, 20.0)


def test_a_mask_that_was_painted_meanwhile_stays(desk: Callable[..., Desk]) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, picture(2, (40, 40, 3))), Mask(mask))
    other = table.project.store.put(Image(box_mask((40, 40), 25, 25, 39, 39)))
    masked = replace(table.item, mask=other)
    table.project.do(commands.change_items(table.project.board, {table.id: masked}, "mask"))
    table.accept(id)
    assert table.item.mask == other


def test_two_edits_of_one_picture_keep_both_their_parts(desk: Callable[..., Desk]) -> None:
    base = picture(1, (300, 300, 3))
    left, right = box_mask((300, 300), 0, 0, 300, 100), box_mask((300, 300), 10, 150, 290, 280)
    table = desk(base, left)
    one = table.offer(brought_back(base, left, picture(2, (300, 300, 3))), Mask(left), request="c1")
    held = table.project.store.put(Image(right))
    masked = replace(table.item, mask=held)
    table.project.do(commands.change_items(table.project.board, {table.id: masked}, "mask"))
    two = table.offer(
        brought_back(base, right, picture(3, (300, 300, 3))), Mask(right), request="c2"
    )

    def check() -> None:
        shown = table.shown.pixels
        assert (shown[left > 0] == picture(2, (300, 300, 3)).pixels[left > 0]).all()
        assert (shown[right > 0] == picture(3, (300, 300, 3)).pixels[right > 0]).all()
        outside = (left == 0) & (right == 0)
        assert (shown[outside] == base.pixels[outside]).all()

    assert table.accept(one).remark == table.accept(two).remark == ""
    check()
    table.project.undo()
    table.project.undo()
    assert table.accept(two, one).remark == ""
    check()
    assert len(table.project.board) == 1


@pytest.mark.parametrize("seed", range(25))
def test_whatever_was_painted_outside_the_mask_stays(desk: Callable[..., Desk], seed: int) -> None:
    chance = np.random.default_rng(seed)
    shape = (*chance.integers(20, 330, 2), *[(), (3,), (4,)][seed % 3])
    base, patch = picture(seed, shape), picture(seed + 1000, shape)
    mask = np.zeros(shape[:2], np.uint8)
    for _box in range(3):
        top, left = (int(chance.integers(0, side - 1)) for side in shape[:2])
        mask[top : top + 90, left : left + 90] = chance.integers(1, 256)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, patch), Mask(mask))
    drawn = base.pixels.copy()
    for _stroke in range(4):
        top, left = (int(chance.integers(0, side)) for side in shape[:2])
        drawn[top : top + 50, left : left + 50] = chance.integers(0, 256)
    table.write(Image(drawn), "paint")
    table.accept(id)
    shown = table.shown.convert(Image(drawn).mode).pixels
    assert (shown[mask == 0] == drawn[mask == 0]).all()
    assert (shown[mask == 255] == patch.pixels[mask == 255]).all()


def test_what_a_hand_did_meanwhile_makes_it_a_composite(
    desk: Callable[..., Desk], provenance: Provenance
) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    latent = table.project.store.put_latent(b"latent")
    item = replace(table.item, provenance=provenance)
    table.project.do(commands.change_items(table.project.board, {table.id: item}))
    result = brought_back(base, mask, picture(2, (40, 40, 3)))
    id = table.offer(result, Mask(mask), provenance=provenance, latent=latent)
    table.write(picture(3, (40, 40, 3)), "paint")
    table.accept(id)
    assert table.item.provenance == replace(provenance, composite=True)
    assert table.item.latent == ""


# Texts


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


# Melodies


def tune(*starts: int, **fields: Any) -> Melody:
    notes = tuple(Note(start, 240, 60) for start in starts)
    return Melody(notes, **{"length": 1920 * 4} | fields)


def test_notes_that_were_changed_elsewhere_stay(desk: Callable[..., Desk]) -> None:
    table = desk(tune(0, 1920, 3840))
    id = table.offer(tune(0, 2160, 2400, 3840), Bars(2, 2))
    faster = (Tempo(0, 300_000),)
    table.write(tune(480, 1920, 5760, program=7, tempos=faster), "compose")
    acceptance = table.accept(id)
    assert table.shown == tune(480, 2160, 2400, 5760, program=7, tempos=faster)
    assert acceptance.parts == {table.id: Bars(2, 2)}
    assert acceptance.remark == ""


@pytest.mark.parametrize(
    "now",
    [
        tune(0, 2000, 3840),
        tune(0, 1920, 1920 + 480, 3840),
        tune(0, 3840),
        tune(0, 1920, metres=(Metre(0, 3, 4),)),
        tune(0, 1920, ticks_per_quarter=240),
        tune(0, length=1920),
        tune(0, 1920 * 2, 1920 * 3, length=1920 * 5),
    ],
)
def test_bars_that_were_changed_or_moved_put_it_beside(
    desk: Callable[..., Desk], now: Melody
) -> None:
    table = desk(tune(0, 1920, 3840))
    result = tune(0, 2160, 3840)
    id = table.offer(result, Bars(2, 2))
    table.write(now, "compose")
    acceptance = table.accept(id)
    assert "The selected part" in acceptance.remark
    assert table.shown == now
    assert table.project.store.get(table.project.board.items[-1].content) == result


def test_a_tempo_of_the_result_is_not_put_over_anothers(desk: Callable[..., Desk]) -> None:
    slower = (Tempo(0), Tempo(1920, 900_000), Tempo(3840))
    table = desk(tune(0, 1920))
    id = table.offer(tune(0, 2160, tempos=slower), Bars(2, 2))
    table.write(tune(480, 1920), "compose")
    table.accept(id)
    assert table.shown == tune(480, 2160, tempos=slower)
    other = table.offer(tune(480, 2400, tempos=(Tempo(0), Tempo(1920, 1))), Bars(2, 2))
    table.write(tune(480, 2160, tempos=(Tempo(0, 7),)), "compose")
    assert "The selected part" in table.accept(other).remark


def test_new_bars_for_a_tune_that_was_changed_are_put_beside_it(
    desk: Callable[..., Desk],
) -> None:
    short = tune(0, 1920)
    table = desk(short)
    longer = replace(short, notes=(*short.notes, Note(7680, 480, 72)), length=5 * 1920)
    id = table.offer(longer, Bars(4, 4))
    now = tune(480, 1920)
    table.write(now, "compose")
    assert "The selected part" in table.accept(id).remark
    assert table.shown == now


@pytest.mark.parametrize("seed", range(60))
def test_whatever_was_composed_outside_the_bars_stays(desk: Callable[..., Desk], seed: int) -> None:
    chance = random.Random(seed)

    def notes(start: int, stop: int) -> Iterator[Note]:
        for _note in range(chance.randrange(5)):
            place = chance.randrange(start, stop, 60)
            yield Note(place, chance.randrange(1, 3000), chance.randrange(50, 60))

    start, stop, end = 1920, 1920 * 3, 1920 * 5
    inside = [replace(note, duration=60) for note in notes(start, stop)]
    around = [*notes(0, start), *notes(stop, end)]
    before = Melody((*around, *inside), length=end * 2)
    table = desk(before)
    part = Melody(tuple(notes(0, stop - start)))
    id = table.offer(before.replaced(Bars(2, 3), part), Bars(2, 3))
    others = [*notes(0, start), *notes(stop, end)]
    now = Melody((*others, *inside), program=seed, length=end * 2)
    table.write(now, "compose")
    assert table.accept(id).remark == ""
    made = table.shown
    assert made == now.replaced(Bars(2, 3), part)
    outside = [note for note in made.notes if not start <= note.start < stop]
    assert outside == [note for note in now.notes if not start <= note.start < stop]


# Where there is no place any more


def test_a_target_that_was_deleted_is_said(desk: Callable[..., Desk]) -> None:
    table = desk(Text("abc"))
    id = table.offer(Text("ABC"), Span(0, 3))
    table.project.do(commands.remove_items(table.project.board, [table.id]))
    acceptance = table.accept(id)
    assert "no longer on the board" in acceptance.remark
    assert [item.name for item in table.project.board.items] == ["Text"]


def test_a_target_of_another_medium_stays(desk: Callable[..., Desk]) -> None:
    table = desk(Text("abc"))
    id = table.offer(Text("ABC"), Span(0, 3))
    table.write(tune(0))
    assert "has been changed" in table.accept(id).remark
    assert table.shown == tune(0)


def test_what_it_was_made_from_may_be_damaged(desk: Callable[..., Desk]) -> None:
    table = desk(Text("hello old world"))
    id = table.offer(Text("hello NEW world"), Span(6, 9))
    base = table.item.content
    table.write(Text("hello old world!"))
    table.project.store.path("text", base.digest).write_bytes(b"other")
    assert "put beside it" in table.accept(id).remark
    assert table.shown == Text("hello old world!")


def test_one_that_says_nothing_of_its_base_was_made_from_what_was_there_when_it_came(
    desk: Callable[..., Desk], provenance: Provenance
) -> None:
    table = desk(Text("hello old world"))
    candidates, store = table.project.candidates, table.project.store
    made_by = replace(provenance, medium="text", selection={"kind": "span", "start": 6, "stop": 9})
    record = CandidateRecord(
        "c1", store.put(Text("hello NEW world")), made_by, target=table.id, use="replace"
    )
    candidates.add(record)
    table.write(Text("I say: hello old world"))
    table.accept("c1")
    assert table.shown == Text("I say: hello NEW world")


# Kept on disk


def test_the_base_survives_a_crash_and_a_file(desk: Callable[..., Desk], tmp_path: Path) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    result = brought_back(base, mask, picture(2, (40, 40, 3)))
    id = table.offer(result, Mask(mask), request="c1", action={"en": "Clean up", "zh": "整理"})
    drawn = base.pixels.copy()
    drawn[30:] = 0
    table.write(Image(drawn), "paint")
    project = table.project
    record = project.candidates.record(id)
    recovered = Project.recover(crash(project))
    assert recovered.candidates.record(id) == record
    assert recovered.candidates.record(id).base == record.base
    recovered.save(tmp_path / "a.aigc")
    recovered.close()
    opened = Project.open(tmp_path / "a.aigc")
    assert opened.candidates.record(id).base == record.base
    opened.do(opened.candidates.accept(id))
    shown: Any = opened.store.get(opened.board.items[0].content)
    assert (shown.pixels[mask == 0] == drawn[mask == 0]).all()
    assert (shown.pixels[mask > 0] == result.pixels[mask > 0]).all()
    opened.close()


def flipped(table: Desk) -> None:
    changed = editing.flip(table.project.store, table.item)
    table.project.do(commands.change_items(table.project.board, {table.id: changed}, "flip"))


def grouped_flip(table: Desk) -> None:
    changed = editing.flip(table.project.store, table.item)
    table.project.do(commands.change_items(table.project.board, {table.id: changed}, "group"))


def painted(table: Desk) -> None:
    pixels = table.shown.pixels.copy()
    pixels[30:] //= 2
    table.write(Image(pixels), "paint")


def without_history(path: Path) -> None:
    """Damage the history of a file."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["history.jsonl"] = b"{"
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


@pytest.mark.parametrize("lost", ["cut", "damaged"])
@pytest.mark.parametrize("change", [flipped, painted])
def test_where_the_history_does_not_tell_it_goes_beside(
    desk: Callable[..., Desk],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Desk], None],
    lost: str,
) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, picture(2, (40, 40, 3))), Mask(mask))
    change(table)
    if lost == "cut":
        monkeypatch.setattr(budget, "HISTORY_BUDGET", -1)
    path = tmp_path / "a.aigc"
    table.project.save(path)
    if lost == "damaged":
        without_history(path)
    opened = Project.open(path)
    assert not opened.history
    assert opened.candidates.record(id).base == table.project.candidates.record(id).base
    acceptance = opened.candidates.accepting(id).make()
    assert "has been changed since" in acceptance.beside[id]
    opened.do(acceptance.command)
    assert opened.board.item(table.id) == table.item
    opened.close()


def test_what_it_was_made_from_may_lie_in_a_step_that_was_undone(desk: Callable[..., Desk]) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    flipped(table)
    result = brought_back(table.shown, mask, picture(2, (40, 40, 3)))
    id = table.offer(result, Mask(mask))
    table.project.undo()
    painted(table)
    now = table.item
    assert "has been changed since" in table.accept(id).remark
    assert table.item == now


@pytest.mark.parametrize("merge", [False, True])
def test_a_flip_in_a_step_of_another_name_is_one(desk: Callable[..., Desk], merge: bool) -> None:
    base, mask = picture(1, (40, 40, 3)), box_mask((40, 40), 5, 5, 20, 20)
    table = desk(base, mask)
    id = table.offer(brought_back(base, mask, picture(2, (40, 40, 3))), Mask(mask))
    grouped_flip(table)
    pixels = table.shown.pixels.copy()
    pixels[30:] //= 2
    content = table.project.store.put(Image(pixels))
    command = change_content(table.project.board, {table.id: content}, "group")
    table.project.do(command, merge=merge)
    now = table.item
    assert "cropped, turned or resized" in table.accept(id).remark
    assert table.item == now


@pytest.mark.parametrize("part", [None, Span(2, 2), Span(0, 5), Bars(1, 3)])
def test_a_base_is_read_as_it_was_written(desk: Callable[..., Desk], part: Selection) -> None:
    table = desk(picture(1, (9, 9)), box_mask((9, 9), 1, 1, 3, 3))
    for base in (Base.of(table.item, part), Base.of(table.item, Mask(np.ones((9, 9), np.uint8)))):
        assert Base.from_json(base.to_json()) == base
    framed = Base.of(table.item, part, (1, 2, 3, 4))
    assert Base.from_json(framed.to_json()) == framed


@pytest.mark.parametrize(
    "change",
    [
        {"content": None},
        {"mask": 3},
        {"part": {"kind": "span", "start": 3, "stop": 1}},
        {"part": {"kind": "bars", "first": "1", "last": 2}},
        {"part": {"kind": "corner"}},
        {"part": 7},
        {"frame": [1, 2, 3]},
        {"frame": "1234"},
    ],
)
def test_a_malformed_base_is_refused(desk: Callable[..., Desk], change: dict[str, Any]) -> None:
    table = desk(Text("a"))
    good = CandidateRecord("c1", table.item.content, base=Base(table.item.content)).to_json()
    CandidateRecord.from_json(good)
    with pytest.raises(ValueError, match=r".+"):
        CandidateRecord.from_json(good | {"base": good["base"] | change})


def test_a_candidate_of_an_older_file_replaces_what_it_was_made_from(
    desk: Callable[..., Desk], provenance: Provenance
) -> None:
    table = desk(picture(1, (28, 28)))
    candidates, store = table.project.candidates, table.project.store
    for number in (1, 2):
        made_by = replace(provenance, selection=None, parents=(table.item.content.digest,))
        record = CandidateRecord(
            f"c{number}", store.put(picture(number + 1, (28, 28))), made_by,
            target=table.id, use="replace",
        )  # fmt: skip
        old = {
            key: value
            for key, value in record.to_json().items()
            if key not in ("base", "request", "action")
        }
        candidates.note(CandidateRecord.from_json(old))
    assert table.accept("c1").remark == ""
    assert table.shown == picture(2, (28, 28))
    assert "has been changed" in table.accept("c2").remark


# Several at once


def test_of_one_edit_the_first_replaces_and_the_others_stand_in_rows(
    desk: Callable[..., Desk],
) -> None:
    table = desk(Text("hello old world"))
    ids = [table.offer(Text(f"hello {n} world"), Span(6, 9), request="c1") for n in range(5)]
    table.write(Text("hello old world!"))
    acceptance = table.accept(*ids)
    assert acceptance.remark == ""
    assert table.shown == Text("hello 0 world!")
    others = table.project.board.items[1:]
    store = table.project.store
    assert [store.get(item.content) for item in others] == [
        Text(f"hello {n} world") for n in range(1, 5)
    ]
    assert [(item.y, item.x) for item in others] == sorted((item.y, item.x) for item in others)
    assert len({item.y for item in others}) == 1


def test_the_steps_of_a_strip_are_laid_out_in_their_order(
    desk: Callable[..., Desk], noise: Callable[..., Image]
) -> None:
    table = desk(picture(1, (28, 28)))
    candidates, store = table.project.candidates, table.project.store
    for strip in ("c1/morph 5", "c9/morph 5"):
        for position in (2, 0, 3, 1):
            content = store.put(noise(28, 28, "L"))
            candidates.add(
                CandidateRecord(
                    candidates.new_id(), content, strip=strip, position=position, target=table.id
                )
            )
    ids = [record.id for record in candidates.list()]
    table.accept(*ids[::2], *ids[1::2])
    made = table.project.board.items[1:]
    records = {record.content: record for record in map(candidates.record, ids)}
    order = [(records[item.content].strip, records[item.content].position) for item in made]
    assert order == [(strip, n) for strip in ("c1/morph 5", "c9/morph 5") for n in range(4)]
    places = [(item.y, item.x) for item in made]
    assert places == sorted(places)


def test_sixty_four_make_a_square(project: Project, noise: Callable[..., Image]) -> None:
    for _number in range(64):
        record = CandidateRecord(project.candidates.new_id(), project.store.put(noise(28, 28, "L")))
        project.candidates.add(record)
    ids = [record.id for record in project.candidates.list()]
    project.do(project.candidates.accept(*ids))
    assert len({item.x for item in project.board.items}) == 8
    assert len({item.y for item in project.board.items}) == 8
    contents = [project.candidates.record(id).content for id in ids]
    assert [item.content for item in project.board.items] == contents


# What the history says


def test_the_history_names_what_was_done(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    action = {"en": "Clean up", "zh": "整理"}
    table = desk(picture(1, (28, 28)))
    table.accept(table.offer(picture(2, (28, 28)), action=action))
    assert table.project.history[-1].title == "Clean up Drawing 1"
    id = table.offer(picture(3, (28, 28)), action=action)
    table.write(picture(4, (28, 28)), "paint")
    table.accept(id)
    assert table.project.history[-1].title == "Clean up Drawing 1"
    ids = [table.offer(picture(n, (28, 28)), action=action, request="c7") for n in (5, 6)]
    table.accept(*ids)
    assert table.project.history[-1].title == "Clean up 2 items"
    mixed = [table.offer(picture(n, (28, 28)), action=what) for n, what in ((7, action), (8, "B"))]
    table.accept(*mixed)
    assert table.project.history[-1].title == "Keep 2 items"
    table.accept(table.offer(picture(9, (28, 28))))
    assert table.project.history[-1].title == "Regenerate part of Drawing 1"


def test_framed_edits_and_joining_agree(desk: Callable[..., Desk]) -> None:
    """The way of a result through the window: framed, brought back, stored, and joined."""
    base, mask = picture(1, (64, 64)), box_mask((64, 64), 10, 10, 30, 30)
    table = desk(base, mask)
    framed = FramedEdit((base,), Mask(mask), {"frame": {"width": 28, "height": 28, "mode": "L"}})
    result = framed.finish(picture(2, (28, 28)))
    id = table.offer(result, Mask(mask))
    drawn = base.pixels.copy()
    drawn[40:] = 0
    table.write(Image(drawn), "paint")
    table.accept(id)
    again = FramedEdit(
        (Image(drawn),), Mask(mask), {"frame": {"width": 28, "height": 28, "mode": "L"}}
    )
    assert table.shown == again.finish(picture(2, (28, 28)))
