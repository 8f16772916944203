"""A tune on a staff: what is written, where it stands, and what a person does on it."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from gui.canvas.test_canvas_notes import Tune
from gui.canvas_board import LEFT, CanvasBoard
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, KeySignature, Melody, Metre, Note
from aigc_studio.library.melodies.abc import read_tunes
from aigc_studio.ui import notation
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.heat.parts import BarMark
from aigc_studio.ui.canvas.items import melody_card, staff_face, staff_glyphs, tune_painting
from aigc_studio.ui.canvas.items.playhead import Playhead
from aigc_studio.ui.canvas.items.staff import LARGEST, PlacedBar, fitted
from aigc_studio.ui.canvas.items.staff_bars import Stem, shapes_of, top_place
from aigc_studio.ui.canvas.items.staff_face import StaffFace
from aigc_studio.ui.canvas.items.staff_notes import StaffBar, Written, written
from aigc_studio.ui.canvas.items.staff_painting import Engraver

EIGHT = tuple(Note(480 * number, 480, 62 + number) for number in range(16))


def tune(body: str, key: str = "C", metre: str = "4/4") -> Written:
    (read,) = read_tunes(f"X:1\nM:{metre}\nL:1/8\nK:{key}\n{body}\n")
    assert read.melody is not None
    return written(read.melody)


def bars(body: str, key: str = "C", metre: str = "4/4") -> list[StaffBar]:
    return tune(body, key, metre).bars


def values(bar: StaffBar) -> list[tuple[int, int]]:
    return [(sign.value, sign.dots) for sign in bar.signs]


def accidentals(bar: StaffBar) -> list[int | None]:
    return [head.accidental for sign in bar.signs for head in sign.heads]


class TestValues:
    def test_plain_dotted_and_short_notes(self) -> None:
        (bar,) = bars("A4 B3 c|")
        assert values(bar) == [(1, 0), (2, 1), (3, 0)]

    def test_a_length_that_is_no_note_becomes_notes_that_are_tied(self) -> None:
        (bar,) = bars("A5 B3|")
        assert values(bar) == [(1, 0), (3, 0), (2, 1)]
        assert [sign.tied for sign in bar.signs] == [True, False, False]

    def test_a_note_over_the_beat_of_six_eight_is_cut_there(self) -> None:
        (bar,) = bars("A2 B2 c2|", metre="6/8")
        assert values(bar) == [(2, 0), (3, 0), (3, 0), (2, 0)]
        assert [sign.tied for sign in bar.signs] == [False, True, False, False]

    def test_a_tie_over_the_bar_line_needs_no_accidental_behind_it(self) -> None:
        first, second = bars("z4 ^F4-|F4 F4|")
        assert accidentals(first) == [1]
        assert accidentals(second) == [None, None]

    def test_an_empty_bar_has_one_rest(self) -> None:
        _first, second = bars("A8|z8|")
        assert [sign.fills for sign in second.signs] == [True]

    def test_a_bar_of_nine_eighths(self) -> None:
        first, _second = bars("A9|B9|", metre="9/8")
        assert values(first) == [(1, 1), (2, 1)]


class TestSpelling:
    def test_accidentals_hold_to_the_bar_line_in_their_octave(self) -> None:
        first, second = bars("^F2 F2 =F2 ^f2|F2 ^F2 z4|")
        assert accidentals(first) == [1, None, 0, 1]
        assert accidentals(second) == [None, 1]

    def test_what_the_key_has_needs_no_sign(self) -> None:
        (bar,) = bars("F2 c2 =c2 G2|", key="D")
        assert accidentals(bar) == [None, None, 0, None]
        assert bar.signature == {"F": 1, "C": 1}

    def test_flats_in_the_order_of_the_staff(self) -> None:
        (bar,) = bars("E8|", key="Eb")
        assert list(bar.signature) == ["B", "E", "A"]

    def test_middle_c_is_below_the_treble_staff_and_above_the_bass_one(self) -> None:
        (bar,) = bars("C8|")
        (head,) = bar.signs[0].heads
        assert (top_place(False) - head.place) / 2 == 5
        assert (top_place(True) - head.place) / 2 == -1

    def test_low_tunes_are_in_the_bass_clef(self) -> None:
        assert tune("C,,2E,,2G,,4|").is_bass
        assert not tune("C2E2G4|").is_bass

    def test_a_key_that_changes_is_written_where_it_does(self) -> None:
        melody = Melody(
            (Note(0, 1920, 63), Note(1920, 1920, 63)),
            keys=(KeySignature(0, 0), KeySignature(1920, -3)),
        )
        first, second = written(melody).bars
        assert accidentals(first) == [1]
        assert accidentals(second) == [None]
        assert second.key == KeySignature(1920, -3)


class TestGroups:
    def test_beams_by_the_beat(self) -> None:
        assert bars("ABc def|", metre="6/8")[0].beams == [(0, 2), (3, 5)]
        assert bars("ABcd efga|")[0].beams == [(0, 3), (4, 7)]
        assert bars("AB cd ef|", metre="3/4")[0].beams == [(0, 1), (2, 3), (4, 5)]
        assert bars("A>B cd A4|")[0].beams == [(0, 1), (2, 3)]

    def test_a_rest_ends_a_beam(self) -> None:
        assert bars("AzBc d4|")[0].beams == [(2, 3)]

    def test_an_upbeat_is_the_end_of_its_bar(self) -> None:
        first, second = bars("EF|ABc def|", metre="6/8")
        assert first.beams == [(0, 1)]
        assert second.beams == [(0, 2), (3, 5)]
        assert second.metre is None

    def test_triplets_have_their_number(self) -> None:
        (bar,) = bars("(3ABc d2 e4|")
        assert bar.tuplets == [(0, 2, 3)]
        assert values(bar)[:3] == [(3, 0)] * 3

    def test_tones_that_go_together_are_a_chord_and_others_are_counted(self) -> None:
        chord = (Note(0, 480, 60), Note(0, 480, 64), Note(0, 480, 67))
        found = written(Melody((*chord, Note(0, 960, 48))))
        assert [head.pitch for head in found.bars[0].signs[0].heads] == [60, 64, 67]
        assert found.others == 1


class TestStems:
    def stems(self, body: str, **more: str) -> list[Stem | None]:
        return shapes_of(tune(body, **more))[0].stems

    def test_up_below_the_middle_line_and_down_from_it_on(self) -> None:
        found = self.stems("G2 B2 d2 A2|")
        assert [stem.up for stem in found if stem is not None] == [True, False, False, True]

    def test_far_notes_reach_the_middle_line(self) -> None:
        high, low = (self.stems(body)[0] for body in ("e'8-|", "E,4e4|"))
        assert high is None  # a whole note
        assert low is not None
        assert low.end == 2.0

    def test_a_beam_leans_as_its_notes_do_but_less(self) -> None:
        ends = [stem.end for stem in self.stems("EFGA z4|") if stem is not None]
        assert ends == sorted(ends, reverse=True)
        assert 0 < ends[0] - ends[-1] <= 1.25

    def test_a_beam_over_a_note_between_is_level(self) -> None:
        ends = [stem.end for stem in self.stems("EcEE z4|") if stem is not None]
        assert len(set(ends)) == 1


class TestLayout:
    def test_systems_are_as_wide_as_the_card_and_fit_into_it(self) -> None:
        staff, space = fitted(tune("ABcd efga|" * 40), 800, 300)
        assert len(staff.systems) > 2
        assert staff.height * space <= 300.01
        for system in staff.systems[:-1]:
            assert system.bars[-1].right == pytest.approx(staff.width)
        numbers = [bar.number for system in staff.systems for bar in system.bars]
        assert numbers == list(range(1, 41))

    def test_notes_come_one_after_the_other(self) -> None:
        staff, _space = fitted(tune("^A^B^c^d (3efg a2|A8|z8|A/B/c/d/ e6|", key="Eb"), 600, 200)
        for system in staff.systems:
            places = [place for bar in system.bars for place in bar.places]
            assert all(b - a > 1.0 for a, b in pairwise(places))

    def test_one_bar_is_no_larger_than_others(self) -> None:
        staff, space = fitted(tune("A8|"), 900, 600)
        assert space == LARGEST
        assert staff.systems[0].right < staff.width

    def test_every_sign_has_ink(self, qapp: QApplication) -> None:
        found = tune("[CEG]2 ^F>=F _E4-|E3/2F/ z2 (3ABc z|z8|A/B/c/d/ z/ A3/2 A,2|", key="D")
        staff, _space = fitted(found, 800, 300)
        engraver = Engraver(staff)
        for system in staff.systems:
            assert not engraver.begin(system).isEmpty()
            for bar in system.bars:
                ink = engraver.bar(bar)
                assert not ink.lines.isEmpty()
                assert not (ink.heads.isEmpty() and ink.signs.isEmpty())

    def test_clefs_are_around_their_lines(self) -> None:
        treble, bass = (
            clef.boundingRect() for clef in (staff_glyphs.treble_clef(), staff_glyphs.bass_clef())
        )
        assert treble.top() < -4 < 2 < treble.bottom()
        assert -1.2 < bass.top() < 0 < bass.bottom() < 3


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot) -> Iterator[CanvasBoard]:
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()
    notation.set_staff(False)


def face(found: Tune) -> StaffFace:
    assert found.item.staff is not None
    return found.item.staff


def spot(found: Tune, bar: int) -> tuple[float, float]:
    (rect,) = face(found).bars_rects(Bars(bar, bar))
    place = found.item.mapToScene(rect.center())
    return place.x(), place.y()


class TestOnTheCanvas:
    def test_a_drag_over_bars_selects_them(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT)
        notation.set_staff(True)
        canvas.drag(spot(found, 2), spot(found, 3))
        assert found.item.bars == Bars(2, 3)
        canvas.click(*spot(found, 4))
        assert found.item.bars == Bars(4, 4)

    def test_a_double_click_goes_back_to_the_roll_to_edit_notes(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT)
        notation.set_staff(True)
        place = canvas.at(*spot(found, 2))
        QTest.mouseDClick(canvas.view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
        assert found.item.staff is None
        assert canvas.view.marks.edited == found.id
        notation.set_staff(True)
        assert not canvas.view.marks.edited
        assert found.notes == EIGHT

    @pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.ERASER])
    def test_tools_that_change_notes_do_nothing_to_a_staff(
        self, canvas: CanvasBoard, tool: Tool
    ) -> None:
        found = Tune(canvas, *EIGHT)
        notation.set_staff(True)
        canvas.view.set_tool(tool)
        canvas.click(*spot(found, 1))
        canvas.settle()
        assert found.notes == EIGHT
        assert found.item.staff is None

    def test_the_line_and_the_lit_note_are_where_it_is_heard(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT)
        notation.set_staff(True)
        head = Playhead(found.item)
        places = []
        for number in (0, 1, 5):
            head.show_at(480 * number, 1.0)
            assert head.lit == [number]
            path = face(found).note_path(number)
            assert abs(path.boundingRect().center().x() - head.x()) < 2
            places.append((head.y(), head.x()))
        assert places == sorted(places)
        head.leave()

    def test_it_is_painted_and_bars_that_are_new_stand_out(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT)
        notation.set_staff(True)
        plain = picture(found)
        found.item.bring_out(Bars(2, 2))
        assert picture(found) != plain
        assert plain != QImage(plain.size(), plain.format())

    def test_heat_lies_behind_its_bars(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT)
        notation.set_staff(True)
        heat = found.item.new_heat()
        heat.add([BarMark(1, 2, 1.0, "hot"), (0, 480, 0.5, "half")])
        (bar,) = face(found).bars_rects(Bars(2, 2))
        numbers = [n for n in range(len(heat)) if heat.words(n).startswith("Bar 2")]
        assert [heat.boxes(n) for n in numbers] == [[bar]]
        assert "hot" in heat.at(bar.center())
        assert heat.at(QPointF(2, 2)) == ""

    def test_what_is_not_shown_is_said(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT, Note(0, 960, 40))
        notation.set_staff(True)
        assert face(found).plan
        assert "highest voice" in face(found).remark

    def test_a_note_on_the_roll_is_not_taken_through_a_staff(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *EIGHT)
        roll = found.item.roll
        here = QPointF(roll.x(240), roll.row(62).center().y())
        assert found.item.note_at(here) is not None
        notation.set_staff(True)
        assert found.item.note_at(here) is None
        assert len(found.item.notes_in(found.item.boundingRect())) == 0

    def test_three_metres_and_an_empty_tune(self, canvas: CanvasBoard) -> None:
        changes = Tune(canvas, *EIGHT, metres=(Metre(0), Metre(1920, 3, 4), Metre(3360, 6, 8)))
        empty = Tune(canvas)
        notation.set_staff(True)
        assert changes.item.staff is not None
        assert picture(changes)
        assert empty.item.staff is None


def is_staff(found: Tune) -> bool:
    return found.item.staff is not None


class TestLongTunes:
    """What takes long is done beside the window, or some at a time."""

    MANY = tuple(
        Note(n * 240, 240, 60 + n * 5 % 17) for n in range(melody_card.WRITTEN_AT_ONCE + 9)
    )

    def test_its_first_staff_is_made_beside_the_window_and_the_roll_is_seen_meanwhile(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = Tune(canvas, *self.MANY)
        threads: list[str] = []
        read = staff_face.read_bars

        def noted(melody: Melody) -> Any:
            threads.append(threading.current_thread().name)
            return read(melody)

        monkeypatch.setattr(staff_face, "read_bars", noted)
        notation.set_staff(True)
        assert not is_staff(found)
        canvas.settle()
        assert face(found).bar_at(QPointF(0, 0)) == 1
        assert len(threads) == 1
        assert threads[0] != threading.main_thread().name

    def test_a_picture_of_the_board_has_the_staff_even_so(self, canvas: CanvasBoard) -> None:
        found = Tune(canvas, *self.MANY)
        notation.set_staff(True)
        assert not is_staff(found)
        canvas.view.exchange.render_board()
        assert is_staff(found)

    def test_its_bars_are_drawn_some_at_a_time(self, canvas: CanvasBoard, qtbot: QtBot) -> None:
        found = Tune(canvas, *self.MANY)
        notation.set_staff(True)
        assert not is_staff(found)
        canvas.settle()
        canvas.view.fit()
        engraver = face(found).plan.engraver
        drawn: list[int] = []
        draw = engraver._draw

        def noted(placed: PlacedBar) -> Any:
            drawn.append(placed.number)
            return draw(placed)

        engraver._draw = noted  # type: ignore[method-assign]
        engraver._bars.clear()
        canvas.view.grab()
        assert drawn == list(range(1, tune_painting.BARS_AT_ONCE + 1))
        count = found.item.score.count
        assert count > tune_painting.BARS_AT_ONCE
        qtbot.waitUntil(lambda: drawn == list(range(1, count + 1)))


def picture(found: Tune) -> QImage:
    image = QImage(640, 280, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    face(found).paint(painter, 1.0, found.item.boundingRect(), None, found.item.made)
    painter.end()
    return image
