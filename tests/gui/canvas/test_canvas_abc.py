"""Tunes as text in ABC, between the board and other programs."""

from typing import Any

import pytest
from gui.canvas_board import CanvasBoard, text, tune
from kinds import a_melody, a_text
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from aigc_studio.api import StudioError
from aigc_studio.ui.canvas.exchange import transfer

CTRL = Qt.KeyboardModifier.ControlModifier
JIG = "X:1\nT:The Jig\nM:6/8\nL:1/8\nK:G\nGAB DED|G3 G3|]\n"
REEL = "X:2\nT:The Reel\nM:4/4\nL:1/8\nK:D\nDFAd fdAF|D8|]\n"


def paste(canvas: CanvasBoard, words: str) -> list[tuple[str, list[Any]]]:
    told: list[tuple[str, list[Any]]] = []
    canvas.view.exchange.came.connect(lambda words, instead: told.append((words, instead)))
    QGuiApplication.clipboard().setText(words)
    canvas.key(Qt.Key.Key_V, CTRL)
    canvas.settle()
    return told


def test_a_tune_that_is_copied_is_text_for_other_programs(canvas: CanvasBoard) -> None:
    canvas.view.select([canvas.put(tune(), 0, 0)])
    canvas.key(Qt.Key.Key_C, CTRL)
    words = QApplication.clipboard().text()
    assert words.startswith("%abc")
    assert "\nX:1\n" in words
    assert QApplication.clipboard().mimeData().hasImage()
    paste(canvas, words)
    first, second = canvas.board.items
    one, two = (a_melody(canvas.artifact(each.id)) for each in (first, second))
    assert [(n.pitch, n.start, n.duration) for n in one.notes] == [
        (n.pitch, n.start, n.duration) for n in two.notes
    ]


def test_a_tune_beside_a_text_is_no_text(canvas: CanvasBoard) -> None:
    canvas.view.select([canvas.put(tune(), 0, 0), canvas.put(text("abc"), 400, 0)])
    canvas.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == ""


def test_a_very_long_tune_is_a_picture_alone(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "MOST_NOTES", 1)
    canvas.view.select([canvas.put(tune(), 0, 0)])
    canvas.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == ""


def test_text_in_abc_becomes_a_tune_and_can_be_the_text_again(canvas: CanvasBoard) -> None:
    ((words, [(_title, instead)]),) = paste(canvas, JIG)
    (item,) = canvas.board.items
    assert (item.medium, item.name) == ("melody", "The Jig")
    assert len(a_melody(canvas.artifact(item.id)).notes) == 8
    assert canvas.project.history[-1].kind == "paste"
    assert "tune in ABC" in words
    instead()
    canvas.settle()
    (item,) = canvas.board.items
    assert a_text(canvas.artifact(item.id)).value == JIG


def test_several_tunes_come_below_each_other_in_one_step(canvas: CanvasBoard) -> None:
    paste(canvas, f"{JIG}\n{REEL}")
    jig, reel = canvas.board.items
    assert (jig.name, reel.name) == ("The Jig", "The Reel")
    assert jig.y + jig.height < reel.y
    assert len(canvas.project.history) == 1


@pytest.mark.parametrize(
    "words",
    ["K: is a letter\nX: as well", "X:1\nT:No music\nK:C\n", "Dear X:1,\nthe K:ey is here"],
)
def test_any_other_text_stays_a_text(canvas: CanvasBoard, words: str) -> None:
    assert paste(canvas, words) == []
    (item,) = canvas.board.items
    assert a_text(canvas.artifact(item.id)).value.strip() == words.strip()


def test_a_collection_stays_a_text(canvas: CanvasBoard) -> None:
    paste(canvas, "\n".join(f"X:{n}\nK:C\nCDEF|\n" for n in range(1, 30)))
    (item,) = canvas.board.items
    assert item.medium == "text"


def test_of_several_tunes_it_is_said_which_did_not_come(canvas: CanvasBoard) -> None:
    ((words, _instead),) = paste(canvas, f"{JIG}\nX:2\nT:No music\nK:C\n\n{REEL}")
    assert [each.name for each in canvas.board.items] == ["The Jig", "The Reel"]
    assert words.startswith("The text was 2 tunes in ABC, and they are here now. 1 more could not ")
    assert "It has no notes." in words


def test_why_a_tune_cannot_be_kept_is_said(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_artifact: object) -> None:
        raise StudioError("The disk is full.")

    refused: list[str] = []
    canvas.scene.refused.connect(refused.append)
    monkeypatch.setattr(canvas.project.store, "put", full)
    assert paste(canvas, JIG) == []
    assert refused == ["The disk is full."]
