"""Caret and pointer in texts too long to be laid out at once."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from gui.canvas_board import LEFT, CanvasBoard
from gui.long_texts import CTRL, KINDS, NONE, SHIFT, Key, ends, press
from kinds import known
from PySide6.QtTest import QTest

from aigc_studio.api import Span, Text
from aigc_studio.ui.canvas.items.long_page import LongPage
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.writing import caret_moves
from aigc_studio.ui.canvas.writing.long_editor import LongWriting

pytestmark = pytest.mark.usefixtures("qapp")


class TestMoving:
    def test_a_character_as_it_is_seen_is_one_step(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        seen = ["👩\u200d👩\u200d👧", "é", "🇩🇪", "👍🏽", "\r\n", "𝄞", "a"]
        editor = write("".join(seen) * 2_000)
        editor.select(0, 0)
        place = 0
        for sign in seen * 300:
            press(canvas, Key.Key_Right)
            place += len(sign)
            assert editor.caret == place
        for sign in reversed(seen * 300):
            press(canvas, Key.Key_Left)
            place -= len(sign)
            assert editor.caret == place

    def test_right_goes_backwards_where_it_is_read_from_the_right(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["Arabic"])
        editor.select(9_000, 9_000)
        press(canvas, Key.Key_Right)
        assert editor.caret < 9_000
        press(canvas, Key.Key_Left)
        assert editor.caret == 9_000

    @pytest.mark.parametrize("kind", KINDS)
    def test_down_and_up_come_back_to_the_same_lines(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting], kind: str
    ) -> None:
        editor = write(KINDS[kind])
        editor.select(0, 0)
        starts = [editor.page.line_of(editor.caret)[0]]
        for _ in range(120):
            press(canvas, Key.Key_Down)
            starts.append(editor.page.line_of(editor.caret)[0])
        assert starts == sorted(set(starts)), "a line was passed twice"
        for start in reversed(starts[:-1]):
            press(canvas, Key.Key_Up)
            assert editor.page.line_of(editor.caret)[0] == start

    def test_home_and_end_stay_on_the_line(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["one line"])
        editor.select(31_000, 31_000)
        press(canvas, Key.Key_Home)
        start = editor.caret
        for _ in range(50):
            press(canvas, Key.Key_End)
            press(canvas, Key.Key_Home)
            assert editor.caret == start
            press(canvas, Key.Key_Down)
            press(canvas, Key.Key_Home)
            assert editor.caret > start
            start = editor.caret

    def test_shift_selects_across_borders_and_the_span_stays(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["one line"])
        border = editor.page.passages.start(2)
        editor.select(border - 40, border - 40)
        for _ in range(80):
            press(canvas, Key.Key_Right, SHIFT)
        press(canvas, Key.Key_Escape)
        assert canvas.view.selection_of(editor.card.id) == Span(border - 40, border + 40)
        assert canvas.scene.target().part == "span"
        canvas.view.viewport().grab()

    def test_the_caret_is_seen_wherever_it_goes(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        dice = random.Random(3)
        keys = (Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_PageDown, Key.Key_End)
        for _ in range(120):
            press(canvas, dice.choice(keys), dice.choice((NONE, NONE, SHIFT)))
            if dice.random() < 0.1:
                press(canvas, dice.choice((Key.Key_Home, Key.Key_End)), CTRL)
            line = editor.page.caret(editor.caret)
            assert line is not None
            assert -1 <= line.y1() < line.y2() <= editor.page.height + 1


class TestPointer:
    def test_a_click_sets_the_caret_and_a_drag_selects(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        editor.select(30_000, 30_000)
        canvas.click(-250, -200)
        place = editor.caret
        assert abs(place - 30_000) < 3_000
        canvas.drag((-250, -200), (-150, -120), (-100, 0))
        span = editor.selected()
        assert span.start == place
        assert span.stop > place + 100
        canvas.click(-250, -100, SHIFT)
        assert editor.selected().start == place

    def test_a_drag_beyond_the_edge_scrolls(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        editor.select(0, 0)
        canvas.drag((-250, -200), (-150, -100), (-100, 240), release=False)
        top = editor.page.top
        canvas.qtbot.waitUntil(lambda: editor.page.top > top + 500)
        QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, canvas.at(-100, 240))
        assert editor.selected().stop > 1_200

    def test_two_clicks_take_the_word_and_three_the_paragraph(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write("first one\n" + "some words in a paragraph of their own\n" * 3_000)
        editor.select(0, 0)
        spot = canvas.at(-300 + 16 + 20, -300 + 16 + 26 * 2 + 8)
        QTest.mouseDClick(canvas.view.viewport(), LEFT, pos=spot)
        assert editor.page.passages.text(*ends(editor)) == "some"
        QTest.mouseClick(canvas.view.viewport(), LEFT, pos=spot)
        assert editor.page.passages.text(*ends(editor)) == "some words in a paragraph of their own"

    def test_words_of_any_script_at_a_border(self) -> None:
        page = LongPage("x" * 996 + " wordcut here " + "x" * 30_000, 400, 500)
        at = 996 + 4
        assert page.passages.text(*caret_moves.word_at(page, at)) == "wordcut"
        assert caret_moves.word_at(page, 996 + 1) == (997, 1_004)

    def test_the_bar_at_the_right_scrolls(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        editor.select(0, 0)
        canvas.drag((115, -280), (115, -50), (115, 190))
        assert editor.page.top > len(editor.page) * 0.8
        assert editor.caret == 0

    def test_a_marking_drag_and_a_double_click_on_the_card(self, canvas: CanvasBoard) -> None:
        value = "one two three " * 4_000
        id = canvas.put(Text(value), -300, -300, 420, 500)
        card = known(TextItem, canvas.scene.item(id))
        assert card.page is not None
        card.page.scroll(3_000)
        canvas.view.setFocus()
        QTest.mouseDClick(canvas.view.viewport(), LEFT, pos=canvas.at(-200, -200))
        span = canvas.view.selection_of(id)
        assert isinstance(span, Span)
        assert value[span.start : span.stop] in ("one", "two", "three")
        assert span.start > 1_000
        canvas.click(400, 300)
        assert canvas.view.selection_of(id) == span
