"""The candidate strip: any medium, selecting, accepting, comparing, sequences, dragging."""

from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Note, Text
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui import pixels as look
from aigc_studio.ui.candidates.cells import ALIKE_ROLE, Frame
from aigc_studio.ui.candidates.strip import MIME_TYPE, CandidateStrip


def picture(shade: int = 200, width: int = 28, height: int = 28) -> Image:
    return Image(np.full((height, width), shade, np.uint8))


TUNE = Melody(notes=tuple(Note(n * 480, 400, 60 + n, 40 + n * 10) for n in range(8)))
ANY: dict[str, Artifact] = {"image": picture(), "text": Text("短文 with words"), "melody": TUNE}


@pytest.fixture
def strip(qtbot: QtBot, qapp: QApplication) -> CandidateStrip:
    theme.apply(qapp, "light")
    made = CandidateStrip()
    qtbot.addWidget(made)
    made.resize(900, 160)
    return made


@pytest.fixture
def filled(strip: CandidateStrip) -> CandidateStrip:
    for number in range(4):
        strip.add(f"c{number}", picture(60 * number), seed=40 + number)
    strip.show()
    return strip


def heard(signal: Any) -> list[Any]:
    found: list[Any] = []
    signal.connect(found.append)
    return found


def asks_to_be_seen(strip: CandidateStrip) -> bool:
    # The types forget that None may stand for what is above all windows.
    return strip.isVisibleTo(None)  # type: ignore[arg-type]


def test_where_it_is_narrow_no_word_is_cut(filled: CandidateStrip) -> None:
    buttons = filled._buttons()
    worded = []
    for width in (900, 400, 360, 340, 900):
        filled.resize(width, 160)
        QApplication.processEvents()
        worded.append(sum(bool(button.text()) for button in buttons))
        assert filled._title.isVisible() == (width >= 400) or width == 400
        for button in buttons:
            assert button.width() >= button.sizeHint().width()
    assert worded == [*sorted(worded[:-1], reverse=True), 5]
    assert worded[3] < worded[0] == 5
    assert [button.accessibleName() for button in buttons[1:3]] == ["Drop", "Compare"]
    filled.resize(500, 160)
    filled.show_progress(1, 9)  # which takes room
    QApplication.processEvents()
    assert [button.text() for button in buttons[:3]] == ["", "", ""]
    filled.show_progress(0, 0)
    assert [button.text() for button in buttons[:3]] == ["Keep", "Drop", "Compare"]


def test_hidden_until_there_is_something(strip: CandidateStrip) -> None:
    assert not asks_to_be_seen(strip)
    strip.add("a", picture())
    assert asks_to_be_seen(strip)
    strip.remove("a")
    assert not asks_to_be_seen(strip)


@pytest.mark.parametrize("medium", list(ANY))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_medium_is_drawn(
    strip: CandidateStrip, qapp: QApplication, medium: str, scheme: theme.Scheme
) -> None:
    theme.apply(qapp, scheme)
    strip.add("a", ANY[medium], seed=3)
    strip.show()
    drawn = there(strip.list.painter.pictures.of(strip.cells[0].frame, 1.0)).toImage()
    colours = {drawn.pixel(x, y) for x in range(drawn.width()) for y in range(drawn.height())}
    assert len(colours) > (0 if medium == "image" else 3)
    assert not strip.grab().isNull()


def test_small_pictures_are_smooth_or_sharp_and_large_ones_fit(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = QSize(84, 84)
    pixels = np.zeros((28, 28), np.uint8)
    pixels[:, 14:] = 255
    smooth = artifact_pictures.picture(Image(pixels), size).toImage()
    assert smooth.width() == 84
    assert len({smooth.pixelColor(x, 40).red() for x in range(84)}) > 2
    monkeypatch.setattr(look, "_smooth", False)
    sharp = artifact_pictures.picture(Image(pixels), size).toImage()
    assert sharp.width() == 84
    assert {sharp.pixelColor(x, 40).red() for x in range(84)} == {0, 255}
    large = artifact_pictures.picture(picture(width=3000, height=1500), size, 2.0)
    assert large.devicePixelRatio() == 2.0
    assert (large.width(), large.height()) == (168, 84)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4), (1, 1)])
