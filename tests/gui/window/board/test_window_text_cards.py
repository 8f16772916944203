"""Text as a first-class thing: words found, the new part seen, small cards, verse, counts."""

from collections.abc import Callable, Iterator

import pytest
from gui.pixels import how_near
from kinds import there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Span, StudioError, Text
from aigc_studio.project import ContentStore, Item, commands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import natural_size
from aigc_studio.ui.canvas.items.verse import is_verse
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.board.finding import Finding, places_of
from aigc_studio.ui.window.board.text_facts import Facts

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
POEM = "秋水长天一色苍，\n孤帆远影入斜阳。\n故人不见江南路，\n独倚高楼夜夜霜。"
KING = "The king and his Men, the men of the king."


@pytest.fixture
def studio(
    qtbot: QtBot, add_plugins: Callable[..., None], plugin_names: Callable[..., None]
) -> Iterator[Studio]:
    """A Studio that knows the plugin picks, which can shout a part of a text."""
    plugin_names("picks")
    add_plugins("picks")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()
    studio.settings.save()


@pytest.fixture
def window(make_window: MakeWindow) -> StudioWindow:
    return make_window("picks", (1280, 800))


def put(window: StudioWindow, text: str, height: float = 120.0) -> TextItem:
    """A text on the board, selected, with the keyboard on the canvas."""
    project = window.studio.project
    board, content = project.board, project.store.put(Text(text))
    item = Item(board.new_ids(1)[0], "item", content, 0.0, 0.0, 420.0, height)
    assert window.studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.actual_size()
    view.select([item.id])
    view.setFocus()
    card = view.board_scene.item(item.id)
    assert isinstance(card, TextItem)
    return card


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    keyboard = QApplication.focusWidget()
    assert keyboard is not None
    QTest.keyClick(keyboard, key, modifiers)


def find(window: StudioWindow, words: str, wait: Wait) -> Finding:
    press(Qt.Key.Key_F, CTRL)
    finding = window.board_area.finding
    assert finding.bar.bar.isVisible()
    assert QApplication.focusWidget() is finding.bar.words
    QTest.keyClicks(finding.bar.words, words)
    wait(lambda: bool(finding.bar.count.text()))
    return finding


