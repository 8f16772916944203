"""In any window: a plugin whose file changed is read anew, and one that breaks keeps its choice."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.host import PluginSource
from aigc_studio.host.stamps import digest
from aigc_studio.ui.authoring.renewal import Renewal
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]

CODE = """
from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="wordy", title="Wordy", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text(f"first {request.seed}"))
"""


@pytest.fixture
def file(home: Path) -> Path:
    return home / "data" / "plugins" / "wordy.py"


@pytest.fixture
def studio(
    qtbot: QtBot,
    file: Path,
    plugin_names: Callable[..., None],
    add_plugins: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Studio]:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    plugin_names("wordy", "echo")
    add_plugins("echo")
    file.write_text(CODE, "utf-8")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()
    studio.settings.save()


@pytest.fixture
def window(make_window: Callable[..., StudioWindow]) -> StudioWindow:
    window = make_window("wordy")
    window.panel.use_seed(4)
    return window


def _texts(window: StudioWindow) -> list[str]:
    store = window.studio.project.store
    found = (store.get(each.content) for each in window.session.waiting)
    return [each.value for each in found if isinstance(each, Text)]


def _come_back(window: StudioWindow) -> None:
    """From an editor, say."""
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))


def _generate(qtbot: QtBot, window: StudioWindow) -> None:
    qtbot.waitUntil(window.panel.run_action.isEnabled, timeout=40_000)  # what was made has ended
    qtbot.keyClick(window.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_next_generate_runs_the_code_as_it_is_now_without_a_word(
    qtbot: QtBot, window: StudioWindow, file: Path, wait: Wait
) -> None:
    said: list[object] = []
    window.studio.told.connect(lambda *words: said.append(words))
    _generate(qtbot, window)
    wait(lambda: _texts(window) == ["first 4"])
    file.write_text(CODE.replace("first", "second"), "utf-8")
    _generate(qtbot, window)
    wait(lambda: _texts(window) == ["first 4", "second 4"])
    assert said == []
    assert not window.panel.bar.isVisible()


def test_what_another_window_adds_removes_or_switches_off_is_seen_with_the_focus(
    window: StudioWindow, file: Path, plugin_names: Callable[..., None], wait: Wait
) -> None:
    from aigc_studio.host.switches import switch

    def ids() -> set[str]:
        return {each.description.id for each in window.studio.ready if each.description}

    plugin_names("wordy", "echo", "other")
    assert ids() == {"wordy", "echo"}
    other = file.with_name("other.py")
    other.write_text(CODE.replace("wordy", "other"), "utf-8")
    _come_back(window)
    wait(lambda: ids() == {"wordy", "echo", "other"})
    assert window.studio.registry.is_current()
    switch("echo", on=False)
    _come_back(window)
    wait(lambda: ids() == {"wordy", "other"})
    other.unlink()
    wait(lambda: not window.studio.errands.under_way)
    _come_back(window)
    wait(lambda: ids() == {"wordy"})


def test_another_code_is_due_until_it_is_read_however_often_it_is_asked_for(
    window: StudioWindow, file: Path, wait: Wait
) -> None:
    renewal = window.studio.renewal
    file.write_text(CODE.replace("first", "second"), "utf-8")
    source = renewal.due("wordy")
    assert source is not None
    assert renewal.due("wordy") == source
    renewal.renew(source)
    wait(lambda: not renewal.is_reading(source))
    assert renewal.due("wordy") is None


def test_what_is_written_while_it_is_looked_at_is_not_missed(
    window: StudioWindow, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest_late(source: PluginSource) -> str:
        file.write_text(CODE.replace("first", "second"), "utf-8")
        return digest(source)

    monkeypatch.setattr("aigc_studio.host.stamps.digest", digest_late)
    renewal = Renewal(window.studio)
    assert renewal.due("wordy") is not None
    assert renewal.due("wordy") is not None


def test_what_is_described_anew_is_shown_when_the_person_comes_back(
    window: StudioWindow, file: Path, wait: Wait
) -> None:
    file.write_text(CODE.replace('"Wordy"', '"Wordier"'), "utf-8")
    _come_back(window)
    combo = window.panel.generators.combo
    wait(lambda: combo.currentText() == "Wordier")
    assert window.panel.generator() == "wordy"


@pytest.mark.parametrize("way", ["look", "scan"])
def test_a_broken_one_keeps_the_choice_says_why_and_comes_back(
    qtbot: QtBot, window: StudioWindow, file: Path, wait: Wait, way: str
) -> None:
    panel = window.panel
    notice = _come_back if way == "look" else lambda window: window.studio.refresh_plugins()
    panel.middle.generate_page.prompt.setPlainText("typed")
    file.write_text(CODE + "\nimport no_such_module\n", "utf-8")
    notice(window)
    wait(panel.bar.isVisible)
    assert "No module named 'no_such_module'" in panel.bar.text()
    assert "wordy.py, line 14" in panel.bar.text()
    assert panel.generator() == "wordy"
    assert not panel.middle.isEnabled()
    _generate(qtbot, window)  # it says why, and nothing is asked for
    assert "no_such_module" in panel.bar.text()
    assert window.studio.jobs.jobs == []
    file.write_text(CODE, "utf-8")
    notice(window)
    wait(lambda: not panel.bar.isVisible())
    assert panel.middle.isEnabled()
    assert panel.middle.generate_page.prompt.toPlainText() == "typed"
    _generate(qtbot, window)
    wait(lambda: _texts(window) == ["first 4"])


def test_one_that_broke_before_the_start_is_still_known_by_its_name(
    window: StudioWindow, file: Path, wait: Wait
) -> None:
    file.write_text(CODE + "\nimport no_such_module\n", "utf-8")
    _come_back(window)
    wait(window.panel.bar.isVisible)
    again = Studio()
    for _time in range(2):
        (record,) = [each for each in again.registry.records if each.source.name == "wordy"]
        assert (record.state, record.line) == ("failed", 14)
        assert record.description is not None
        assert record.description.id == "wordy"
        again.registry.refresh()
    again.close()


def test_other_generators_can_still_be_chosen_while_one_is_broken(
    window: StudioWindow, file: Path, wait: Wait
) -> None:
    file.write_text("import no_such_module\n", "utf-8")
    _come_back(window)
    wait(window.panel.bar.isVisible)
    window.panel.choose("echo")
    assert window.panel.middle.isEnabled()
    assert not window.panel.bar.isVisible()
    assert window.panel.generators.combo.count() == 2
