"""The Plugins window by mouse and keyboard: what is said of a plugin, and what can be done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dead_drive import Drive
from kinds import there
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from wheels import plugin_code, plugin_wheel, write_wheel

from aigc_studio.api import Progress
from aigc_studio.host import PluginRecord
from aigc_studio.host.badges import Badge
from aigc_studio.ui.labels import Label
from aigc_studio.ui.plugins.card import PluginCard
from aigc_studio.ui.plugins.install_dialog import InstallDialog
from aigc_studio.ui.plugins.new_dialog import NewPluginDialog
from aigc_studio.ui.plugins.window import PluginsWindow
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was to be shown by the system."""
    shown: list[str] = []

    def note(address: QUrl) -> bool:
        shown.append(address.toString())
        return True

    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", note)
    return shown


def press(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isEnabled()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def shown(window: StudioWindow, qtbot: QtBot) -> PluginsWindow:
    window.dialogs.show_plugins()
    plugins: PluginsWindow = there(window.dialogs.plugins)
    qtbot.waitExposed(plugins)
    return plugins


def card_of(plugins: PluginsWindow, name: str) -> PluginCard:
    return next(each for each in plugins.cards if each.record.source.name == name)


def state_of(plugins: PluginsWindow, name: str) -> str:
    found = [each for each in plugins.cards if each.record.source.name == name]
    return found[0].record.state if found else ""


def rest(window: StudioWindow, plugins: PluginsWindow, wait: Wait) -> None:
    """Wait until nothing is being looked at any more."""
    wait(lambda: window.studio.errands.under_way == 0 and plugins.reload.isEnabled())


def test_a_plugin_is_switched_off_and_on(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("echo")
    plugins = shown(window, qtbot)
    press(qtbot, card_of(plugins, "bars").buttons["switch"])
    wait(lambda: state_of(plugins, "bars") == "disabled")
    assert plugins.summary.text() == "7 plugins, 5 switched off"
    assert "switch" not in card_of(plugins, "rnn-text").buttons  # left out by the environment
    assert "bars" not in [there(each.description).id for each in window.studio.ready]
    assert card_of(plugins, "bars").buttons["switch"].text() == "Switch on"
    press(qtbot, card_of(plugins, "bars").buttons["switch"])
    wait(lambda: state_of(plugins, "bars") == "ready")
    rest(window, plugins, wait)


def test_a_damaged_list_of_those_switched_off_is_said_and_a_switch_mends_it(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, home: Path
) -> None:
    window = make_window("echo")
    list_of_them = home / "data" / "plugins.json"
    list_of_them.parent.mkdir(parents=True, exist_ok=True)
    list_of_them.write_text('{"off": ["ba')
    window.studio.refresh_plugins()
    wait(lambda: "only the studio's own run" in window.board_area.bar.text)
    plugins = shown(window, qtbot)
    for name in ("bars", "echo"):
        assert state_of(plugins, name) == "disabled"
        assert "is damaged" in card_of(plugins, name).record.reason
    press(qtbot, card_of(plugins, "echo").buttons["switch"])
    wait(lambda: state_of(plugins, "echo") == "ready")
    assert state_of(plugins, "bars") == "disabled"
    wait(lambda: "only the studio's own run" not in window.board_area.bar.text)
    assert list_of_them.with_name("plugins.json~").read_text() == '{"off": ["ba'
    rest(window, plugins, wait)


def test_a_plugin_is_removed_and_put_back(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, home: Path
) -> None:
    window = make_window("echo")
    plugins = shown(window, qtbot)
    file = home / "data" / "plugins" / "bars.py"
    press(qtbot, card_of(plugins, "bars").buttons["remove"])
    wait(lambda: state_of(plugins, "bars") == "")
    assert not file.exists()
    assert plugins.notice.text.text().endswith("Models that were trained with it stay.")
    press(qtbot, plugins.notice.undo)
    wait(lambda: state_of(plugins, "bars") == "ready")
    assert file.exists()
    assert not plugins.notice.isVisible()
    rest(window, plugins, wait)


def test_what_belongs_to_the_studio_is_not_removed(qtbot: QtBot) -> None:
    from aigc_studio.host.discovery import find_sources

    own = next(each for each in find_sources() if each.name == "rnn-text")
    card = PluginCard(PluginRecord(own, "ready"))
    qtbot.addWidget(card)
    assert set(card.buttons) == {"switch", "folder"}


def test_what_is_looked_for_is_shown_alone(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("echo")
    plugins = shown(window, qtbot)

    def names() -> set[str]:
        return {each.record.source.name for each in plugins.cards if each.isVisible()}

    everything = names()
    assert {"echo", "spans", "bars"} <= everything
    box = plugins.filters.medium
    box.setCurrentIndex(box.findData("melody"))
    assert names() == {"bars"}
    qtbot.keyClicks(plugins.search, "nothing of this kind")
    assert names() == set()
    assert plugins.nothing.isVisible()
    plugins.filters.clear()
    assert names() == everything
    states = plugins.filters.state
    states.setCurrentIndex(states.findData("disabled"))
    assert "bars" not in names()
    rest(window, plugins, wait)


def test_a_card_tells_whose_it_is_what_it_uses_and_what_was_measured(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], opened: list[str]
) -> None:
    record = next(
        each for each in make_window("echo").studio.registry.records if each.source.name == "echo"
    )
    about = replace(
        there(record.description),
        author="Ada <b>L.</b>", licence="MIT", homepage="https://ada.example",
        uses={"network": {"en": "asks for the weather", "zh": "问天气"}},
    )  # fmt: skip
    badges = [Badge("offline", False, 0.0), Badge("cancels", True, 0.0)]
    card = PluginCard(replace(record, description=about), badges=badges)
    qtbot.addWidget(card)
    card.resize(600, 400)
    lines = card.facts.text().splitlines()
    assert "Author: Ada <b>L.</b>" in lines
    assert "Licence: MIT" in lines
    assert "May use: the network: asks for the weather" in lines
    chips = [each for each in card.findChildren(QLabel) if each.text()[:1] in "✓✗" and each.text()]
    assert [each.text() for each in chips] == ["✓ Cancels at once", "✗ Works offline"]
    assert chips[0].toolTip().startswith(f"{badges[1].told}\nMeasured on ")
    assert all(isinstance(each, Label) or each.textFormat() is Qt.TextFormat.PlainText
               for each in card.findChildren(QLabel))  # fmt: skip
    press(qtbot, card.buttons["docs"])
    press(qtbot, card.buttons["folder"])
    assert opened == [
        "https://ada.example",
        QUrl.fromLocalFile(str(Path(record.source.path).parent)).toString(),
    ]
    silent = PluginCard(record)
    qtbot.addWidget(silent)
    assert "May use: Names nothing outside its own folder" in silent.facts.text().splitlines()
    assert "docs" not in silent.buttons


def test_an_address_that_is_no_page_is_not_opened(
    qtbot: QtBot, make_window: Callable[..., StudioWindow]
) -> None:
    record = next(iter(make_window("echo").studio.ready))
    about = replace(there(record.description), homepage="file:///etc/passwd")
    card = PluginCard(replace(record, description=about))
    qtbot.addWidget(card)
    assert "docs" not in card.buttons


def test_many_plugins_are_folded_and_opened_one_by_one(
    qtbot: QtBot, make_window: Callable[..., StudioWindow]
) -> None:
    record = next(iter(make_window("echo").studio.ready))
    about = replace(there(record.description), author="Ada", uses={"files": "reads poems"})
    many = [
        replace(
            record,
            description=replace(about, id=f"p{n}", title=f"Plugin {n:02}th"),
            source=replace(record.source, name=f"p{n}"),
        )
        for n in range(30)
    ]
    plugins = PluginsWindow()
    qtbot.addWidget(plugins)
    plugins.set_records(many)
    plugins.show()
    card = plugins.cards[7]
    assert not card.facts.isVisible()
    assert any(
        "Ada · no licence named · may use files" in each.text()
        for each in card.findChildren(QLabel)
    )
    press(qtbot, card.buttons["more"])
    assert "May use: files: reads poems" in card.facts.text().splitlines()
    assert card.facts.isVisible()
    qtbot.keyClicks(plugins.search, "poems 07th")  # its place has numbers as well
    assert [each.record.source.name for each in plugins.cards if each.isVisible()] == ["p7"]


# Installing


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which pip looks for names, and nowhere else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shelf"))
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def drop(plugins: PluginsWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    both = (
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(20, 20), *both)
    QApplication.sendEvent(plugins, enter)
    if enter.isAccepted():
        QApplication.sendEvent(plugins, QDropEvent(QPointF(20, 20), *both))


def dialog_of(plugins: PluginsWindow) -> InstallDialog:
    assert isinstance(plugins.dialog, InstallDialog)
    return plugins.dialog


def test_a_dropped_wheel_says_what_it_would_change_and_is_chosen_when_it_is_there(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    shelf: Path,
    plugin_names: Callable[..., None],
) -> None:
    window = make_window("echo")
    plugin_names("echo", "bars", "shouter")
    plugins = shown(window, qtbot)
    write_wheel(shelf, "small", "1.5", headers=["License: MIT"])
    wheel = plugin_wheel(shelf, requires=["small"], headers=["Author: Ada", "Summary: Louder"])
    drop(plugins, wheel)
    wait(lambda: plugins.dialog is not None)
    dialog = dialog_of(plugins)
    wait(lambda: dialog.plan.isVisible())
    told = dialog.plan.facts.text().splitlines()
    assert "Author: Ada" in told
    assert next(each for each in told if each.startswith("Comes with it: small 1.5 (")).endswith(
        "MIT)"
    )
    assert dialog.plan.title.text() == "aigc-shouter 1.0"
    press(qtbot, dialog.install)
    wait(lambda: state_of(plugins, "shouter") == "ready")
    wait(lambda: window.panel.generator() == "shouter")
    assert plugins.notice.text.text() == "aigc-shouter was installed."
    rest(window, plugins, wait)


def test_a_dialog_waits_for_no_step_and_the_status_bar_tells_of_the_network(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    shelf: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on, closed = threading.Event(), threading.Event()

    def slow(_installation: object) -> Iterator[Progress]:
        try:
            yield Progress(0, 0, "")
            go_on.wait(30)  # a step that takes long
            yield Progress(0, 0, "")
        finally:
            closed.set()

    monkeypatch.setattr("aigc_studio.host.packages.installing.Installation.prepare", slow)
    window = make_window("echo")
    plugins = shown(window, qtbot)
    assert window.status.network.text() == "Offline"
    plugins.ask_to_install(str(plugin_wheel(shelf)))
    wait(lambda: window.status.network.text() == "Fetching")
    press(qtbot, dialog_of(plugins).cancel)
    wait(lambda: plugins.dialog is None)
    assert not closed.is_set()
    go_on.set()
    wait(closed.is_set)
    wait(lambda: window.status.network.text() == "Offline")
    installed = shelf.parent / "主目录 é" / "data" / "installed"
    wait(lambda: not list(installed.glob(".run-*")))


def test_what_is_refused_is_said_in_place_with_its_way_out(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, shelf: Path
) -> None:
    window = make_window("echo")
    plugins = shown(window, qtbot)
    press(qtbot, plugins.install)
    dialog = dialog_of(plugins)
    assert not dialog.look_button.isEnabled()
    qtbot.keyClicks(dialog.wanted, "aigc-nowhere")
    press(qtbot, dialog.look_button)
    wait(lambda: dialog.error.isVisible())
    assert "There is no wheel of aigc-nowhere" in dialog.error.text()
    assert not dialog.environment.isVisible()
    dialog.wanted.setText(str(plugin_wheel(shelf, requires=["pluggy==0.1"])))
    assert not dialog.error.isVisible()
    press(qtbot, dialog.look_button)
    wait(lambda: dialog.environment.isVisible())
    assert "It requires pluggy==0.1" in dialog.error.text()
    assert not dialog.look_button.isEnabled()
    # A box takes presses on its mark and its words, not on all its width.
    left = QPoint(12, dialog.environment.height() // 2)
    qtbot.mouseClick(dialog.environment, Qt.MouseButton.LeftButton, pos=left)
    assert dialog.look_button.isEnabled()
    press(qtbot, dialog.cancel)
    wait(lambda: plugins.dialog is None)
    rest(window, plugins, wait)
    assert not list((shelf.parent / "主目录 é" / "data" / "installed").glob(".run-*"))


def test_a_project_is_built_when_that_is_agreed_to(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, tmp_path: Path
) -> None:
    plugins = shown(make_window("echo"), qtbot)
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("not toml = ")
    (project / "code.py").write_text(plugin_code())
    drop(plugins, project)
    wait(lambda: plugins.dialog is not None)
    dialog = dialog_of(plugins)
    wait(lambda: dialog.build.isVisible())
    assert "runs programs of its author" in dialog.error.text()
    assert not dialog.look_button.isEnabled()
    press(qtbot, dialog.cancel)
    wait(lambda: plugins.dialog is None)


def test_what_is_no_package_cannot_be_dropped(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], tmp_path: Path
) -> None:
    plugins = shown(make_window("echo"), qtbot)
    (tmp_path / "picture.png").touch()
    drop(plugins, tmp_path / "picture.png")
    assert plugins.dialog is None


def test_what_comes_from_a_drive_that_sleeps_is_taken_when_that_answers(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugins = shown(make_window("echo"), qtbot)
    drive = Drive(tmp_path / "drive", monkeypatch)
    (drive.folder / "project").mkdir()
    drive.unplug()
    drop(plugins, drive.folder / "project")
    wait(lambda: "does not answer" in plugins.notice.text.text())
    assert plugins.dialog is None
    drive.plug()
    wait(lambda: plugins.dialog is not None)
    dialog = dialog_of(plugins)
    assert dialog.wanted.text() == str(drive.folder / "project")
    assert not plugins.notice.isVisible()
    assert not drive.waited
    dialog.reject()


def test_of_what_came_from_a_drive_that_slept_and_is_no_plugin_that_is_said(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugins = shown(make_window("echo"), qtbot)
    drive = Drive(tmp_path / "drive", monkeypatch)
    (drive.folder / "picture.png").touch()
    drive.unplug()
    drop(plugins, drive.folder / "picture.png")
    wait(lambda: "does not answer" in plugins.notice.text.text())
    drive.plug()
    wait(lambda: plugins.notice.text.text() == "Nothing of what was dropped is a plugin.")
    assert plugins.notice.isVisible()


def test_a_drive_that_answers_takes_back_no_other_notice(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugins = shown(make_window("echo"), qtbot)
    drive = Drive(tmp_path / "drive", monkeypatch)
    (drive.folder / "project").mkdir()
    drive.unplug()
    drop(plugins, drive.folder / "project")
    wait(lambda: "does not answer" in plugins.notice.text.text())
    plugins.notice.say("Echo was removed.", "info", object())
    drive.plug()
    wait(lambda: plugins.dialog is not None)
    assert plugins.notice.text.text() == "Echo was removed."
    assert plugins.notice.undo.isVisible()
    dialog_of(plugins).reject()


def test_a_path_that_cannot_be_looked_at_keeps_no_plugin_away(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    plugin_names: Callable[..., None],
    home: Path,
    tmp_path: Path,
) -> None:
    window = make_window("echo")
    plugin_names("echo", "shouter")
    plugins = shown(window, qtbot)
    (tmp_path / "shouter.py").write_text(plugin_code("shouter"))
    # No system has a file of the first name: to ask for it raises what a broken drive raises.
    drop(plugins, tmp_path / ("long" * 100 + ".png"), tmp_path / "shouter.py")
    wait(lambda: state_of(plugins, "shouter") == "ready")
    rest(window, plugins, wait)


def test_a_dropped_file_is_a_plugin_at_once(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    plugin_names: Callable[..., None],
    tmp_path: Path,
) -> None:
    window = make_window("echo")
    plugin_names("echo", "shouter")
    plugins = shown(window, qtbot)
    (tmp_path / "shouter.py").write_text(plugin_code())
    drop(plugins, tmp_path / "shouter.py")
    wait(lambda: window.panel.generator() == "shouter")
    rest(window, plugins, wait)
    drop(plugins, tmp_path / "shouter.py")
    wait(lambda: "There is a shouter.py" in plugins.notice.text.text())


def test_a_dropped_folder_without_a_package_is_a_plugin_at_once(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    plugin_names: Callable[..., None],
    tmp_path: Path,
) -> None:
    window = make_window("echo")
    plugin_names("echo", "shouter")
    plugins = shown(window, qtbot)
    (tmp_path / "shouter").mkdir()
    (tmp_path / "shouter" / "__init__.py").write_text(plugin_code())
    drop(plugins, tmp_path / "shouter")
    wait(lambda: window.panel.generator() == "shouter")
    assert plugins.dialog is None
    rest(window, plugins, wait)


def test_of_several_files_all_plugins_are_taken_and_the_rest_is_named(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    plugin_names: Callable[..., None],
    home: Path,
    tmp_path: Path,
) -> None:
    window = make_window("echo")
    plugin_names("echo", "shouter", "twin")
    plugins = shown(window, qtbot)
    files = [tmp_path / f"{id}.py" for id in ("shouter", "twin")]
    for file in files:
        file.write_text(plugin_code(file.stem))
    (tmp_path / "picture.png").touch()
    drop(plugins, *files, tmp_path / "picture.png")
    wait(lambda: state_of(plugins, "shouter") == state_of(plugins, "twin") == "ready")
    assert plugins.notice.text.text().endswith(" “picture.png” is not a plugin: it was left out.")
    rest(window, plugins, wait)


def test_a_wheel_dropped_on_the_board_is_asked_about(
    make_window: Callable[..., StudioWindow], wait: Wait, shelf: Path
) -> None:
    window = make_window("echo")
    window.take_files([plugin_wheel(shelf)])
    wait(lambda: window.dialogs.plugins is not None)
    dialog = dialog_of(there(window.dialogs.plugins))
    wait(lambda: dialog.plan.isVisible())
    dialog.reject()


# A new one


def test_a_new_plugin_is_written_opened_and_chosen(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    plugin_names: Callable[..., None],
    home: Path,
    opened: list[str],
) -> None:
    window = make_window("echo")
    plugin_names("echo", "my_first")
    plugins = shown(window, qtbot)
    press(qtbot, plugins.new)
    dialog = plugins.dialog
    assert isinstance(dialog, NewPluginDialog)
    assert not dialog.make.isEnabled()
    qtbot.keyClicks(dialog.name, "My first")
    file = home / "data" / "plugins" / "my_first.py"
    assert dialog.place.text() == f"It becomes {file}, with the id my-first."
    press(qtbot, dialog.make)
    wait(lambda: window.panel.generator() == "my-first")
    assert opened == [QUrl.fromLocalFile(str(file)).toString()]
    assert plugins.notice.text.text() == "my_first.py is here, and yours to change."
    rest(window, plugins, wait)
    card = card_of(plugins, "my_first")
    edit = card.buttons["edit"]
    assert not edit.visibleRegion().isEmpty()  # scrolled to, below all the others
    press(qtbot, edit)
    assert opened == [QUrl.fromLocalFile(str(file)).toString()] * 2
    press(qtbot, plugins.new)
    again = plugins.dialog
    assert isinstance(again, NewPluginDialog)
    qtbot.keyClicks(again.name, "My first")
    press(qtbot, again.make)
    wait(again.error.isVisible)
    assert "my_first" in again.error.text() or "my-first" in again.error.text()
    again.reject()
    wait(lambda: plugins.dialog is None)
