"""What is marked follows what becomes of a text or a tune; a caret is a place; cards fit texts."""

from dataclasses import replace
from pathlib import Path

import pytest
from gui.canvas_board import LEFT, CanvasBoard, text, tune
from gui.pixels import how_near
from handwork import change_content
from kinds import a_text, known, there
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from aigc_studio.api import Bars, Melody, Note, Span, Text
from aigc_studio.project import CandidateRecord, Content, Project, Provenance
from aigc_studio.project.commands import change_items
from aigc_studio.project.items import Item
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import followed_height, text_height, with_height
from aigc_studio.ui.canvas.scene.following import LostParts, followed

CTRL = Qt.KeyboardModifier.ControlModifier
LONG = "and on and on " * 30 + "end"


def one_line() -> float:
    """Board units of a card with one line, in the type of this machine."""
    return text_height("one", 320)


def rewrite(canvas: CanvasBoard, id: str, artifact: Text | Melody) -> None:
    """Accept a candidate in the place of an item."""
    tray = canvas.project.candidates
    content = canvas.project.store.put(artifact)
    record = CandidateRecord(tray.new_id(), content, target=id, use="replace")
    tray.add(record)
    canvas.project.do(tray.accept(record.id))


def marked(canvas: CanvasBoard, id: str) -> str:
    span = canvas.view.selection_of(id)
    assert isinstance(span, Span)
    return a_text(canvas.artifact(id)).value[span.start : span.stop]


class TestFollowed:
    @pytest.mark.parametrize(
        ("before", "after", "part", "place"),
        [
            ("aaa BBB ccc", "aaa LONGER ccc", (4, 7), (4, 10)),
            ("aaa BBB ccc", "aaa  ccc", (4, 7), (4, 4)),
            ("aaa BBB ccc", "aaa BBB ccc", (4, 7), (4, 7)),
            # Typed before, and behind.
            ("aaa BBB ccc", "xx aaa BBB ccc", (4, 7), (7, 10)),
            ("aaa BBB ccc", "a BBB ccc", (4, 7), (2, 5)),
            ("aaa BBB ccc", "aaa BBB c", (4, 7), (4, 7)),
            # The same characters everywhere: what lies outside stays as it was.
            ("aaaaaa", "aaaaaaaa", (2, 4), (2, 6)),
            ("aaaaaa", "aaaa", (2, 4), (2, 2)),
            ("abab", "ababab", (2, 4), (2, 6)),
            # A place takes in what comes there.
            ("abcdef", "abcXYdef", (3, 3), (3, 5)),
            ("abcdef", "Xabcdef", (3, 3), (4, 4)),
            ("abcdef", "Xabcdef", (0, 0), (0, 1)),
            ("", "abc", (0, 0), (0, 3)),
            # Typed before and behind at once.
            ("one two three four", "0 one two three four 5", (4, 7), (6, 9)),
            # Reached into, or another text altogether.
            ("Once upon a time", "Buy milk and bread.", (16, 16), None),
            ("Once upon a time", "Other words", (0, 1), None),
            ("aaa BBB ccc", "aaa BXX cc", (4, 7), None),
            ("one two three", "something else", (4, 7), None),
            ("𝄞𝄞 你好", "𝄞𝄞 你们好", (3, 5), (3, 6)),
        ],
    )
    def test_a_part_goes_where_its_text_went(
        self, before: str, after: str, part: tuple[int, int], place: tuple[int, int] | None
    ) -> None:
        assert followed(before, after, part) == place

    @pytest.mark.parametrize("length", [0, 3, 40])
    @pytest.mark.parametrize("part", [(0, 0), (0, 4), (3, 7), (12, 12), (5, 12)])
    def test_the_way_back_is_the_way_there(self, length: int, part: tuple[int, int]) -> None:
        before = "abababab cde"
        after = before[: part[0]] + "b" * length + before[part[1] :]
        place = followed(before, after, part)
        assert place == (part[0], part[0] + length)
        assert followed(after, before, place) == part


