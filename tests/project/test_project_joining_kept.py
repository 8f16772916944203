"""What a result was made from, when it is gone or damaged, and on disk: over crashes, in files."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crashed import crash
from handwork import change_content
from joining_desk import Desk, box_mask, brought_back, flipped, picture, tune

from aigc_studio.api import Bars, Image, Mask, Selection, Span, Text
from aigc_studio.project import (
    CandidateRecord,
    Project,
    Provenance,
    budget,
    commands,
    editing,
)
from aigc_studio.project.joining import Base

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
