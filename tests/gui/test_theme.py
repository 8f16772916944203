"""The look: roles as the look says, contrast, both schemes, one style sheet."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QTreeWidget,
    QTreeWidgetItem,
)
from pytestqt.qtbot import QtBot

from aigc_studio import translation
from aigc_studio.ui import style_sheet as sheets
from aigc_studio.ui import theme
from aigc_studio.ui.labels import ElidedLabel


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, "light")


def luminance(colour: QColor) -> float:
    parts = [value / 255 for value in (colour.red(), colour.green(), colour.blue())]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(qapp: QApplication, scheme: theme.Scheme) -> None:
    theme.apply(qapp, scheme)
    for ground in ("window", "surface", "canvas"):
        assert contrast(theme.colour("text"), theme.colour(ground)) >= 12.9
        assert contrast(theme.colour("muted"), theme.colour(ground)) >= 5.0
    for role in ("accent", "danger", "warning", "good", "badge_image", "badge_melody", "new"):
        assert contrast(theme.colour(role), theme.colour("surface")) >= 4.5, role
    assert contrast(theme.colour("on_accent"), theme.colour("accent")) >= 4.5


def test_dark_changes_palette_and_tells(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    with qtbot.waitSignal(theme.scheme_changed):
        theme.apply(qapp, "dark")
    assert theme.is_dark()
    assert theme.colour("window").name() == "#17191e"
    assert qapp.palette().window().color().name() == "#17191e"
    assert "#17191e" in qapp.styleSheet()


def test_what_is_worn_already_dresses_nothing_anew(qapp: QApplication, qtbot: QtBot) -> None:
    class Seen(QLabel):
        changes = 0

        def changeEvent(self, event: QEvent) -> None:
            self.changes += event.type() == QEvent.Type.StyleChange
            super().changeEvent(event)

    theme.apply(qapp, "light")
    label = Seen("words")
    qtbot.addWidget(label)
    label.show()
    before = label.changes
    theme.apply(qapp, "light")
    assert label.changes == before
    theme.apply(qapp, "dark")
    assert label.changes == before + 1  # by the sheet alone, not by the style as well


def test_system_is_light_where_the_system_does_not_say(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown
    theme.apply(qapp, "system")
    assert not theme.is_dark()


def test_unknown_role_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        theme.colour("pink")


def test_arrows_of_the_style_sheet_are_files(qapp: QApplication) -> None:
    from pathlib import Path

    theme.apply(qapp, "light")
    sheet = qapp.styleSheet()
    paths = [part.split('")')[0] for part in sheet.split('url("')[1:]]
    assert paths
    assert all(Path(path).is_file() for path in paths)


def test_body_is_13_pixels(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    assert qapp.font().pixelSize() == 13


def test_kinds_are_worn_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    label = QLabel("x")
    qtbot.addWidget(label)
    theme.set_kind(label, "error")
    label.resize(50, 20)
    label.show()
    label.ensurePolished()
    assert label.palette().color(label.foregroundRole()) == theme.colour("danger")


def test_rows_have_room_even_when_filled_before_shown(qtbot: QtBot) -> None:
    view = QListWidget()
    qtbot.addWidget(view)
    theme.set_row_height(view, 26)
    view.addItems(["one", "two"])
    view.resize(200, 100)
    view.show()
    first, second = (view.visualItemRect(view.item(n)) for n in (0, 1))
    assert first.height() >= 26
    assert second.top() >= first.bottom()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_selected_row_of_a_tree_is_of_one_colour(
    qtbot: QtBot, qapp: QApplication, scheme: theme.Scheme
) -> None:
    theme.apply(qapp, scheme)
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    top = QTreeWidgetItem(["folder"])
    child = QTreeWidgetItem(["file"])
    top.addChild(child)
    tree.addTopLevelItem(top)
    tree.expandAll()
    tree.resize(300, 120)
    tree.show()
    tree.setCurrentItem(child)
    row = tree.visualItemRect(child).translated(tree.viewport().pos())
    picture = tree.grab().toImage()
    branch, words = (picture.pixelColor(x, row.center().y()) for x in (8, row.right() - 20))
    assert contrast(branch, words) < 1.2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_field_would_like_is_fainter_while_nothing_can_be_typed(
    qapp: QApplication, qtbot: QtBot, scheme: theme.Scheme
) -> None:
    theme.apply(qapp, scheme)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setPlaceholderText("MMMM")
    field.resize(120, 30)
    field.show()

    def strongest() -> float:
        """How far the letters stand out from the ground."""
        seen = field.grab(field.rect().adjusted(9, 6, -9, -6)).toImage()
        ground = luminance(seen.pixelColor(0, 0))
        places = [(x, y) for x in range(seen.width()) for y in range(seen.height())]
        return max(abs(luminance(seen.pixelColor(x, y)) - ground) for x, y in places)

    usual = strongest()
    field.setEnabled(False)
    assert 0 < strongest() < usual


@pytest.mark.parametrize(("language", "weight"), [("en", 600), ("zh_CN", 700)])
def test_a_line_of_both_scripts_is_equally_heavy(
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    weight: int,
) -> None:
    """Of a semibold, Chinese faces that have none show their normal weight; a bold is made up."""
    monkeypatch.setattr(translation, "_language", language)
    theme.apply(qapp, "dark")
    assert theme.title_font().weight().value == weight
    label = QLabel("我的 GAN 数字")
    qtbot.addWidget(label)
    theme.set_kind(label, "title")
    label.ensurePolished()
    assert label.font().weight().value == weight


def test_a_name_with_no_room_is_not_an_ellipsis(qtbot: QtBot) -> None:
    name = ElidedLabel("茉莉花")
    qtbot.addWidget(name)
    name.resize(name.fontMetrics().horizontalAdvance("…") + 4, 20)
    assert name.shown_text() == ""
    name.resize(name.sizeHint())
    assert name.shown_text() == "茉莉花"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such folders")
@pytest.mark.parametrize("name", ["a\nb", "a\udcff", "a\\b"])
def test_a_home_that_no_style_sheet_can_name_has_a_sheet_without_arrows(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Else Qt throws the whole sheet away."""
    monkeypatch.setattr(sheets, "_folder", lambda: tmp_path / name)
    sheet = sheets.style_sheet()
    assert set(re.findall(r"url\(([^)]*)\)", sheet)) == {'""'}
    monkeypatch.setattr(sheets, "_folder", lambda: tmp_path / "a b")
    assert '""' not in re.findall(r"url\(([^)]*)\)", sheets.style_sheet())