class TestSpans:
    def test_it_covers_what_a_rewrite_made_and_undo_brings_it_back(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(text("aaa BBB ccc"), -160, -90)
        canvas.view.select([id])
        canvas.scene.set_part(id, Span(4, 7))
        rewrite(canvas, id, Text(f"aaa {LONG} ccc"))
        assert marked(canvas, id) == LONG
        canvas.project.undo()
        assert marked(canvas, id) == "BBB"
        canvas.project.redo()
        assert marked(canvas, id) == LONG
        rewrite(canvas, id, Text("aaa  ccc"))
        assert canvas.view.selection_of(id) == Span(4, 4)
        assert canvas.scene.target().part == "caret"
        for _ in range(2):
            canvas.project.undo()
        assert marked(canvas, id) == "BBB"

    def test_one_that_is_lost_comes_back_with_its_text(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("one two three"), -160, -90)
        canvas.scene.set_part(id, Span(4, 7))
        rewrite(canvas, id, Text("nothing like it"))
        assert canvas.view.selection_of(id) is None
        canvas.project.undo()
        assert marked(canvas, id) == "two"

    @pytest.mark.parametrize("marked_then", [None, Span(0, 3)])
    def test_one_that_was_dropped_or_superseded_does_not_come_back(
        self, canvas: CanvasBoard, marked_then: Span | None
    ) -> None:
        id = canvas.put(text("one two three"), -160, -90)
        canvas.scene.set_part(id, Span(4, 7))
        rewrite(canvas, id, Text("nothing like it"))
        canvas.scene.set_part(id, marked_then)
        rewrite(canvas, id, Text("another"))
        for _ in range(2):
            canvas.project.undo()
        assert canvas.view.selection_of(id) is None

    def test_only_the_latest_that_were_lost_are_kept(self, canvas: CanvasBoard) -> None:
        lost = LostParts[Span]()
        for number in range(100):
            lost.keep(f"text {number}", Span(0, number))
            lost.keep("this one", Span(1, 2))
        assert len(lost) == 16
        assert lost.take("text 0") is None
        assert lost.take("text 99") == Span(0, 99)
        assert lost.take("this one") == Span(1, 2)
        assert lost.take("this one") is None

    def test_one_at_an_edge_is_lost_with_its_text(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("Once upon a time"), -160, -90)
        canvas.view.select([id])
        canvas.scene.set_part(id, Span(0, 1))
        rewrite(canvas, id, Text("On and on"))
        assert canvas.view.selection_of(id) is None
        canvas.project.undo()
        assert marked(canvas, id) == "O"

    def test_it_moves_with_what_is_typed_before_it(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("one two three"), -160, -90)
        canvas.scene.set_part(id, Span(8, 13))
        content = canvas.project.store.put(Text("one big two three"))
        canvas.project.do(change_content(canvas.board, {id: content}, "write"))
        assert marked(canvas, id) == "three"
        canvas.project.undo()
        assert marked(canvas, id) == "three"

    def test_the_one_that_was_selected_while_writing_is_kept_through_undo(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(text("one two"), -160, -90)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.write(id)
        QTest.keyClicks(canvas.view.viewport(), " six")
        for _ in range(3):
            QTest.keyClick(
                canvas.view.viewport(), Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier
            )
        canvas.key(Qt.Key.Key_Escape)
        assert marked(canvas, id) == "six"
        canvas.project.undo()
        assert a_text(canvas.artifact(id)).value == "one two"
        canvas.project.redo()
        assert a_text(canvas.artifact(id)).value == "one two six"


class TestBars:
    def test_they_stay_in_a_tune_of_as_many_bars(self, canvas: CanvasBoard) -> None:
        id = canvas.put(tune(4))
        canvas.scene.set_part(id, Bars(2, 3))
        other = tuple(Note(480 * n, 240, 72) for n in range(16))
        rewrite(canvas, id, Melody(other))
        assert canvas.view.selection_of(id) == Bars(2, 3)

    def test_they_follow_when_bars_come_or_go(self, canvas: CanvasBoard) -> None:
        notes = tune(4).notes
        id = canvas.put(Melody(notes))
        canvas.scene.set_part(id, Bars(3, 4))
        later = tuple(Note(n.start + 1920, n.duration, n.pitch) for n in notes)
        rewrite(canvas, id, Melody((Note(0, 480, 80), *later)))
        assert canvas.view.selection_of(id) == Bars(4, 5)
        canvas.project.undo()
        assert canvas.view.selection_of(id) == Bars(3, 4)
        canvas.scene.set_part(id, Bars(2, 2))
        # One bar becomes two: both are what came of it.
        two = tuple(Note(1920 + 960 * n, 960, 90) for n in range(4))
        rewrite(canvas, id, Melody((*notes[:4], *two, *later[8:])))
        assert canvas.view.selection_of(id) == Bars(2, 3)

    def test_those_that_are_gone_come_back_with_their_tune(self, canvas: CanvasBoard) -> None:
        id = canvas.put(tune(4))
        canvas.scene.set_part(id, Bars(3, 4))
        rewrite(canvas, id, tune(2))
        assert canvas.view.selection_of(id) is None
        canvas.project.undo()
        assert canvas.view.selection_of(id) == Bars(3, 4)


class TestCards:
    def fits(self, canvas: CanvasBoard, id: str) -> bool:
        needed = known(TextItem, canvas.scene.item(id)).needed_height()
        return abs(canvas.board.item(id).height - needed) <= 1

    def test_a_card_is_as_high_as_its_text_after_a_rewrite_in_the_same_step(
        self, canvas: CanvasBoard, tmp_path: Path
    ) -> None:
        id = canvas.put(text("aaa BBB ccc"), 10, 20, width=260, height=one_line())
        steps = len(canvas.project.history)
        rewrite(canvas, id, Text(f"aaa {LONG}ccc"))
        item = canvas.board.item(id)
        assert len(canvas.project.history) == steps + 1
        assert self.fits(canvas, id)
        assert (item.x, item.y, item.width) == (10, 20, 260)
        assert there(canvas.scene.item(id)).boundingRect().height() == item.height > 200
        canvas.project.save(tmp_path / "a.aigc")
        opened = Project.open(tmp_path / "a.aigc")
        assert opened.board.item(id) == item
        opened.undo()
        assert opened.board.item(id).height == one_line()
        opened.close()
        rewrite(canvas, id, Text("aaa b ccc"))
        assert canvas.board.item(id).height == one_line()
        canvas.project.undo()
        assert self.fits(canvas, id)
        canvas.project.undo()
        assert canvas.board.item(id).height == one_line()

    def test_one_that_was_made_higher_stays_so(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("aaa"), height=150)
        rewrite(canvas, id, Text("aaa bbb"))
        assert canvas.board.item(id).height == 150
        rewrite(canvas, id, Text(LONG))
        assert self.fits(canvas, id)

    def test_one_that_is_turned_keeps_its_upper_edge(self) -> None:
        store_item = Item("a", "A", text_content(), 0, 0, 200, 100, rotation=90)
        grown = with_height(store_item, 300)
        # Turned by 90° clockwise the upper edge is at the right: there it stays.
        middle = (grown.x + grown.width / 2, grown.y + grown.height / 2)
        assert middle == pytest.approx((150 - 150, 50))
        upright = with_height(Item("a", "A", text_content(), 5, 7, 200, 100), 300)
        assert (upright.x, upright.y, upright.height) == (5, 7, 300)

    def test_one_that_hid_some_of_its_text_shows_no_more_than_a_new_one(self) -> None:
        assert followed_height(640, 5000, 5200) == 640
        assert followed_height(640, 5000, 300) == 300
        assert followed_height(60, 345, 400) == 400
        assert followed_height(345, 345, 2000) == 2000

    def test_it_grows_and_shrinks_while_it_is_written_in(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("one"), height=56)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.write(id)
        QTest.keyClicks(canvas.view.viewport(), " word" * 40)
        assert there(canvas.scene.item(id)).boundingRect().height() > 100
        canvas.key(Qt.Key.Key_Escape)
        assert self.fits(canvas, id)
        canvas.view.write(id)
        QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_A, CTRL)
        QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_Delete)
        assert there(canvas.scene.item(id)).boundingRect().height() == one_line()
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.board.item(id).height == one_line()
        canvas.project.undo()
        assert canvas.board.item(id).height > 100

    def test_other_changes_leave_the_height_alone(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text(LONG), height=80)
        item = canvas.board.item(id)
        canvas.project.do(change_items(canvas.board, {id: replace(item, name="B")}, "rename"))
        assert canvas.board.item(id).height == 80


