"""Texts too long to be laid out at once: written, marked and read in the real view."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import numpy as np
import pytest
from gui.canvas_board import CanvasBoard
from gui.long_texts import CTRL, KINDS, NONE, WORDS, Key, press
from kinds import a_text, known, there
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QImage,
    QPainter,
    QPalette,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Span, Text
from aigc_studio.ui.canvas.items.laid_passage import LaidPassage
from aigc_studio.ui.canvas.items.long_page import LongPage
from aigc_studio.ui.canvas.items.passages import Passages, safe_place
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import (
    LARGEST,
    fill,
    new_document,
    text_height,
)
from aigc_studio.ui.canvas.writing.long_editor import LongWriting
from aigc_studio.ui.canvas.writing.text_editor import Writing

pytestmark = pytest.mark.usefixtures("qapp")


def in_black() -> QAbstractTextDocumentLayout.PaintContext:
    """Whatever theme another test has left."""
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor("black"))
    context.palette = palette
    return context


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
