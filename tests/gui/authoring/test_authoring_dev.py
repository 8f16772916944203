"""A window for a plugin that is being written: it follows its file, whatever editors do to it."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kinds import there
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import GenerateRequest, deprecations
from aigc_studio.host.plugin_files import source_at
from aigc_studio.jobs import JobQueue, JobState
from aigc_studio.project import commands
from aigc_studio.ui.authoring.development import Development
from aigc_studio.ui.labels import Label
from aigc_studio.ui.plugins.card import PluginCard
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]

CODE = """
from aigc_studio.api import Candidate, Description, Operation, Parameters, Text, hookimpl, parameter


class Words(Parameters):
    length: int = parameter(4, "Length", minimum=1, maximum=90)
    loud: bool = parameter(False, "Loud")


@hookimpl
def describe():
    return Description(
        id="wordy", title="Wordy", medium=Text,
        operations=(
            Operation(id="write", verb="generate", title="Write", prompt="optional",
                      parameters=Words),
        ),
    )


@hookimpl
def generate(request):
    for n in range(request.count):
        yield Candidate(Text(f"first {request.seed + n} " + "o" * request.parameters.length))
"""


class Author:
    """Somebody with a plugin, an editor, and this window."""

    def __init__(self, window: StudioWindow, file: Path, **wishes: Any) -> None:
        source = source_at(file)
        assert source is not None
        self.window, self.file = window, file
        self.development = Development(window, source, **wishes)
        self.band, self.panel = self.development.band, window.panel

    def save(self, code: str) -> None:
        """As most editors do: another file takes the place of the one there was."""
        beside = self.file.with_name(".wordy.py.swp~")
        beside.write_text(code, "utf-8")
        os.replace(beside, self.file)

    def overwrite(self, code: str) -> None:
        """As others do: the file itself is emptied and written."""
        self.file.write_text(code, "utf-8")

    def texts(self) -> list[str]:
        """What is on the strip."""
        session = self.window.session
        store = self.window.studio.project.store
        return [str(getattr(store.get(each.content), "value", "")) for each in session.waiting]


@pytest.fixture
def studio(
    qtbot: QtBot, home: Path, plugin_names: Callable[..., None], add_plugins: Callable[..., None]
) -> Iterator[Studio]:
    plugin_names("wordy", "echo")
    add_plugins("echo")
    (home / "data" / "plugins" / "wordy.py").write_text(CODE, "utf-8")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()
    studio.settings.save()


@pytest.fixture
def author(
    make_window: Callable[..., StudioWindow],
    home: Path,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> Author:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    author = Author(make_window("wordy"), home / "data" / "plugins" / "wordy.py")
    wait(lambda: author.development.watch._mark != "")
    return author


def test_the_window_is_about_one_plugin_and_says_so(author: Author) -> None:
    window = author.window
    assert "developing wordy.py" in window.windowTitle()
    assert author.band.isVisible()
    assert author.band.title.text() == "Developing wordy.py"
    assert author.band.state.text().startswith("Read at")
    combo = author.panel.generators.combo
    assert [combo.itemText(n) for n in range(combo.count())] == ["Wordy"]


def test_all_others_are_there_when_they_are_asked_for(
    make_window: Callable[..., StudioWindow], home: Path
) -> None:
    author = Author(make_window("wordy"), home / "data" / "plugins" / "wordy.py", everything=True)
    combo = author.panel.generators.combo
    assert "Echo" in [combo.itemText(n) for n in range(combo.count())]
    assert author.panel.generator() == "wordy"


@pytest.mark.parametrize("way", ["save", "overwrite"])
def test_a_save_brings_the_new_form_and_keeps_values_choice_and_board(
    qtbot: QtBot, author: Author, wait: Wait, way: str
) -> None:
    window, panel = author.window, author.panel
    board, store = window.studio.project.board, window.studio.project.store
    from aigc_studio.api import Text
    from aigc_studio.project import Item

    item = Item(board.new_ids(1)[0], "Kept", store.put(Text("kept")), 0, 0, 80, 80)
    window.studio.do(commands.add_items(board, [item]))
    panel.set_verb("generate")
    page = panel.middle.generate_page
    page.form.rows["length"].set_value(7)
    page.form.rows["loud"].set_value(True)
    panel.use_seed(5)
    qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: author.texts() == ["first 5 ooooooo"])
    new = CODE.replace("first", "second").replace('"Length", minimum=1, maximum=90', '"How long"')
    getattr(author, way)(
        new.replace("    loud: bool", '    mood: str = parameter("", "Mood")\n    loud: bool')
    )
    wait(lambda: "Reloaded" in author.band.state.text())
    page = panel.middle.generate_page
    assert list(page.form.rows) == ["length", "mood", "loud"]
    assert page.form.values() == {"length": 7, "mood": "", "loud": True}
    assert panel.generator() == "wordy"
    assert board.items == (item,)
    assert author.texts() == ["first 5 ooooooo"]
    qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: author.texts() == ["first 5 ooooooo", "second 5 ooooooo"])


def test_the_worker_of_before_is_gone_and_the_new_one_is_warm(author: Author, wait: Wait) -> None:
    pool = author.window.studio.jobs.pool
    author.development.reload()
    # One that ends may be there a moment longer.
    wait(lambda: "Reloaded" in author.band.state.text() and len(pool._idle) == 1)
    (former,) = pool._idle
    author.save(CODE.replace("first", "second"))
    wait(lambda: former not in pool._idle and len(pool._idle) == 1)
    wait(lambda: not former.process.alive)
    # What is warm is what was read last: the window hears of it a moment after the pool has it.
    wait(lambda: pool.is_warm(there(author.development.record)))


def test_a_touch_reloads_nothing(author: Author, qtbot: QtBot, wait: Wait) -> None:
    began: list[object] = []
    author.window.studio.renewal.began.connect(began.append)
    mark = author.development.watch._mark
    os.utime(author.file, ns=(1, 1))
    wait(lambda: author.development.watch._mark != mark)
    (author.file.parent / "neighbour.txt").write_text("beside it")
    qtbot.wait(150)
    assert began == []


def test_a_broken_file_is_a_red_line_with_its_place_and_the_panel_waits(
    qtbot: QtBot, author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, int, str]] = []
    monkeypatch.setattr(
        "aigc_studio.ui.authoring.development.open_in_editor",
        lambda *words: not opened.append(words),  # type: ignore[func-returns-value]
    )
    panel, fault = author.panel, author.band.fault
    panel.middle.generate_page.form.rows["length"].set_value(9)
    author.save(CODE.replace("yield Candidate(", "yield Candidate(("))
    wait(fault.isVisible)
    line = CODE.splitlines().index("    for n in range(request.count):") + 2
    assert fault.place.text() == f"wordy.py, line {line}"
    assert "SyntaxError: '(' was never closed" in fault.sentence.text()
    assert fault.code.text().startswith("yield Candidate((Text(")
    assert author.band.state.text().startswith("Broken since")
    assert panel.generator() == "wordy"
    assert panel.middle.isVisible()
    assert not panel.middle.isEnabled()
    assert not panel.buttons.main.isEnabled()
    assert not panel.bar.isVisible()  # it is told once
    qtbot.mouseClick(fault.place, Qt.MouseButton.LeftButton)
    assert opened == [(str(author.file), line, "")]
    author.save(CODE)
    wait(lambda: not fault.isVisible())
    assert panel.middle.isEnabled()
    assert panel.buttons.main.isEnabled()
    assert panel.middle.generate_page.form.values()["length"] == 9


def test_a_file_that_is_half_written_shows_no_fault(author: Author, wait: Wait) -> None:
    shown: list[str] = []
    author.band.show_broken = lambda *words: shown.append(words[0])  # type: ignore[method-assign]
    author.overwrite("from aigc_studio.api import (")
    wait(lambda: author.window.studio.renewal.is_reading(author.development._source))
    author.overwrite(CODE.replace("first", "third"))
    wait(lambda: "Reloaded" in author.band.state.text())
    assert shown == []


def test_a_plugin_that_breaks_at_work_says_which_line_of_its_own(
    qtbot: QtBot, author: Author, wait: Wait
) -> None:
    fault = author.band.fault
    author.save(
        CODE.replace('yield Candidate(Text(f"first', 'yield Candidate(Text({}["key"] + f"first')
    )
    wait(lambda: "Reloaded" in author.band.state.text())
    qtbot.keyClick(author.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(fault.isVisible)
    assert "KeyError: 'key'" in fault.sentence.text()
    assert fault.code.text().startswith('yield Candidate(Text({}["key"]')
    qtbot.mouseClick(fault.details, Qt.MouseButton.LeftButton)
    details = author.development.details
    assert "Traceback" in details.traceback.toPlainText()
    assert details.isVisible()
    details.close()
    author.save(CODE)
    wait(lambda: not fault.isVisible())


@pytest.mark.parametrize(
    ("old", "new", "said", "code"),
    [
        ("yield Candidate(Text(", "yield (Text(", "which is not an event", "yield (Text("),
        ("yield Cand", "x = 3  # ", "must yield events", "def generate(request):"),
        ("range(request.count)", "()", "it made nothing", "def generate(request):"),
    ],
)
def test_a_rule_that_is_not_kept_is_told_in_the_box_and_not_in_the_panel(
    qtbot: QtBot, author: Author, wait: Wait, old: str, new: str, said: str, code: str
) -> None:
    fault = author.band.fault
    author.save(CODE.replace(old, new))
    wait(lambda: "Reloaded" in author.band.state.text())
    qtbot.keyClick(author.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(fault.isVisible)
    assert said in fault.sentence.text()
    assert fault.code.text().startswith(code)
    assert not author.panel.bar.isVisible()
    author.save(CODE)
    wait(lambda: not fault.isVisible())


def test_what_a_plugin_says_to_the_person_stands_at_its_field_and_goes_with_its_code(
    qtbot: QtBot, author: Author, wait: Wait
) -> None:
    def error() -> str:
        return author.panel.middle.generate_page.form.rows["length"].error()

    told = 'raise GeneratorError("No more words.", parameter="length")'
    new = CODE.replace("    for n in", f"    {told}\n    for n in")
    author.save(new.replace("import Cand", "import GeneratorError, Cand"))
    wait(lambda: "Reloaded" in author.band.state.text())
    qtbot.keyClick(author.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: error() == "No more words.")
    assert not author.band.fault.isVisible()
    author.save(CODE)
    wait(lambda: error() == "")


def test_run_again_makes_the_last_anew_after_each_save(
    qtbot: QtBot, author: Author, wait: Wait
) -> None:
    author.panel.use_seed(3)
    author.panel.middle.seed.lock.setChecked(False)
    qtbot.keyClick(author.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: len(author.texts()) == 1)
    seed = author.texts()[0].split()[1]
    qtbot.mouseClick(
        author.band.again, Qt.MouseButton.LeftButton, pos=author.band.again.rect().center()
    )
    author.save(CODE.replace("first", "second"))
    wait(lambda: author.texts()[1:] == [f"second {seed} oooo"])
    author.save(CODE.replace("first", "third"))
    wait(lambda: author.texts()[2:] == [f"third {seed} oooo"])
    assert author.window.studio.settings.flag("run_again")


def test_one_that_never_worked_is_awaited_and_comes_when_it_is_mended(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], home: Path, wait: Wait
) -> None:
    window = make_window("wordy")
    file = home / "data" / "plugins" / "wordy.py"
    window.studio.registry.records = ()  # as when nothing was ever known of it
    window.studio.registry._found = ()
    window.panel.generators.set_records([])
    file.write_text(CODE.replace("Operation(id", "Operatio(id"), "utf-8")
    author = Author(window, file)
    author.development.reload()
    wait(author.band.fault.isVisible)
    assert "NameError: name 'Operatio' is not defined" in author.band.fault.sentence.text()
    assert author.band.fault.code.text().startswith('Operatio(id="write"')
    assert author.panel.generator() == ""
    assert "fix it, and save" in author.panel._nothing.text()
    assert author.panel._nothing.isVisible()
    author.save(CODE)
    wait(lambda: author.panel.generator() == "wordy")
    assert author.panel.buttons.main.isEnabled()


def test_another_choice_is_left_alone_by_a_reload(
    make_window: Callable[..., StudioWindow], home: Path, wait: Wait
) -> None:
    author = Author(make_window("wordy"), home / "data" / "plugins" / "wordy.py", everything=True)
    author.panel.choose("echo")
    author.save(CODE.replace("first", "second"))
    wait(lambda: "Reloaded" in author.band.state.text())
    assert author.panel.generator() == "echo"


def test_a_training_under_way_is_told_of(
    author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    trains = SimpleNamespace(generator="wordy")
    monkeypatch.setattr(JobQueue, "trainings", property(lambda _queue: [trains]))
    author.save(CODE.replace("first", "second"))
    wait(author.band.note.isVisible)
    assert author.band.note.text().startswith("The training under way goes on")
    monkeypatch.undo()
    author.save(CODE.replace("first", "third"))
    wait(lambda: not author.band.note.isVisible())


def test_what_is_being_made_with_the_code_of_before_is_told_of(
    author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = there(author.development.record)
    makes = SimpleNamespace(run=object(), record=record)
    monkeypatch.setattr(JobQueue, "under_way", lambda _queue, _generator="": [makes])
    author.save(CODE.replace("first", "second"))
    wait(author.band.note.isVisible)
    assert "Cancel ends it" in author.band.note.text()
    monkeypatch.undo()
    author.save(CODE.replace("first", "third"))
    wait(lambda: not author.band.note.isVisible())


@pytest.mark.parametrize("same", [True, False])
def test_a_loop_without_a_yield_that_was_cancelled_says_where_it_stood(
    author: Author, tmp_path: Path, same: bool
) -> None:
    record = there(author.development.record)
    log = tmp_path / "worker.log"
    line = CODE.splitlines().index("    for n in range(request.count):") + 1
    log.write_text(
        "said by the plugin\nTimeout (0:00:00.400000)!\nThread 0x1 (most recent call first):\n"
        '  File "/python/threading.py", line 9 in wait\n\n'
        "Thread 0x2 (most recent call first):\n"
        f'  File "{author.file}", line {line} in generate\n'
        '  File "/studio/worker/action.py", line 1 in performed\n'
    )
    run = SimpleNamespace(was_killed=True, log=log, record=record)
    job = SimpleNamespace(
        generator="wordy",
        state=JobState.CANCELLED,
        run=run,
        record=record if same else replace(record, stamp="the old code"),
        error=None,
    )
    author.development._note_job(job)  # type: ignore[arg-type]
    fault = author.band.fault
    assert fault.isVisible() is same
    if same:
        assert "This is where it stood" in fault.sentence.text()
        assert fault.place.text() == f"wordy.py, line {line}"
        assert fault.code.text() == "for n in range(request.count):"


def test_the_checks_are_listed_as_they_come(
    qtbot: QtBot, author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["✓ It says", "✗ It makes: no", "– It learns", "1 check failed."]
    told = f"import sys; print({chr(10).join(lines)!r}, sys.argv[1])"
    monkeypatch.setattr("aigc_studio.ui.authoring.check_window.COMMAND", ("-c", told))
    qtbot.mouseClick(author.band.check, Qt.MouseButton.LeftButton)
    checks = author.development.checks
    assert checks.is_running
    assert checks.button.text() == "Stop"
    wait(lambda: not checks.is_running)
    rows = [checks.list.item(n).text() for n in range(checks.list.count())]
    assert rows == ["It says", "It makes: no", "It learns"]
    assert checks.verdict.text() == f"1 check failed. {author.file}"
    qtbot.mouseClick(checks.button, Qt.MouseButton.LeftButton)
    assert checks.is_running
    checks.close()
    assert not checks.is_running


def test_checks_that_cannot_begin_say_so(
    qtbot: QtBot, author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(author.file.parent / "nothing"))
    qtbot.mouseClick(author.band.check, Qt.MouseButton.LeftButton)
    checks = author.development.checks
    wait(lambda: not checks.is_running)
    assert checks.verdict.text().startswith("The checks could not be run: ")
    assert checks.button.text() == "Check again"


def test_checks_that_do_not_end_are_not_waited_for(
    qtbot: QtBot, author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('!  up'); time.sleep(99)"
    )
    monkeypatch.setattr("aigc_studio.ui.authoring.check_window.COMMAND", ("-u", "-c", stubborn))
    qtbot.mouseClick(author.band.check, Qt.MouseButton.LeftButton)
    checks = author.development.checks
    wait(lambda: checks.list.count() == 1)
    process = checks._process
    assert process is not None
    ended: list[int] = []
    process.finished.connect(lambda code, _status: ended.append(code))
    checks.stop()
    assert not checks.is_running
    assert not ended
    wait(lambda: bool(ended))


OUTDATED = CODE.replace(
    "    for n in", "    deprecated('request.words', Gone('prompt', 2))\n    for n in"
).replace(
    "from aigc_studio.api import",
    "from aigc_studio.api.deprecations import Gone, deprecated\nfrom aigc_studio.api import",
    1,
)


@pytest.mark.parametrize("verb", ["asked for", "tried live"])
def test_what_goes_away_is_told_to_the_author_and_to_nobody_else(
    qtbot: QtBot, author: Author, wait: Wait, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(deprecations, "_uses", {})
    band, studio = author.band, author.window.studio
    told: list[str] = []
    studio.told.connect(lambda sentence, *_more: told.append(sentence))
    author.save(OUTDATED)
    wait(lambda: "Reloaded" in band.state.text())
    assert not band.warning.isVisible()
    if verb == "asked for":
        qtbot.keyClick(author.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        record = there(author.development.record)
        asked = GenerateRequest(operation="write")
        studio.jobs.preview(record, "generate", asked, private=True)
    wait(band.warning.isVisible)
    line = OUTDATED.splitlines().index("    deprecated('request.words', Gone('prompt', 2))") + 1
    sentence = (
        f"wordy.py, line {line}: request.words goes away with version 2 of the plugin interface. "
        "Use prompt."
    )
    assert band.warning.text() == sentence
    card = PluginCard(there(author.development.record))
    qtbot.addWidget(card)
    assert sentence in [label.text() for label in card.findChildren(Label)]
    assert told == []
    monkeypatch.setattr(deprecations, "_uses", {})  # a new worker begins with none
    author.save(CODE)
    wait(lambda: not band.warning.isVisible())


def test_the_log_is_that_of_the_worker_in_use(qtbot: QtBot, author: Author, wait: Wait) -> None:
    author.development.reload()
    wait(lambda: "Reloaded" in author.band.state.text())
    qtbot.mouseClick(author.band.log, Qt.MouseButton.LeftButton)
    details = author.development.details
    assert details.isVisible()
    assert not details.traceback.isVisible()
    log = author.window.studio.jobs.pool.log_of(author.development._source)
    assert log is not None
    with log.open("a") as written:
        written.write("said by the plugin\n")
    wait(lambda: "said by the plugin" in details.text.toPlainText())
    details.close()
