"""Texts too long to be laid out at once: written, marked and read in the real view."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from gui.canvas_board import LEFT, CanvasBoard
from kinds import a_text, known, there
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Span, Text, limits
from aigc_studio.api.errors import StudioError
from aigc_studio.ui.canvas.items.laid_passage import LaidPassage
from aigc_studio.ui.canvas.items.long_page import LongPage
from aigc_studio.ui.canvas.items.passages import Passages, safe_place
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import (
    LARGEST,
    fill,
    is_long,
    new_document,
    text_height,
)
from aigc_studio.ui.canvas.writing import caret_moves
from aigc_studio.ui.canvas.writing.long_editor import LongWriting
from aigc_studio.ui.canvas.writing.text_editor import Writing

pytestmark = pytest.mark.usefixtures("qapp")

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier

WORDS = "The river keeps what the mountain forgets; nobody asked it to. "
KINDS: dict[str, str] = {
    "words": WORDS * 900,
    "one line": "abcdefghij" * 6_000,
    "Chinese": "山高月小，水落石出。曾日月之几何，而江山不可复识矣。" * 1_000,
    "lines": "a\nbb\n\nccc\r\n" * 4_000,
    "emoji": "👩‍👩‍👧 👍🏽 🇩🇪🇫🇷 é ก็ " * 2_500,
    "Arabic": "السلام عليكم، كيف حالك اليوم؟ 123 abc " * 700,
    "files put together": "\ufeffone line\n\ufeff\n\ufffeanother\n" * 2_000,
    "no line ends at all but a mark": "e\u0301" * 15_000,
}


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot) -> Iterator[CanvasBoard]:
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()


@pytest.fixture
def write(canvas: CanvasBoard) -> Callable[..., LongWriting]:
    """Open the editor of a card with a text, as Enter does."""

    def begin(value: str) -> LongWriting:
        id = canvas.put(Text(value), -300, -300, 420, 500)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.select([id])
        canvas.key(Key.Key_Return)
        card = known(TextItem, canvas.scene.item(id))
        return known(LongWriting, card.writing)

    return begin


def press(
    canvas: CanvasBoard, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, words: str = ""
) -> None:
    """A key as the window gets it; `words` is what it writes."""
    viewport = canvas.view.viewport()
    if not words:
        QTest.keyClick(viewport, key, modifiers)
        return
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(viewport, QKeyEvent(kind, key, modifiers, words))


def speak(editor: LongWriting, preedit: str = "", commit: str = "") -> None:
    """What an input method sends."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    scene = editor.scene()
    QApplication.sendEvent(scene, event)


def in_black() -> QAbstractTextDocumentLayout.PaintContext:
    """Whatever theme another test has left."""
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor("black"))
    context.palette = palette
    return context


def value_of(canvas: CanvasBoard, editor: LongWriting) -> str:
    """Leave the editor; what is on the board then."""
    id = editor.card.id
    canvas.key(Key.Key_Escape)
    canvas.settle()
    return a_text(canvas.artifact(id)).value


class TestPassages:
    @pytest.mark.parametrize("kind", KINDS)
    def test_joined_they_are_the_text(self, kind: str) -> None:
        passages = Passages(KINDS[kind])
        assert passages.text() == KINDS[kind]
        assert max(len(part.text) for part in passages.parts) <= 1_600

    @pytest.mark.parametrize("kind", KINDS)
    def test_they_meet_between_characters(self, kind: str) -> None:
        value, place = KINDS[kind], 0
        for part in Passages(value).parts[:-1]:
            place += len(part.text)
            assert safe_place(value[place - 300 : place + 300], 300) == 300
            assert value[place - 1 : place + 1] != "\r\n"

    @pytest.mark.parametrize("seed", range(6))
    def test_random_changes_are_those_of_a_string(self, seed: int) -> None:
        dice = random.Random(seed)
        value = dice.choice(list(KINDS.values()))[:9_000]
        passages = Passages(value)
        for _ in range(150):
            start = dice.randint(0, len(value))
            stop = min(len(value), start + dice.choice([0, 0, 1, 5, 900, 4_000]))
            words = dice.choice(["", "x", "\n", "\u0301", "👩‍👩‍👧", "\r", "y z " * 700])
            passages.replace(start, stop, words)
            value = value[:start] + words + value[stop:]
            if dice.random() < 0.3 and len(passages.parts) > 1:
                index = dice.randrange(len(passages.parts) - 1)
                passages.move_border(index, dice.choice([-1, 3]))
            assert passages.text() == value
            assert len(passages) == len(value)
            first = dice.randint(0, len(value))
            assert passages.text(first, first + 70) == value[first : first + 70]