def test_pixels_are_those_of_the_picture(shape: tuple[int, ...]) -> None:
    pixels = (np.arange(np.prod(shape)) * 3 % 256).astype(np.uint8).reshape(shape)
    found = artifact_pictures.qimage(Image(pixels))
    assert (found.height(), found.width()) == shape[:2]
    last = found.pixelColor(shape[1] - 1, shape[0] - 1)
    wanted = np.atleast_1d(pixels[-1, -1]).tolist()
    channels = [last.red(), last.green(), last.blue(), last.alpha()]
    assert channels[: len(wanted)] == wanted


def test_enter_accepts_and_delete_discards_what_is_selected(
    filled: CandidateStrip, qtbot: QtBot
) -> None:
    accepted, discarded = heard(filled.accepted), heard(filled.discarded)
    filled.select("c1", "c3")
    qtbot.keyClick(filled.list, Qt.Key.Key_Return)
    assert accepted == [["c1", "c3"]]
    qtbot.keyClick(filled.list, Qt.Key.Key_Delete)
    assert discarded == [["c1", "c3"]]
    assert filled.ids() == ["c0", "c1", "c2", "c3"]


def test_arrows_go_through_them(filled: CandidateStrip, qtbot: QtBot) -> None:
    opened = heard(filled.opened)
    filled.select("c0")
    qtbot.keyClick(filled.list, Qt.Key.Key_Right)
    assert filled.selected_ids() == ["c1"]
    assert opened[-1] == "c1"
    qtbot.keyClick(filled.list, Qt.Key.Key_4)
    assert filled.selected_ids() == ["c3"]


