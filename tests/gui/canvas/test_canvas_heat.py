"""What is drawn over an item: the strongest of each place, and of a text only what is seen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gui.canvas_board import CanvasBoard
from kinds import known
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Annotation, Bars, Image, Mask, Melody, Note, Span, Text
from aigc_studio.project import commands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.heat import letters
from aigc_studio.ui.canvas.heat.parts import (
    LEVELS,
    TOLD,
    Area,
    BarMark,
    PictureParts,
    RowParts,
    mark_of,
)
from aigc_studio.ui.canvas.items.long_page import LongPage
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import MARGIN, fill, new_document


def row(*marks: tuple[int, int, float]) -> RowParts:
    parts = RowParts()
    parts.add((start, stop, value, f"{start}-{stop}") for start, stop, value in marks)
    return parts


def area(mask: Mask, step: int, value: float = 1.0) -> Area:
    found = mark_of(Annotation(mask, value, "here"), step)
    assert isinstance(found, Area)
    return found


class TestRows:
    def test_the_strongest_is_seen_and_nothing_where_nothing_was_said(self) -> None:
        parts = row((2, 8, 0.5), (4, 6, 1.0), (5, 9, 0.25), (9, 9, 1.0), (0, 1, 0.0))
        assert parts.runs(0, 12) == [(2, 4, 12), (4, 6, 24), (6, 8, 12), (8, 9, 6)]
        assert parts.runs(5, 7) == [(5, 6, 24), (6, 7, 12)]
        assert parts.runs(20, 20) == []

    def test_what_came_later_and_in_any_order_counts_as_well(self) -> None:
        parts = row((5, 6, 1.0))
        assert parts.runs(0, 9) == [(5, 6, 24)]
        parts.add([(1, 3, 0.5, "early")])
        assert parts.runs(0, 9) == [(1, 3, 12), (5, 6, 24)]
        assert parts.words(0) == "0.50  early"
        assert [parts.part(n) for n in range(2)] == [(1, 3), (5, 6)]

    def test_all_that_was_said_of_a_place_is_told_the_strongest_first(self) -> None:
        parts = row((0, 9, 0.1), (3, 4, 0.9), (5, 9, 1.0))
        assert parts.at(3) == "0.90  3-4\n0.10  0-9"
        assert parts.at(9) == ""

    def test_hundreds_of_thousands_over_each_other_are_one_stretch(self) -> None:
        parts = row(*((0, 100, 0.3) for _ in range(200_000)))
        assert parts.runs(0, 200) == [(0, 100, 8)]
        lines = parts.at(50).split("\n")
        assert len(lines) == TOLD + 1
        assert lines[-1] == f"… and {200_000 - TOLD} more"

    def test_bars_are_counted_from_one_in_the_api(self) -> None:
        assert mark_of(Annotation(Bars(1, 2), 0.5, {"en": "yes", "zh": "是"}), 1) == (
            0,
            2,
            0.5,
            "yes",
        )
        assert mark_of(Annotation(Span(3, 3), 1.0), 1) is None


class TestPictures:
    def test_masks_are_laid_over_each_other(self) -> None:
        parts = PictureParts(4, 2)
        left, all_ = np.zeros((2, 4), np.uint8), np.full((2, 4), 255, np.uint8)
        left[:, :2] = 255
        parts.add([area(Mask(left), parts.step), area(Mask(all_), parts.step, 0.5)])
        assert parts.values.tolist() == [[255, 255, 127, 127]] * 2
        assert parts.at(0, 0) == "1.00  here\n0.50  here"
        assert parts.at(3, 1) == "0.50  here"
        assert parts.at(9, 9) == ""
        assert parts.part(0) == (0, 0, 2, 2)

    def test_a_large_picture_has_a_small_veil_that_loses_no_thin_line(self) -> None:
        parts = PictureParts(5000, 30)
        thin = np.zeros((30, 5000), np.uint8)
        thin[29, 4999] = 255
        parts.add([area(Mask(thin), parts.step)])
        assert parts.step == 5
        assert parts.values.shape == (6, 1000)
        assert parts.values[5, 999] == 255
        assert parts.at(4999, 29)

    def test_an_empty_mask_is_of_nothing(self) -> None:
        assert mark_of(Annotation(Mask(np.zeros((4, 4), np.uint8)), 1.0), 1) is None


def paragraphs(text: str, width: float = 240) -> list[letters.Paragraph]:
    document = new_document()
    fill(document, text)
    document.setTextWidth(width)
    document.documentLayout()
    _kept.append(document)
    return list(letters.of_document(document, text, 0, 10_000))


_kept: list[object] = []


@pytest.mark.usefixtures("qapp")
class TestLetters:
    @pytest.mark.parametrize(
        "text",
        [
            "plain words",
            "两行\n汉字",
            "😀 a 😀b",
            "win\r\ndows\r\nends",
            "שלום abc",
            "a\n\n\nb",
            "a\rb",
        ],
    )
    def test_each_letter_is_found_again_where_it_is_drawn(self, text: str) -> None:
        seen = paragraphs(text)
        for place, sign in enumerate(text):
            if sign in "\r\n":
                continue
            (box,) = letters.boxes_of(seen, place, place + 1, 0, 10_000)
            assert box.width() > 0
            middle = QPointF(box.left() + box.width() * 0.5, box.center().y())
            assert letters.place_at(seen, middle) == place

    def test_a_line_end_can_be_seen_and_pointed_at(self) -> None:
        seen = paragraphs("ab\ncd")
        (box,) = letters.boxes_of(seen, 2, 3, 0, 10_000)
        assert box.width() == letters.LINE_END
        assert letters.place_at(seen, box.center()) == 2
        assert letters.place_at(seen, box.center() + QPointF(60, 0)) is None

    def test_a_stretch_over_lines_is_a_box_on_each(self) -> None:
        text = "words " * 40
        seen = paragraphs(text)
        boxes = letters.boxes_of(seen, 0, len(text), 0, 10_000)
        assert len(boxes) == sum(1 for each in seen for _ in each.lines(0, 10_000)) > 3
        assert boxes[0].left() == pytest.approx(MARGIN)

    def test_of_a_long_text_only_what_is_seen_is_coloured(self, qtbot: QtBot) -> None:
        text = "The rain falls on and on. " * 40_000
        page = LongPage(text, 280, 600)
        parts = RowParts()
        parts.add((n, n + 1, (n % LEVELS) / LEVELS, "") for n in range(200_000))
        page.scroll_to(100_000)
        image = QImage(320, 640, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(image)
        drawn = letters.paint(painter, letters.lines_of(letters.of_page(page), 0, 640), parts)
        painter.end()
        assert 200 < drawn < 3_000
        assert page.laid_out < 20_000


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[CanvasBoard]:
    theme.apply(qapp, "light")
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()


def test_of_bars_in_one_pixel_the_strongest_is_seen(canvas: CanvasBoard) -> None:
    id = canvas.put(Melody((Note(0, 480, 60),), length=1920 * 40_000))
    card = known(MelodyItem, canvas.scene.item(id))
    heat = card.new_heat()
    heat.add(BarMark(n, n + 1, 1.0 if n == 30_000 else 0.1, "") for n in range(40_000))
    card.show_heat(heat)
    image = QImage(480, 180, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    assert heat.paint(painter, 1.0, card.boundingRect()) == 3
    painter.end()
    canvas.view.viewport().grab()


def test_single_notes_are_tinted_where_they_lie(canvas: CanvasBoard) -> None:
    id = canvas.put(Melody(tuple(Note(n * 480, 480, 60) for n in range(8))))
    card = known(MelodyItem, canvas.scene.item(id))
    heat = card.new_heat()
    heat.add([(480, 960, 1.0, "C4"), (960, 1200, 0.5, "half"), BarMark(1, 2, 0.25, "all of it")])
    card.show_heat(heat)
    roll = card.roll
    image = QImage(480, 180, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    assert heat.paint(painter, 1.0, card.boundingRect()) == 3
    painter.end()
    middle = roll.height / 2
    assert heat.at(QPointF(roll.x(700), middle)) == "Bar 1\n1.00  C4"
    assert heat.at(QPointF(roll.x(1300), middle)) == ""
    assert heat.at(QPointF(roll.x(3000), middle)) == "Bar 2\n0.25  all of it"
    assert [row[0] for row in heat.table()] == ["Bar 1", "Bar 1", "Bar 2"]
    box = heat.boxes(0)[0]
    assert roll.x(480) <= box.left() < box.right() <= roll.x(960)


def test_a_picture_that_is_turned_or_painted_on_keeps_or_loses_it(canvas: CanvasBoard) -> None:
    id = canvas.put(Image(np.full((40, 60), 200, np.uint8)))
    card = known(ImageItem, canvas.scene.item(id))
    heat = card.new_heat()
    heat.add([area(Mask(np.full((40, 60), 255, np.uint8)), heat.step)])
    card.show_heat(heat)
    item = canvas.board.item(id)
    turned = item.changed({"rotation": 30.0})
    canvas.project.do(commands.change_items(canvas.board, {id: turned}, "turn"))
    assert card.heat is heat
    other = canvas.project.store.put(Image(np.full((40, 60), 9, np.uint8)))
    painted = turned.changed({"content": other})
    canvas.project.do(commands.change_items(canvas.board, {id: painted}, "paint"))
    assert card.heat is None


def test_another_view_of_the_board_and_the_project_know_nothing_of_it(
    canvas: CanvasBoard, qtbot: QtBot
) -> None:
    id = canvas.put(Text("abc"))
    other = BoardView(canvas.project)
    qtbot.addWidget(other)
    before = canvas.board.item(id).to_json()
    card = known(TextItem, canvas.scene.item(id))
    heat = card.new_heat()
    heat.add([(0, 3, 1.0, "said")])
    card.show_heat(heat)
    assert known(TextItem, other.board_scene.item(id)).heat is None
    assert canvas.board.item(id).to_json() == before
    other.close_project()
