"""Which of two selected items is the first: the one that was clicked before the other."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gui.canvas_board import CanvasBoard
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.ui.prompt.values import marked_words, target_title

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot) -> Iterator[CanvasBoard]:
    """An empty board."""
    made = CanvasBoard(tmp_path, qtbot)
    yield made
    made.close()


def square(value: int) -> Image:
    return Image(np.full((64, 64), value, np.uint8))


def test_the_first_of_two_is_the_one_that_was_selected_first(canvas: CanvasBoard) -> None:
    lower = canvas.put(square(40), x=-100, y=0, name="photo")
    upper = canvas.put(square(200), x=60, y=0, name="painting")
    canvas.click(-70, 30)
    canvas.click(90, 30, modifiers=SHIFT)
    assert canvas.scene.target().item_ids == (lower, upper)
    assert target_title(canvas.scene.target()) == "photo, then painting"
    canvas.click(0, -200)
    canvas.click(90, 30)
    canvas.click(-70, 30, modifiers=SHIFT)
    assert canvas.scene.target().item_ids == (upper, lower)
    assert target_title(canvas.scene.target()) == "painting, then photo"


def test_of_two_pictures_the_mask_of_the_first_counts(canvas: CanvasBoard) -> None:
    photo = canvas.put(square(40), x=-100, y=0, name="photo")
    painting = canvas.put(square(200), x=60, y=0, name="painting")
    canvas.view.select([photo])
    canvas.view.act("tool_mask")
    canvas.drag((-80, 20), (-60, 40))
    assert marked_words(canvas.scene.target()) == "A part is masked."
    canvas.view.act("tool_move")
    canvas.view.select([photo, painting])
    target = canvas.scene.target()
    assert marked_words(target) == "A part of photo is masked."
    assert target.has_selection
    canvas.click(0, -200)
    canvas.click(90, 30)
    canvas.click(-90, 50, modifiers=SHIFT)
    target = canvas.scene.target()
    assert target.item_ids == (painting, photo)
    assert marked_words(target).startswith("The mask of photo does not count")
    assert not target.has_selection


def test_two_that_are_selected_at_once_come_as_they_are_named(canvas: CanvasBoard) -> None:
    one, other = canvas.put(square(40)), canvas.put(square(200), x=90)
    canvas.view.select([other])
    canvas.view.select([one, other])
    assert canvas.scene.target().item_ids == (one, other)