def test_buttons(filled: CandidateStrip, qtbot: QtBot) -> None:
    accepted, discarded = heard(filled.accepted), heard(filled.discarded)
    filled.select("c2")
    qtbot.mouseClick(filled.accept_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(filled.accept_all_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(filled.discard_all_button, Qt.MouseButton.LeftButton)
    assert accepted == [["c2"], ["c0", "c1", "c2", "c3"]]
    assert discarded == [["c0", "c1", "c2", "c3"]]
    filled.list.clearSelection()
    assert not filled.accept_button.isEnabled()


def test_one_that_is_clicked_again_is_looked_at_again(filled: CandidateStrip, qtbot: QtBot) -> None:
    opened = heard(filled.opened)
    place = filled.list.rect_of(1).center()
    for _time in range(2):
        before = len(opened)
        qtbot.mouseClick(filled.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert len(opened) > before
        assert opened[-1] == "c1"


@pytest.mark.parametrize(
    ("title", "seed", "alike", "room", "said"),
    [
        ("", 667412, False, 99, "seed 667412"),
        ("", 667412, False, 8, "667412"),
        ("", 4_294_967_295, False, 8, "…7295"),
        ("8", 667412, True, 99, "8 · seed 667412"),
        ("8", 667412, True, 10, "8 · 667412"),
        ("8", 667412, True, 6, "667412"),
        ("8", 667412, False, 6, "8"),
        ("8", None, True, 6, "8"),
    ],
)
def test_a_caption_says_what_differs_and_no_seed_is_cut(
    strip: CandidateStrip, title: str, seed: int | None, alike: bool, room: int, said: str
) -> None:
    other = title if alike else "other"
    strip.add("a", picture(), title=title, seed=seed)
    strip.add("b", picture(), title=other, seed=1)
    index = strip.list.model().index(0, 0)
    assert bool(index.data(ALIKE_ROLE)) is (alike or title == other)
    caption = strip.cells[0].caption(lambda text: len(text) <= room, alike=alike)
    assert caption == said
    strip.remove("b")
    assert not index.data(ALIKE_ROLE)


def test_where_titles_and_the_ends_of_seeds_are_alike_the_title_stays(
    strip: CandidateStrip,
) -> None:
    for number in range(3):
        strip.add(f"c{number}", picture(), title="Joins well", seed=number * 10**9 + 3184)
    index = strip.list.model().index(1, 0)
    assert bool(index.data(ALIKE_ROLE))  # 3184, …3184: the first is short
    strip.remove("c0")
    assert not index.data(ALIKE_ROLE)
    strip.add("c3", picture(), title="Joins well", seed=10**9 + 3185)
    assert bool(index.data(ALIKE_ROLE))


def test_what_follows_what_goes(filled: CandidateStrip) -> None:
    assert filled.following(["c1"]) == "c2"
    assert filled.following(["c3"]) == "c2"
    assert filled.following(["c1", "c2", "c3"]) == "c0"
    assert filled.following(filled.ids()) == ""


def test_the_last_one_to_go_passes_the_keyboard_on(filled: CandidateStrip, qtbot: QtBot) -> None:
    gone = []
    filled.left.connect(lambda: gone.append(filled.ids()))
    filled.accept_button.setFocus()
    for number in range(4):
        assert gone == []
        filled.remove(f"c{number}")
    assert gone == [[]]


def test_removing_keeps_the_others(filled: CandidateStrip) -> None:
    filled.remove("c1")
    filled.remove("not-there")
    assert filled.ids() == ["c0", "c2", "c3"]
    assert [cell.number for cell in filled.cells] == [1, 3, 4]
    filled.add("c9", picture())
    assert filled.cells[3].number == 5
    filled.clear()
    assert filled.ids() == []


def test_the_same_id_twice_is_one(filled: CandidateStrip) -> None:
    filled.add("c0", picture(1))
    assert filled.ids().count("c0") == 1


def test_seed_menu(filled: CandidateStrip) -> None:
    chosen = heard(filled.seed_chosen)
    cell = filled.cells[2]
    cell.frames[0].seed = 2**32 - 1
    menu = filled.list.menu_of(cell)
    texts = {action.text(): action for action in menu.actions()}
    texts["Use seed 4294967295"].trigger()
    texts["Copy the seed"].trigger()
    assert chosen == [2**32 - 1]
    assert QGuiApplication.clipboard().text() == "4294967295"
    assert "seed 4294967295" in cell.caption()


def test_a_sequence_is_one_place_in_order_and_plays(strip: CandidateStrip, qtbot: QtBot) -> None:
    for position in (2, 0, 1):
        strip.add(f"m{position}", picture(80 * position), strip="morph", position=position)
    strip.add("single", picture())
    strip.show()
    assert len(strip.cells) == 2
    assert strip.ids() == ["m0", "m1", "m2", "single"]
    strip.select("m1")
    assert strip.selected_ids() == ["m0", "m1", "m2"]
    cell = strip.cells[0]
    qtbot.keyClick(strip.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: cell.shown == 2)
    qtbot.keyClick(strip.list, Qt.Key.Key_Space)
    assert not cell.playing
    strip.remove("m2")
    assert strip.ids() == ["m0", "m1", "single"]
    assert cell.shown <= 1


def test_the_play_button_is_where_it_is_drawn(strip: CandidateStrip, qtbot: QtBot) -> None:
    for position in range(2):
        strip.add(f"m{position}", picture(), strip="s", position=position)
    strip.show()
    QApplication.processEvents()
    place = strip.list.painter.play_place(strip.list.rect_of(0)).center()
    qtbot.mouseClick(strip.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert strip.cells[0].playing


def test_what_is_dragged_names_the_candidates(filled: CandidateStrip) -> None:
    filled.select("c0", "c2")
    assert filled._mime().data(MIME_TYPE).toStdString() == "c0\nc2"


def test_screen_readers_hear_number_and_seed(filled: CandidateStrip) -> None:
    index = filled.list.model().index(1, 0)
    text = filled.list.model().data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert "2" in text
    assert "41" in text


def test_what_grows_is_in_its_place_until_it_is_a_candidate(strip: CandidateStrip) -> None:
    strip.add_all([Frame("g1", Text("a"), grows=True), Frame("g2", Text("b"), grows=True)])
    strip.show()
    strip.select("g2")
    (first, second) = strip.cells
    assert second.caption() == "Being made…"
    strip.grab()
    former = there(strip.list.picture_of("g2")).toImage()
    strip.renew("g2", Frame("g2", Text("b and more of it"), grows=True))
    assert there(strip.list.picture_of("g2")).toImage() != former
    assert not strip._mime().formats()  # nothing that could be dropped on the board yet
    strip.renew("g2", Frame("c1", Text("b, whole"), seed=8))
    assert strip.ids() == ["g1", "c1"]
    assert strip.cells == [first, second]
    assert strip.selected_ids() == ["c1"]
    assert second.number == 2
    assert second.caption() == "seed 8"
    assert strip._mime().data(MIME_TYPE).data() == b"c1"
    strip.renew("unknown", Frame("c9", Text("x")))
    assert strip.ids() == ["g1", "c1"]
    wide = Image(np.full((20, 60), 9, np.uint8))
    strip.renew("g1", Frame("c2", wide))
    assert strip.list.painter.width >= first.width