class TestWork:
    def test_a_key_lays_out_no_more_of_a_text_that_is_ten_times_as_long(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        for unit in ("word ", "x"):
            costs = []
            for length in (60_000, 600_000):
                editor = write((unit * length)[:length])
                begun = editor.page.laid_out
                for place in (length // 2, length, 0):
                    editor.select(place, place)
                    QApplication.processEvents()
                before = editor.page.laid_out
                for _ in range(10):
                    press(canvas, Key.Key_A, words="a")
                costs.append((begun, (editor.page.laid_out - before) / 10))
                canvas.key(Key.Key_Escape)
                canvas.settle()
            (begin, key), (begin_ten, key_ten) = costs
            assert begin_ten <= 1.5 * begin + 3_000
            assert key_ten <= 1.5 * key + 1_500
            assert key_ten < 8_000

    def test_a_key_changes_one_passage_and_copies_no_text(
        self,
        canvas: CanvasBoard,
        write: Callable[..., LongWriting],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        editor = write(WORDS * 6_000)
        copied: list[int] = []
        text = Passages.text

        def counted(self: Passages, start: int = 0, stop: int | None = None) -> str:
            found = text(self, start, stop)
            copied.append(len(found))
            return found

        monkeypatch.setattr(Passages, "text", counted)
        press(canvas, Key.Key_Q, words="q")
        QApplication.processEvents()
        assert sum(copied) < 12_000
        assert editor.page.passages is not None

    def test_painting_draws_only_what_is_seen(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Text(WORDS * 6_000), -200, -200, 400, 400)
        page = known(TextItem, canvas.scene.item(id)).page
        assert page is not None
        assert page.laid_out < 8_000
        canvas.view.fit()
        canvas.view.viewport().grab()
        canvas.view.set_zoom(0.1)
        canvas.view.viewport().grab()
        assert page.laid_out < 12_000

    def test_what_was_looked_at_is_not_kept_for_good(self) -> None:
        page = LongPage(WORDS * 6_000, 400, 500)
        for _ in range(2_000):
            page.scroll(400)
        assert page.ends()
        assert len(page.passages.parts) > 360
        assert sum(part.laid is not None for part in page.passages.parts) < 300

    def test_the_height_of_a_card_is_asked_of_its_beginning(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laid: list[int] = []
        begin = LaidPassage.__init__

        def counted(self: LaidPassage, text: str, *rest: object, **more: object) -> None:
            laid.append(len(text))
            begin(self, text, *rest, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(LaidPassage, "__init__", counted)
        assert text_height("x" * 3_000_000, 400) > LARGEST
        assert sum(laid) < 30_000


class TestLooks:
    def test_lines_lie_where_a_short_text_has_them(self) -> None:
        value = WORDS * 12 + "\n\n短的一行\nlast 👍🏽"
        document: QTextDocument = new_document()
        fill(document, value)
        document.setTextWidth(388)
        page = LongPage(value, 388, 4_000)
        tops = [each.top + top for each in page.shown() for _place, top in each.laid.lines()]
        wanted, block = [], document.begin()
        while block.isValid():
            corner = document.documentLayout().blockBoundingRect(block).top()
            layout = block.layout()
            wanted += [corner + layout.lineAt(n).y() for n in range(layout.lineCount())]
            block = block.next()
        assert len(tops) == len(wanted)
        assert all(abs(one - other) < 1 for one, other in zip(tops, wanted, strict=True))
        assert page.height_of(1e9) == pytest.approx(document.size().height(), abs=1)

    @pytest.mark.parametrize("words", ["one two three ", "مرحبا بالعالم ", "文字 "])
    def test_letters_lie_where_a_short_text_has_them(self, words: str) -> None:
        value = words * 20 + "\n" + words
        document: QTextDocument = new_document()
        fill(document, value)
        document.setTextWidth(300)
        pictures = []
        for draw in (
            lambda painter: document.documentLayout().draw(painter, in_black()),
            lambda painter: LongPage(value, 300, 300).draw(
                painter, QRectF(0, 0, 300, 300), [], QColor("black")
            ),
        ):
            picture = QImage(300, 300, QImage.Format.Format_Grayscale8)
            picture.fill(255)
            painter = QPainter(picture)
            draw(painter)
            painter.end()
            bytes_ = np.frombuffer(picture.constBits(), np.uint8).reshape(300, -1)[:, :300]
            pictures.append(bytes_ < 128)
        columns, rows = (
            [np.abs(np.cumsum(each.sum(axis=way))).tolist() for each in pictures] for way in (0, 1)
        )
        assert columns[0][-1] == pytest.approx(columns[1][-1], rel=0.1)
        assert np.allclose(columns[0], columns[1], atol=60)
        assert np.allclose(rows[0], rows[1], atol=200)

    def test_passages_end_with_lines_so_that_no_line_is_cut_short(self) -> None:
        page = LongPage("abcdefghij" * 6_000, 400, 3_000)
        widths = []
        for each in page.shown():
            starts = [place for place, _top in each.laid.lines()]
            widths += [stop - start for start, stop in itertools.pairwise(starts)]
            widths.append(len(each.laid.text) - starts[-1])
        assert min(widths[:-1]) > max(widths) * 0.9

    def test_the_whole_text_can_be_reached_by_turning_pages(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Text(WORDS * 500), -200, -200, 400, 400)
        page = known(TextItem, canvas.scene.item(id)).page
        assert page is not None
        canvas.view.select([id])
        canvas.view.setFocus()
        seen = 0
        for _ in range(2_000):
            stretches = [(each.start, each.start + len(each.laid.text)) for each in page.shown()]
            assert stretches[0][0] <= seen, "something was passed over"
            seen = max(seen, stretches[-1][1])
            if page.ends():
                break
            canvas.key(Key.Key_PageDown)
        assert seen == len(page)
        while not page.begins:
            canvas.key(Key.Key_PageUp)

    def test_the_wheel_scrolls_the_text_that_is_written_in_and_zooms_beside_it(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(WORDS * 900)
        editor.select(0, 0)
        zoom = canvas.view.zoom
        for at, scrolls in (((-200.0, -100.0), True), ((250.0, 100.0), False)):
            spot = QPointF(canvas.at(*at))
            event = QWheelEvent(
                spot, QPointF(canvas.view.viewport().mapToGlobal(spot.toPoint())), QPoint(),
                QPoint(0, -120), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(canvas.view.viewport(), event)
            assert (editor.page.top > 0) == scrolls or not scrolls
            assert (canvas.view.zoom == zoom) == scrolls

    def test_a_picture_of_the_board_shows_the_beginning(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Text(WORDS * 900), 0, 0, 400, 400)
        whole = canvas.view.exchange.render_board()
        page = known(TextItem, canvas.scene.item(id)).page
        assert page is not None
        page.scroll(5_000)
        assert canvas.view.exchange.render_board() == whole
        assert page.top > 0


class TestWriting:
    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_typed_is_no_command(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting], kind: str
    ) -> None:
        editor = write(KINDS[kind])
        for key in (Key.Key_Home, Key.Key_End, Key.Key_Up, Key.Key_PageUp):
            press(canvas, key)
        press(canvas, Key.Key_Home, CTRL)
        assert value_of(canvas, editor) == KINDS[kind]
        assert len(canvas.project.history) == 1

    def test_what_was_typed_is_one_command_made_beside_the_window(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        value = KINDS["words"]
        editor = write(value)
        id = editor.card.id
        QTest.keyClicks(canvas.view.viewport(), " and on")
        canvas.key(Key.Key_Escape)
        assert [command.kind for command in canvas.project.history] == ["add"]
        canvas.settle()
        assert a_text(canvas.artifact(id)).value == value + " and on"
        assert [command.kind for command in canvas.project.history] == ["add", "write"]
        card = known(TextItem, canvas.scene.item(id))
        assert card.value == value + " and on"
        canvas.project.undo()
        assert card.value == value
        assert card.page is not None
        assert card.page.passages.text() == value

    def test_a_text_that_cannot_be_kept_is_said_and_the_former_one_shown(
        self,
        canvas: CanvasBoard,
        write: Callable[..., LongWriting],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        editor = write(KINDS["words"])
        card = editor.card

        def full(_artifact: object) -> None:
            raise StudioError("the disk is full")

        monkeypatch.setattr(canvas.project.store, "put", full)
        QTest.keyClicks(canvas.view.viewport(), "kept")
        canvas.key(Key.Key_Escape)
        canvas.settle()
        (sentence,) = canvas.said
        assert sentence.startswith("the disk is full What you typed is not lost")
        assert card.page is not None
        assert card.page.passages.text() == KINDS["words"]
        assert len(canvas.project.history) == 1
        monkeypatch.undo()
        canvas.view.write(card.id)
        assert known(LongWriting, card.writing).result()[0] == KINDS["words"] + "kept"
        canvas.key(Key.Key_Escape)
        canvas.settle()
        assert a_text(canvas.artifact(card.id)).value == KINDS["words"] + "kept"
        assert len(canvas.project.history) == 2

    def test_writing_again_at_once_goes_on_with_what_was_written(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        id = editor.card.id
        QTest.keyClicks(canvas.view.viewport(), "1")
        canvas.key(Key.Key_Escape)
        canvas.view.write(id)
        QTest.keyClicks(canvas.view.viewport(), "2")
        canvas.key(Key.Key_Escape)
        canvas.settle()
        assert a_text(canvas.artifact(id)).value == KINDS["words"] + "12"

    def test_what_no_project_could_keep_is_not_written_and_nothing_is_lost(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        value = "é" * 30_000
        editor = write(value)
        monkeypatch.setattr(limits, "TEXT_BYTES", 60_003)
        told: list[str] = []
        editor.told.refused.connect(told.append)
        editor.select(0, 0)
        for words in ("éé", "x" * 100_000):
            QGuiApplication.clipboard().setText(words)
            press(canvas, Key.Key_V, CTRL)
            assert "this was not written" in told.pop()
        speak(editor, commit="数字")
        assert "this was not written" in told.pop()
        press(canvas, Key.Key_A, words="abc")
        press(canvas, Key.Key_A, words="d")
        assert "this was not written" in told.pop()
        assert told == []
        assert value_of(canvas, editor) == f"abc{value}"

    def test_all_is_selected_copied_and_pasted(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        value = WORDS * 17_000
        assert len(value) > 1_000_000
        editor = write(value)
        press(canvas, Key.Key_A, CTRL)
        assert canvas.view.selection_of(editor.card.id) == Span(0, len(value))
        press(canvas, Key.Key_C, CTRL)
        assert QGuiApplication.clipboard().text() == value
        press(canvas, Key.Key_End, CTRL)
        press(canvas, Key.Key_V, CTRL)
        assert value_of(canvas, editor) == value + value

    def test_pasting_a_long_text_into_a_short_one(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Text("short"), -300, -300, 420, 500)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.write(id)
        card = known(TextItem, canvas.scene.item(id))
        assert isinstance(card.writing, Writing)
        QTest.keyClicks(canvas.view.viewport(), "er")
        QGuiApplication.clipboard().setText("x" * 300_000)
        press(canvas, Key.Key_V, CTRL)
        assert isinstance(card.writing, LongWriting)
        QTest.keyClicks(canvas.view.viewport(), "!")
        text, _span = card.writing.result()
        assert text == "shorter" + "x" * 300_000 + "!"
        for wanted in ("shorter" + "x" * 300_000, "shorter", "short"):
            press(canvas, Key.Key_Z, CTRL)
            assert card.writing.result()[0] == wanted
        for _ in range(3):
            press(canvas, Key.Key_Z, CTRL | SHIFT)
        canvas.key(Key.Key_Escape)
        canvas.settle()
        assert a_text(canvas.artifact(id)).value == text
        assert canvas.board.item(id).height <= LARGEST + 1

    def test_typing_until_it_is_long(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Text("y" * 1_900), -300, -300, 420, 500)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.write(id)
        card = known(TextItem, canvas.scene.item(id))
        QTest.keyClicks(canvas.view.viewport(), "z" * 450)
        assert isinstance(card.writing, LongWriting)
        canvas.key(Key.Key_Escape)
        canvas.settle()
        assert a_text(canvas.artifact(id)).value == "y" * 1_900 + "z" * 450

    def test_writing_it_short_again(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        card = editor.card
        press(canvas, Key.Key_A, CTRL)
        QTest.keyClicks(canvas.view.viewport(), "few")
        assert value_of(canvas, editor) == "few"
        assert card.page is None
        canvas.view.viewport().grab()

    def test_an_input_method_composes_and_commits(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        value = KINDS["Chinese"]
        editor = write(value)
        middle = len(value) // 2
        editor.select(middle, middle)
        for preedit in ("n", "ni", "ni h", "ni hao"):
            speak(editor, preedit=preedit)
            canvas.view.viewport().grab()
            rect = editor.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
            assert isinstance(rect, QRectF)
            assert editor.boundingRect().contains(rect.center())
        assert editor.result()[0] == value, "what is only proposed is not written"
        speak(editor, commit="你好")
        speak(editor, preedit="shi", commit="，")
        speak(editor, commit="世界😀")
        assert editor.caret == middle + 6
        press(canvas, Key.Key_Backspace)
        assert value_of(canvas, editor) == value[:middle] + "你好，世界" + value[middle:]

    def test_an_input_method_hears_what_stands_around_and_not_all(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write("𝄞" * 30_000)
        editor.select(15_000, 15_000)
        around = editor.inputMethodQuery(Qt.InputMethodQuery.ImSurroundingText)
        place = editor.inputMethodQuery(Qt.InputMethodQuery.ImCursorPosition)
        assert 0 < len(around) <= 2_500
        before = editor.inputMethodQuery(Qt.InputMethodQuery.ImTextBeforeCursor)
        assert place == 2 * len(before)

    def test_an_accent_joins_the_letter_before_it_at_a_border(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write("x" * 30_000)
        border = editor.page.passages.start(3)
        editor.select(border, border)
        press(canvas, Key.Key_unknown, words="\u0301")
        assert all(not part.text.startswith("\u0301") for part in editor.page.passages.parts)
        press(canvas, Key.Key_Backspace)
        assert value_of(canvas, editor) == "x" * 30_000

    def test_keys_of_the_window_are_not_written(
        self, canvas: CanvasBoard, write: Callable[..., LongWriting]
    ) -> None:
        editor = write(KINDS["words"])
        press(canvas, Key.Key_S, CTRL)
        press(canvas, Key.Key_F5)
        assert value_of(canvas, editor) == KINDS["words"]


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


@pytest.mark.parametrize("seed", range(8))
def test_random_writing_is_that_of_a_plain_string(
    canvas: CanvasBoard, write: Callable[..., LongWriting], seed: int
) -> None:
    """Keys, mouse and input method: after each step the text is what a string would be."""
    dice = random.Random(seed)
    value = list(KINDS.values())[seed % len(KINDS)][: dice.choice([21_000, 40_000])]
    value += "" if is_long(value) else "\n" * 1_500
    editor = write(value)
    states = [value]
    for _ in range(160):
        value = step(canvas, editor, dice, value, states)
        got, span = editor.result()
        assert got == value
        assert 0 <= span.start <= span.stop <= len(value)
    canvas.view.viewport().grab()
    assert value_of(canvas, editor) == value


def step(
    canvas: CanvasBoard, editor: LongWriting, dice: random.Random, value: str, states: list[str]
) -> str:
    """One thing that a person does, and what the text is then."""
    start, stop = ends(editor)
    what = dice.choice(
        ["type", "type", "enter", "move", "move", "select", "click", "drag", "back", "delete",
         "paste", "cut", "speak", "all", "jump"]
    )  # fmt: skip
    words = ""
    if what == "type":
        words = dice.choice(["a", "é", "字", "😀", " ", "\u0301", "ب", "\t"])
        press(canvas, Key.Key_unknown, words=words)
    elif what == "enter":
        words = dice.choice(["\n", "\u2028"])
        press(canvas, Key.Key_Return, NONE if words == "\n" else SHIFT)
    elif what == "paste":
        words = dice.choice(["p", "👩‍👩‍👧", "long " * 500, "z" * 3_000, "a\nb\r\nc"])
        QGuiApplication.clipboard().setText(words)
        press(canvas, Key.Key_V, CTRL)
    elif what == "speak":
        words = dice.choice(["你好", "世", "é"])
        speak(editor, preedit="ni")
        speak(editor, commit=words)
        return value[:start] + words + value[stop:]
    elif what == "cut":
        press(canvas, Key.Key_X, CTRL)
    elif what in ("back", "delete"):
        key = Key.Key_Backspace if what == "back" else Key.Key_Delete
        word = dice.random() < 0.3
        press(canvas, key, CTRL if word else NONE)
        if start == stop:
            return deleted(editor, value, start, back=what == "back")
    else:
        walk(canvas, editor, dice, what)
        return value
    return value[:start] + words + value[stop:]


def deleted(editor: LongWriting, value: str, place: int, *, back: bool) -> str:
    """What is left when something was deleted beside a place: a run that ended or began there."""
    length = len(value) - len(editor.page)
    assert length >= 0
    if back:
        assert editor.caret == place - length
        return value[: place - length] + value[place:]
    assert editor.caret == place
    return value[:place] + value[place + length :]


def walk(canvas: CanvasBoard, editor: LongWriting, dice: random.Random, what: str) -> None:
    """Go elsewhere, or select: the text stays."""
    keys = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End,
            Key.Key_PageUp, Key.Key_PageDown)  # fmt: skip
    if what == "all" and dice.random() < 0.1:
        press(canvas, Key.Key_A, CTRL)
        press(canvas, Key.Key_Right)
    elif what == "click":
        canvas.click(dice.uniform(-290, 90), dice.uniform(-290, 190))
    elif what == "drag":
        first, last = ((dice.uniform(-290, 90), dice.uniform(-290, 190)) for _ in range(2))
        canvas.drag(first, last)
    elif what == "jump":
        press(canvas, dice.choice((Key.Key_Home, Key.Key_End)), CTRL)
    else:
        modifiers = SHIFT if what == "select" else NONE
        for _ in range(dice.randint(1, 6)):
            press(canvas, dice.choice(keys), modifiers | dice.choice((NONE, CTRL)))


def ends(editor: LongWriting) -> tuple[int, int]:
    """Where the selection begins and ends."""
    span = editor.selected()
    return span.start, span.stop


def test_undo_and_redo_walk_through_what_was_written(
    canvas: CanvasBoard, write: Callable[..., LongWriting]
) -> None:
    dice = random.Random(1)
    editor = write(KINDS["words"])
    states = [editor.result()[0]]
    for number in range(25):
        place = dice.randint(0, len(editor.page))
        editor.select(place, min(place + dice.choice([0, 0, 30]), len(editor.page)))
        QTest.keyClicks(canvas.view.viewport(), f"w{number}")
        states.append(editor.result()[0])
    while editor.can_undo:
        press(canvas, Key.Key_Z, CTRL)
    assert editor.result()[0] == states[0]
    seen = [states[0]]
    while editor.can_redo:
        press(canvas, Key.Key_Z, CTRL | SHIFT)
        seen.append(editor.result()[0])
    assert [state for state in states if state not in seen] == []


@pytest.mark.parametrize("mark", ["\ufeff", "\ufffe"])
def test_a_mark_of_the_order_of_bytes_is_a_sign_like_any_other(
    write: Callable[..., LongWriting], canvas: CanvasBoard, mark: str
) -> None:
    """Qt takes one for none, from Python: a caret behind the last letter was on no line then."""
    text = f"{mark}abc\n{mark}\n" * 4_000 + f"{mark}end"
    editor = write(text)
    press(canvas, Key.Key_End, CTRL)
    assert editor.result() == (text, Span(len(text), len(text)))
    press(canvas, Key.Key_Home)
    press(canvas, Key.Key_Up)
    press(canvas, Key.Key_End)
    assert editor.result()[1] == Span(len(text) - 5, len(text) - 5)
    assert editor.caret_line() is not None


def test_a_text_that_its_card_hides_scrolls_while_it_is_written_in(canvas: CanvasBoard) -> None:
    """It is not long, but higher than its card: its editor ran out of the card, over the board."""
    value = "A line of a story.\n" * 150
    id = canvas.put(Text(value), -300, -300, 420, LARGEST)
    canvas.view.setFocus()
    canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
    card = known(TextItem, canvas.scene.item(id))
    assert card.needed_height() > LARGEST
    canvas.view.write(id)
    editor = known(LongWriting, card.writing)
    place = card.boundingRect()
    assert place.height() == LARGEST
    assert place.contains(card.childrenBoundingRect())
    editor.select(len(value), len(value))
    assert there(editor.caret_line()).y2() < LARGEST
    press(canvas, Key.Key_End, CTRL)
    press(canvas, Key.Key_X, words="x")
    canvas.key(Key.Key_Escape)
    canvas.settle()
    assert a_text(canvas.artifact(id)).value == value + "x"
    assert canvas.board.item(id).height == LARGEST
    assert card.scrolls  # what was written stays in sight
    assert there(card.page).top > 0
    assert there(card.caret_line()).y2() < LARGEST


def test_a_card_lower_than_its_text_is_as_high_while_it_is_written_in(canvas: CanvasBoard) -> None:
    value = "A line of a story.\n" * 15
    id = canvas.put(Text(value), -300, -300, 420, 120)
    canvas.view.setFocus()
    canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
    card = known(TextItem, canvas.scene.item(id))
    canvas.view.write(id)
    assert isinstance(card.writing, Writing)
    assert card.boundingRect().height() > 300
    assert card.boundingRect().contains(card.childrenBoundingRect())
    canvas.key(Key.Key_Escape)
    canvas.settle()
    assert card.boundingRect().height() == canvas.board.item(id).height == 120


@pytest.mark.parametrize("value", ["\ufeffabc", "\ufffeabc", "\ufeff", "\ufeff\ufeffa\U0001f600"])
def test_a_short_text_keeps_all_its_signs(canvas: CanvasBoard, value: str) -> None:
    id = canvas.put(Text(value), -300, -300, 420, 200)
    canvas.view.setFocus()
    canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
    canvas.view.select([id])
    canvas.key(Key.Key_Return)
    card = known(TextItem, canvas.scene.item(id))
    editor = known(Writing, card.writing)
    press(canvas, Key.Key_End)
    assert editor.result()[1] == Span(len(value), len(value))
    press(canvas, Key.Key_Z, words="z")
    editor.insert(value)
    assert editor.result()[0] == value + "z" + value
    canvas.key(Key.Key_Escape)
    canvas.settle()
    assert a_text(canvas.artifact(id)).value == value + "z" + value
