"""Accepting a result when a picture has gone on: nothing done meanwhile is lost."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from joining_desk import Desk, box_mask, brought_back, picture

from aigc_studio.api import Image, Mask, Span, Text
from aigc_studio.project import (
    CandidateRecord,
    Item,
    Project,
    Provenance,
    commands,
    editing,
)
from aigc_studio.project.making import FramedEdit

Place = Callable[..., Item]


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