def text_content() -> Content:
    return Content("text", "0" * 64, {"length": 3})


class TestCarets:
    def place_of(self, canvas: CanvasBoard, id: str, place: int) -> int:
        card = known(TextItem, canvas.scene.item(id))
        return next(
            x for x in range(-150, 100) if card.position_at(card.mapFromScene(x, -66)) == place
        )

    @pytest.mark.parametrize("tool", [Tool.RECTANGLE, Tool.MASK])
    def test_a_click_makes_one(self, canvas: CanvasBoard, tool: Tool) -> None:
        id = canvas.put(text("one two three"), -160, -90)
        canvas.view.set_tool(tool)
        canvas.click(self.place_of(canvas, id, 3), -66)
        assert canvas.view.selection_of(id) == Span(3, 3)
        assert canvas.scene.target().part == "caret"
        assert len(canvas.project.history) == 1
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.view.selection_of(id) is None
        assert canvas.scene.target().number == 1

    def test_an_empty_text_has_one_place(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text(""), -160, -90)
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.click(0, 0)
        assert canvas.view.selection_of(id) == Span(0, 0)
        canvas.view.viewport().grab()

    def test_the_caret_of_the_editor_is_one_and_stays_when_the_text_is_left(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(text("ab𝄞def"), -160, -90)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        told: list[str] = []
        canvas.view.selection_changed.connect(lambda target: told.append(target.part))
        canvas.view.write(id)
        assert canvas.view.selection_of(id) == Span(6, 6)
        for _ in range(3):
            QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_Left)
        assert canvas.view.selection_of(id) == Span(3, 3)
        assert told[-1] == "caret"
        canvas.view.setFocus(Qt.FocusReason.TabFocusReason)
        canvas.view.finish_edits()
        assert canvas.view.writing is None
        assert canvas.view.selection_of(id) == Span(3, 3)
        canvas.view.write(id)
        QTest.keyClicks(canvas.view.viewport(), "X")
        assert canvas.view.selection_of(id) == Span(4, 4)

    def test_what_comes_there_is_selected_and_undo_makes_it_a_caret_again(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(text("one three"), -160, -90)
        canvas.view.select([id])
        canvas.scene.set_part(id, Span(4, 4))
        rewrite(canvas, id, Text("one two three"))
        assert marked(canvas, id) == "two "
        canvas.project.undo()
        assert canvas.view.selection_of(id) == Span(4, 4)

    def test_it_goes_when_something_else_is_selected(self, canvas: CanvasBoard) -> None:
        one, other = canvas.put(text("one"), -160, -90), canvas.put(text("two"), -160, 150)
        canvas.view.select([one])
        canvas.scene.set_part(one, Span(1, 1))
        canvas.view.select([other])
        assert canvas.view.selection_of(one) is None
        canvas.scene.set_part(other, Span(0, 2))
        canvas.view.select([one])
        assert canvas.view.selection_of(other) == Span(0, 2)

    @pytest.mark.parametrize("value", ["", "one two", "one\n\nthree 𝄞"])
    def test_it_is_seen_in_the_colour_of_a_selection(self, canvas: CanvasBoard, value: str) -> None:
        id = canvas.put(text(value), -160, -90)
        canvas.view.select([id])

        def inked() -> int:
            image = canvas.view.viewport().grab(QRect(290, 260, 322, 182)).toImage()
            return int((how_near(image, theme.colour("mask")).max(axis=-1) == 0).sum())

        for place in range(len(value) + 1):
            canvas.scene.set_part(id, None)
            assert inked() == 0
            canvas.scene.set_part(id, Span(place, place))
            assert inked() > 10

    @pytest.mark.parametrize("part", [Span(2, 2), Span(1, 4)])
    def test_marks_are_not_in_the_rendered_board(self, canvas: CanvasBoard, part: Span) -> None:
        id = canvas.put(text("one two"), -160, -90)
        before = canvas.view.exchange.render_board()
        canvas.scene.set_part(id, part)
        assert canvas.view.exchange.render_board() == before

    def test_a_double_click_beside_words_writes_there(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("one\n\nthree"), -160, -90)
        QTest.mouseDClick(canvas.view.viewport(), LEFT, pos=canvas.at(-100, -40))
        assert canvas.view.writing is not None
        assert canvas.view.selection_of(id) == Span(4, 4)


def test_the_mask_eraser_takes_away_what_is_marked(canvas: CanvasBoard) -> None:
    words, song = canvas.put(text("one two three"), -160, -90), canvas.put(tune(4), -240, 150)
    canvas.scene.set_part(words, Span(0, 3))
    canvas.scene.set_part(song, Bars(1, 2))
    canvas.view.set_tool(Tool.MASK_ERASER)
    canvas.drag((-120, -66), (-60, -66))
    canvas.click(0, 220)
    assert canvas.view.selection_of(words) is None
    assert canvas.view.selection_of(song) is None


@pytest.mark.parametrize("tool", [Tool.RECTANGLE, Tool.MASK])
def test_escape_gives_a_drag_over_words_up(canvas: CanvasBoard, tool: Tool) -> None:
    id = canvas.put(text("one two three"), -160, -90)
    canvas.view.select([id])
    canvas.scene.set_part(id, Span(0, 3))
    canvas.view.set_tool(tool)
    canvas.drag((-120, -66), (-60, -66), release=False)
    assert canvas.view.selection_of(id) != Span(0, 3)
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.view.selection_of(id) == Span(0, 3)
    QTest.mouseRelease(canvas.view.viewport(), LEFT, pos=canvas.at(-60, -66))
    assert canvas.view.selection_of(id) == Span(0, 3)


def test_escape_gives_a_drag_over_bars_up(canvas: CanvasBoard) -> None:
    id = canvas.put(tune(4), -240, -90)
    canvas.view.select([id])
    canvas.scene.set_part(id, Bars(1, 1))
    canvas.drag((-100, -80), (0, -80), (100, -80), release=False)
    assert canvas.view.selection_of(id) != Bars(1, 1)
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.view.selection_of(id) == Bars(1, 1)


def test_what_is_written_into_is_marked_and_has_its_latent_no_longer(canvas: CanvasBoard) -> None:
    made = Provenance(medium="text", generator="spans", seed=1)
    latent = canvas.project.store.put_latent(b"of the words as they were")
    id = canvas.put(text("one"), -160, -90, provenance=made, latent=latent)
    canvas.view.setFocus()
    canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
    canvas.view.write(id)
    canvas.view.finish_edits()
    item = canvas.board.item(id)
    assert (item.provenance, item.latent) == (made, latent)  # nothing was typed
    canvas.view.write(id)
    QTest.keyClicks(canvas.view.viewport(), "!")
    QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_Escape)
    item = canvas.board.item(id)
    assert canvas.artifact(id) == Text("one!")
    assert (item.provenance, item.latent) == (made.edited_by_hand(), "")
