"""A text that was being written when the studio was cut off."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from crashed import crash
from kinds import there

from aigc_studio.api import Image, Text
from aigc_studio.project import Item, Project, typed
from aigc_studio.project.sessions import TYPED

Place = Callable[..., Item]


def text_of(project: Project, id: str) -> str:
    value = project.store.get(project.board.item(id).content)
    assert isinstance(value, Text)
    return value.value


def unwritten(project: Project, words: str) -> typed.Typed:
    """A text that is not on the board yet."""
    content = project.store.put(Text(""))
    return typed.Typed(Item("i9", "Text 1", content, 3.0, 4.0, 320.0, 90.0), words)


def test_a_new_text_comes_back_as_one_step_that_can_be_undone(project: Project) -> None:
    typed.note(project.folder, unwritten(project, "noch nicht fertig 未完"))
    folder = crash(project)
    assert Project.interrupted() == [folder]
    back = Project.recover(folder)
    item = back.board.item("i9")
    assert text_of(back, "i9") == "noch nicht fertig 未完"
    assert (item.x, item.y, item.width, item.height) == (3.0, 4.0, 320.0, 90.0)
    assert there(back.recovery).typed
    assert not (folder / TYPED).exists()
    back.undo()
    assert not back.board.items
    back.close()


def test_what_was_typed_over_a_text_comes_back_over_it(project: Project, place: Place) -> None:
    item = place(project, Text("before"))
    seen = replace(item, height=item.height + 40)
    typed.note(project.folder, typed.Typed(seen, "before and behind"))
    back = Project.recover(crash(project))
    assert text_of(back, item.id) == "before and behind"
    assert back.board.item(item.id).height == item.height + 40
    back.undo()
    assert text_of(back, item.id) == "before"
    back.close()


def test_what_had_become_a_step_is_no_second_one(project: Project, place: Place) -> None:
    item = place(project, Text("said"))
    typed.note(project.folder, typed.Typed(item, "said"))
    back = Project.recover(crash(project))
    assert back.position == project.position
    assert not there(back.recovery).typed
    assert not (back.folder / TYPED).exists()
    back.close()


def test_where_its_card_is_gone_or_another_thing_it_is_a_text_of_its_own(
    project: Project, place: Place, noise: Callable[..., Image]
) -> None:
    picture = place(project, noise(8, 8, "L"))
    words = replace(unwritten(project, "mine").item, id=picture.id)
    typed.note(project.folder, typed.Typed(words, "mine"))
    back = Project.recover(crash(project))
    first, second = back.board.items
    assert (first.id, first.medium) == (picture.id, "image")
    assert text_of(back, second.id) == "mine"
    back.close()


def test_it_is_forgotten_with_the_session(project: Project) -> None:
    typed.note(project.folder, unwritten(project, "gone"))
    project.close()
    assert not project.folder.exists()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"item": null, "text": "x"}',
        b'{"item": {}, "text": 3}',
        b'{"text": "x"}',
        b"[" * 5000,
        b"\xff\xfe",
    ],
    ids=["empty", "cut", "list", "null", "no-item", "number", "no-key", "deep", "bytes"],
)
def test_what_cannot_be_read_keeps_nobody_from_the_rest(
    project: Project, place: Place, damage: bytes
) -> None:
    item = place(project, Text("kept"))
    (project.folder / TYPED).write_bytes(damage)
    back = Project.recover(crash(project))
    assert text_of(back, item.id) == "kept"
    assert not there(back.recovery).typed
    back.close()


@pytest.mark.parametrize("words", ["\ud800", "\x00", "a\u0301🏳️‍🌈"], ids=["half", "nul", "marks"])
def test_any_character_comes_back_or_harms_nothing(
    project: Project, place: Place, words: str
) -> None:
    item = place(project, Text("kept"))
    typed.note(project.folder, typed.Typed(item, words))
    value: Any = json.loads((project.folder / TYPED).read_bytes())
    assert value["text"] == words
    back = Project.recover(crash(project))
    try:
        expected = Text(words).value
    except ValueError:
        expected = "kept"
    assert text_of(back, item.id) == expected
    back.close()
