"""Writing in texts too long to be laid out at once, undone and done again."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from gui.canvas_board import CanvasBoard
from gui.long_texts import CTRL, KINDS, NONE, SHIFT, WORDS, Key, ends, press
from kinds import a_text, known
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QInputMethodEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Span, Text, limits
from aigc_studio.api.errors import StudioError
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import (
    LARGEST,
    is_long,
)
from aigc_studio.ui.canvas.writing.long_editor import LongWriting
from aigc_studio.ui.canvas.writing.text_editor import Writing

pytestmark = pytest.mark.usefixtures("qapp")


def speak(editor: LongWriting, preedit: str = "", commit: str = "") -> None:
    """What an input method sends."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    scene = editor.scene()
    QApplication.sendEvent(scene, event)


def value_of(canvas: CanvasBoard, editor: LongWriting) -> str:
    """Leave the editor; what is on the board then."""
    id = editor.card.id
    canvas.key(Key.Key_Escape)
    canvas.settle()
    return a_text(canvas.artifact(id)).value


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