class TestFinding:
    def test_the_bar_lies_on_neither_the_text_nor_its_name(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        put(window, KING)
        bar = find(window, "king", wait).bar.bar
        view = window.board_area.view
        (item,) = view.board_scene.chosen()
        handles = view.overlay.handles()
        tag = view.overlay._tag_place(item, handles, chosen=True).toAlignedRect()
        covered = bar.geometry().translated(-view.viewport().pos())
        assert not covered.intersects(tag | view.to_view_rect(item.sceneBoundingRect()).toRect())

    def test_words_are_found_one_after_another_and_round(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        card = put(window, KING)
        finding = find(window, "king", wait)
        wait(lambda: finding.bar.count.text() == "1 of 2")
        assert card.span == Span(4, 8)
        press(Qt.Key.Key_Return)
        assert card.span == Span(37, 41)
        assert finding.bar.count.text() == "2 of 2"
        press(Qt.Key.Key_Return)
        assert card.span == Span(4, 8)
        press(Qt.Key.Key_Return, SHIFT)
        assert card.span == Span(37, 41)
        press(Qt.Key.Key_Escape)
        assert finding.bar.bar.isHidden()
        assert window.board_area.view.hasFocus()
        assert card.span == Span(37, 41)  # what was found is there to be worked on
        wait(lambda: window.board_area.verbs.isVisible())

    def test_capitals_count_when_that_is_wanted(self, window: StudioWindow, wait: Wait) -> None:
        put(window, KING)
        finding = find(window, "men", wait)
        wait(lambda: finding.bar.count.text() == "1 of 2")
        QTest.mouseClick(finding.bar.case, LEFT)
        wait(lambda: finding.bar.count.text() == "1 of 1")
        finding.bar.words.setText("nobody")
        wait(lambda: finding.bar.count.text() == "Not found")
        assert not finding.bar.forth.isEnabled()

    def test_who_was_writing_goes_on_writing(self, window: StudioWindow, wait: Wait) -> None:
        card = put(window, KING)
        window.board_area.view.write(card.id)
        QTest.keyClicks(window.board_area.view.viewport(), " Long")
        find(window, "long", wait)
        wait(lambda: card.span == Span(len(KING) + 1, len(KING) + 5))
        press(Qt.Key.Key_Escape)
        assert card.writing is not None
        assert card.writing.selected() == Span(len(KING) + 1, len(KING) + 5)

    def test_a_long_text_scrolls_to_what_is_found(self, window: StudioWindow, wait: Wait) -> None:
        text = "word after word\n" * 40_000 + "the needle\n" + "word after word\n" * 30_000
        card = put(window, text, 300.0)
        finding = find(window, "needle", wait)
        wait(lambda: finding.bar.count.text() == "1 of 1")
        assert card.page is not None
        assert card.page.caret(card.span.stop if card.span else 0) is not None
        window.board_area.view.select([])
        assert finding.bar.bar.isHidden()

    def test_without_a_text_it_says_what_to_do(self, window: StudioWindow) -> None:
        assert not window.actions_by_name["find"].isEnabled()

    def test_other_words_are_put_in_one_place_after_another(
        self, window: StudioWindow, studio: Studio, wait: Wait
    ) -> None:
        card = put(window, KING)
        finding = find(window, "king", wait)
        wait(lambda: finding.bar.count.text() == "1 of 2")
        assert not finding.bar.other.isVisible()
        QTest.mouseClick(finding.bar.more, LEFT)
        assert QApplication.focusWidget() is finding.bar.other
        finding.bar.other.setText("queen 👑")
        press(Qt.Key.Key_Return)
        wait(lambda: finding.bar.count.text() == "1 of 1" and card.span == Span(40, 44))
        assert card.value == "The queen 👑 and his Men, the men of the king."
        press(Qt.Key.Key_Return)
        wait(lambda: finding.bar.count.text() == "Not found")
        assert card.value == "The queen 👑 and his Men, the men of the queen 👑."
        assert not finding.bar.all.isEnabled()
        press(Qt.Key.Key_Return)  # nothing is left, and nothing happens
        assert len(studio.project.history) == 3
        studio.history.stack.undo()
        wait(lambda: finding.bar.count.text() == "1 of 1")
        press(Qt.Key.Key_Escape)
        assert finding.bar.bar.isHidden()

    def test_all_are_one_step_and_shorter_words_as_well(
        self, window: StudioWindow, studio: Studio, wait: Wait
    ) -> None:
        card = put(window, KING)
        press(Qt.Key.Key_F, CTRL | SHIFT)
        finding = window.board_area.finding
        assert finding.bar.other.isVisible()
        assert QApplication.focusWidget() is finding.bar.words
        QTest.keyClicks(finding.bar.words, "MEN")
        wait(lambda: finding.bar.count.text() == "1 of 2")
        QTest.mouseClick(finding.bar.all, LEFT)
        wait(lambda: card.value == "The king and his , the  of the king.")
        assert "2 matches were replaced." in window.board_area.bar.text
        assert len(studio.project.history) == 2
        studio.history.stack.undo()
        wait(lambda: finding.bar.count.text() == "1 of 2")
        assert card.value == KING

    def test_what_is_looked_for_by_now_is_not_replaced_where_the_former_words_were(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        card = put(window, KING)
        finding = find(window, "king", wait)
        wait(lambda: finding.bar.count.text() == "1 of 2")
        finding.bar.words.setText("men")
        finding.bar.replaced_all.emit()  # before it was looked for
        assert card.value == KING
        wait(lambda: card.span == Span(17, 20))

    @pytest.mark.parametrize("text", [KING, KING + " And so on." * 20_000])
    def test_what_cannot_be_kept_is_not_said_to_be_replaced(
        self, window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        card = put(window, text)
        finding = find(window, "men", wait)
        wait(lambda: finding.bar.count.text() == "1 of 2")
        said: list[str] = []
        monkeypatch.setattr(window.studio, "say", lambda words, **_more: said.append(words))
        refused: list[str] = []
        scene = window.board_area.view.board_scene
        scene.refused.connect(refused.append)
        scene.edits.edit_ended.connect(lambda _edit: refused.append(""))

        def full(_store: object, _artifact: object) -> None:
            raise StudioError("There is no room.")

        monkeypatch.setattr(ContentStore, "put", full)
        finding.bar.replaced_all.emit()
        wait(lambda: bool(refused))
        assert not [words for words in said if "replaced" in words]
        assert card.value == text

    def test_all_means_all_however_many_there_are(
        self, window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("aigc_studio.ui.window.board.finding.MOST", 2)
        card = put(window, "a b a b a b a b a")
        finding = find(window, "a", wait)
        wait(lambda: finding.bar.count.text() == "1 of 2")
        finding.bar.other.setText("c")
        finding.bar.replaced_all.emit()
        wait(lambda: card.value == "c b c b c b c b c")
        wait(lambda: "5 matches were replaced." in window.board_area.bar.text)

    def test_places_keep_to_code_points(self) -> None:
        assert places_of("ß 😀 SS 😀", "😀", case=False) == [(2, 3), (7, 8)]
        assert places_of("a.b", ".", case=True) == [(1, 2)]
        assert places_of("anything", "", case=True) == []


def shout(window: StudioWindow, card: TextItem, span: Span, count: int, wait: Wait) -> None:
    """Have a part of a text rewritten, some times."""
    view, panel = window.board_area.view, window.panel
    view.board_scene.set_part(card.id, span)
    window.studio.settings.remember({"count": count}, "count", "picks")
    wait(lambda: any(verb.operation.id == "shout" for verb in panel.editing.verbs()))
    panel.middle.count.setValue(count)
    verb = next(verb for verb in panel.editing.verbs() if verb.operation.id == "shout")
    panel.editing.do(verb)
    wait(lambda: window.board_area.strip.count == count and not window.session.is_busy)
    wait(lambda: view.stage.item is not None)


class TestNewPart:
    def test_it_is_marked_in_the_candidate_and_coloured_in_the_strip(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        text = "quiet words of a long text, line after line. " * 60
        card = put(window, text, 400.0)
        shout(window, card, Span(1500, 1520), 2, wait)
        staged = window.board_area.view.stage.item
        assert isinstance(staged, TextItem)
        assert staged.span == Span(1500, 1520)
        window.board_area.staging.deciding.step(1)
        wait(lambda: staged.span == Span(1500, 1521))
        strip = window.board_area.strip
        cell = strip.list.model().index(0, 0).data(int(Qt.ItemDataRole.UserRole))
        glimpse = there(window.session.glimpse(cell.frame.id))
        assert glimpse.part == Span(1500, 1520)
        assert isinstance(glimpse.artifact, Text)
        new = there(glimpse.new)
        assert glimpse.artifact.value[new.start : new.stop] == text[1500:1520].upper()
        drawn = strip.list.painter.pictures.of(cell.frame, 1.0)
        assert drawn is not None
        assert has_colour(drawn.toImage(), "new")

    def test_all_new_texts_have_no_colour(self, window: StudioWindow) -> None:
        from PySide6.QtCore import QSize

        from aigc_studio.ui.artifact_pictures import picture

        for text in (POEM, KING, "", "x" * 5000):
            assert not has_colour(picture(Text(text), QSize(140, 84)).toImage(), "new")


def test_a_small_picture_breaks_verse_where_it_pauses() -> None:
    from aigc_studio.ui.candidates.text_picture import _in_half_lines

    couplet = "春云惊雨雨，夏叶满青山。\u2028秋雨蝉声尽，冬来晚步闲。"
    assert _in_half_lines(couplet, 1000) == couplet
    assert _in_half_lines(couplet, 120).split("\u2028") == [
        "春云惊雨雨，", "夏叶满青山。", "秋雨蝉声尽，", "冬来晚步闲。"
    ]  # fmt: skip
    alone = "秋水长天一色苍，\u2028孤帆远影入斜阳。"
    assert _in_half_lines(alone, 60) == alone  # nothing comes after the pause


def has_colour(image: QImage, role: str) -> bool:
    return bool((how_near(image, theme.colour(role)).sum(axis=-1) < 24).any())


class TestSize:
    def test_a_name_is_a_small_card_and_all_names_are_as_high(self, qapp: QApplication) -> None:
        sizes = [natural_size(name, 320.0) for name in ("Io", "Alvira", "Bartholomew", "王维")]
        assert len({height for _width, height in sizes}) == 1
        assert sizes[0][1] < 64
        assert all(width < 160 for width, _height in sizes)
        assert sizes[2][0] > sizes[1][0]

    def test_prose_is_as_wide_as_ever(self, qapp: QApplication) -> None:
        assert natural_size("word " * 100, 320.0)[0] == 320.0
        assert natural_size("word " * 20_000, 320.0)[0] == 320.0

    def test_verse_is_set_in_the_middle_and_larger(self, window: StudioWindow) -> None:
        card = put(window, POEM, 200.0)
        block = card.document.firstBlock()
        assert block.blockFormat().alignment() & Qt.AlignmentFlag.AlignHCenter
        width, _height = natural_size(POEM, 320.0)
        assert width < 320
        # A caret is where it is drawn.
        assert card.caret_line() is None
        window.board_area.view.board_scene.set_part(card.id, Span(2, 2))
        line = card.caret_line()
        assert line is not None
        assert card.position_at(line.center()) == 2
        assert 120 < line.x1() < 210  # in the middle of 420

    @pytest.mark.parametrize(
        ("text", "verse"),
        [
            (POEM, True),
            ("白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。", True),
            ("千山鸟飞绝\n万径人踪灭\n孤舟蓑笠翁\n独钓寒江雪", True),
            ("今天去买菜。\n明天我们一起去公园散步。", False),
            ("abcde\nfghij", False),
            ("一行", False),
            ("", False),
            ("红\n黄\n蓝", False),
        ],
    )
    def test_what_verse_is(self, text: str, verse: bool) -> None:
        assert is_verse(text) is verse


class TestCounts:
    def test_the_status_bar_counts_the_text_and_what_is_marked(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        card = put(window, KING + "\nNext line")
        tip = window.status.tip
        wait(lambda: tip.text() == "51 characters · 12 words · 2 lines")
        window.board_area.view.board_scene.set_part(card.id, Span(0, 8))
        wait(lambda: tip.text() == "Marked: 8 characters · 2 words")
        window.board_area.view.write(card.id)
        press(Qt.Key.Key_End)
        QTest.keyClicks(window.board_area.view.viewport(), " too")
        wait(lambda: "characters · 13 words" in tip.text())
        window.board_area.view.select([])
        wait(lambda: tip.text() == "")

    def test_a_long_text_is_counted_beside_the_window(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        put(window, "word after word\n" * 60_000, 300.0)
        wait(lambda: window.status.tip.text().startswith("900,000 characters · 180,000 words"))

    def test_chinese_has_no_words(self) -> None:
        assert Facts.of(POEM) == Facts(32, 0, 4)
        assert Facts.of("") == Facts(0, 0, 0)


def characters_of(text: str) -> set[int]:
    """The borders of characters as they are seen, code points."""
    import regex

    return {0, *(each.end() for each in regex.finditer(r"\X", text))}


class TestCharacters:
    WHOLE = "a👨‍👩‍👧‍👦b e\u0301 🇨🇳 कि n\u0303o\u0308 👍🏽 한"

    def test_the_pointer_never_marks_a_part_of_a_character(self, window: StudioWindow) -> None:
        card = put(window, self.WHOLE)
        borders = characters_of(self.WHOLE)
        found = {card.position_at(QPointF(x / 2, 26)) for x in range(840)}
        assert found <= borders
        assert len(found) > 8

    def test_arrows_and_backspace_keep_characters_whole(self, window: StudioWindow) -> None:
        card = put(window, self.WHOLE)
        borders = characters_of(self.WHOLE)
        view = window.board_area.view
        view.write(card.id)
        press(Qt.Key.Key_Home)
        assert card.writing is not None
        for _step in range(len(borders) - 1):
            press(Qt.Key.Key_Right, SHIFT)
            span = card.writing.selected()
            assert {span.start, span.stop} <= borders
        assert span == Span(0, len(self.WHOLE))

    def test_three_clicks_take_the_paragraph(self, window: StudioWindow) -> None:
        card = put(window, "first line of words\nsecond line of words")
        view = window.board_area.view
        at: QPoint = view.mapFromScene(card.mapToScene(QPointF(60, 26)))
        QTest.mouseDClick(view.viewport(), LEFT, pos=at)
        assert card.writing is not None
        assert card.writing.selected() == Span(6, 10)
        QTest.mouseClick(view.viewport(), LEFT, pos=at)
        assert card.writing.selected() == Span(0, 19)
