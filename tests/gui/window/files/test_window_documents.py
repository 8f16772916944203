"""Files in and out of the window: recovery, export, what is missing, damaged projects."""

import logging
import os
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import a_melody, known, there
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from aigc_studio import folders
from aigc_studio.api import Artifact, Bars, Image, Melody, Note, Text
from aigc_studio.project import Item, Project, Provenance, commands, export
from aigc_studio.project.prints import Print
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.files.export_dialog import ExportDialog
from aigc_studio.ui.window.files.picture_choices import Pictures

Wait = Callable[[Callable[[], object]], None]


def put(
    studio: Studio,
    artifact: Artifact,
    provenance: Provenance | None = None,
    name: str = "item",
    size: tuple[int, int] = (300, 200),
) -> Item:
    board = studio.project.board
    content = studio.project.store.put(artifact)
    x = 400 * len(board.items)
    item = Item(board.new_ids(1)[0], name, content, x, 0, size[0], size[1], provenance=provenance)
    assert studio.do(commands.add_items(board, [item]))
    return item


def picture(value: int = 90) -> Image:
    return Image(np.full((40, 60), value, np.uint8))


def test_what_was_accepted_comes_back_after_a_crash(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    wait: Wait,
    home: Path,
) -> None:
    left = Project.new()
    content = left.store.put(Text("not lost"))
    left.do(commands.add_items(left.board, [Item("i1", "T", content, 0, 0, 320, 180)]))
    left._lock.release()  # as the system does when the process dies, with its threads
    there(left.journal.file).close()
    window = make_window()
    wait(lambda: "ended before all was saved" in window.board_area.bar.text)
    window.board_area.bar._calls[0][0].click()
    wait(lambda: len(studio.project.board.items) == 1)
    assert studio.project.store.get(studio.project.board.items[0].content) == Text("not lost")
    assert window.isWindowModified()


def test_a_damaged_journal_says_how_much_is_back_and_where_it_is_kept(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    wait: Wait,
    home: Path,
) -> None:
    left = Project.new()
    content = left.store.put(Text("not lost"))
    for id in ("i1", "i2"):
        left.do(commands.add_items(left.board, [Item(id, "T", content, 0, 0, 320, 180)]))
    left._lock.release()
    there(left.journal.file).close()
    path = left.folder / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(bytes(60) + b"".join(lines)[60:])  # the first line is damaged
    window = make_window()
    wait(lambda: "ended before all was saved" in window.board_area.bar.text)
    window.board_area.bar._calls[0][0].click()
    wait(lambda: "2 steps are back" in window.board_area.bar.text)
    assert len(studio.project.board.items) == 2
    (kept,) = (home / "data" / "damaged").iterdir()
    assert str(kept) in window.board_area.bar.text


def test_steps_that_a_long_history_forgot_leave_the_undo_stack(
    window: StudioWindow, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.project.history.MEMORY", 20_000)
    item = put(studio, Text("x"))
    for x in range(60):
        moved = {item.id: replace(studio.project.board.item(item.id), x=float(x))}
        assert studio.do(commands.change_items(studio.project.board, moved, "move"))
        stack = studio.history.stack
        assert (stack.count(), stack.index()) == (len(studio.project.history),) * 2
    while studio.history.stack.canUndo():
        studio.history.stack.undo()
    assert studio.project.position == 0
    assert 0 < studio.project.board.item(item.id).x < 50


def test_a_damaged_project_is_refused_and_nothing_changes(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    item = put(window.studio, Text("here"))
    broken = tmp_path / "half.aigc"
    broken.write_bytes(b"PK\x03\x04 not a whole zip")
    window.studio.project.save(tmp_path / "ok.aigc")
    window.documents.open(broken)
    wait(lambda: "half.aigc" in window.board_area.bar.text)
    assert window.studio.project.board.items == (item,)


def test_what_went_wrong_with_a_file_is_taken_back_once_it_holds_no_longer(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path
) -> None:
    bar = window.board_area.bar
    window.documents.open(tmp_path / "none.aigc")
    wait(lambda: "none.aigc cannot be read" in bar.text)
    window.documents.new()
    assert bar.text == ""
    put(studio, Text("kept"))
    stayed: list[bool] = []
    (no_folder := tmp_path / "a file").touch()
    window.documents.save_to(no_folder / "one.aigc", None, lambda: stayed.append(True))
    wait(lambda: "one.aigc" in bar.text)
    assert "Saved" not in bar.text
    assert stayed == [True]
    window.documents.save_to(tmp_path / "two.aigc")
    wait(lambda: bar.text == "Saved as two.aigc.")
    bar._close.click()
    assert bar.text == ""


def test_a_project_with_a_damaged_part_opens_and_says_so(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    project = Project.new()
    items = [
        Item(f"i{number}", f"P{number}", project.store.put(picture(value)), 80 * number, 0, 60, 40)
        for number, value in enumerate((90, 200), 1)
    ]
    project.do(commands.add_items(project.board, items))
    (digest,) = project.store.tiles(items[0].content).values()
    path = tmp_path / "hurt.aigc"
    project.save(path)
    project.close()
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    members[f"content/tile/{digest}.png"] = b"\x89PNG\r\n\x1a\nbroken"
    with zipfile.ZipFile(path, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
    before = path.read_bytes()
    window.documents.open(path)
    wait(lambda: "A part of hurt.aigc is damaged: “P1”: 1 of the 1" in window.board_area.bar.text)
    board = window.studio.project.board
    assert [item.name for item in board.items] == ["P1 (damaged)", "P2"]
    assert window.studio.project.store.get(board.item("i2").content) == picture(200)
    shown = window.board_area.view.exchange.render_board()
    assert not shown.isNull()
    # Saving asks for a name and offers another one.
    assert window.documents.name == "hurt (repaired)"
    window.documents.save()
    dialog = window.findChildren(QFileDialog)[-1]
    assert Path(dialog.directory().absolutePath()) == tmp_path
    assert path.read_bytes() == before
    dialog.reject()


def test_a_tile_that_is_lost_while_it_is_open_is_hatched(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    store = window.studio.project.store
    content = store.put(picture(37))
    (digest,) = store.tiles(content).values()
    store.path("tile", digest).write_bytes(b"no tile")
    item = Item("i1", "P", content, 0, 0, 60, 40)
    assert window.studio.do(commands.add_items(window.studio.project.board, [item]))
    shown = known(ImageItem, window.board_area.view.board_scene.item("i1")).to_image()
    colours = {shown.pixelColor(x, 20).red() for x in range(60)}
    assert colours == {96, 208}


def test_a_project_of_a_plugin_that_is_gone_shows_its_items_and_says_so(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    made = Provenance(medium="image", generator="gone-generator", seed=1, model="old")
    project = Project.new()
    content = project.store.put(picture())
    item = Item("i1", "P", content, 0, 0, 60, 40, provenance=made)
    project.do(commands.add_items(project.board, [item]))
    project.save(tmp_path / "old.aigc")
    project.close()
    window.documents.open(tmp_path / "old.aigc")
    wait(lambda: "gone-generator" in window.board_area.bar.text)
    assert window.board_area.view.board_scene.item("i1") is not None
    window.studio.show_project(Project.new())
    assert window.board_area.bar.text == ""  # of the other project nothing is missing


def test_nothing_is_called_missing_before_plugins_and_models_are_known(
    qtbot: QtBot,
    window: StudioWindow,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, bar = window.studio, window.board_area.bar
    made = Provenance(medium="text", generator="late", seed=1)
    put(studio, Text("words"), made)
    wait(lambda: studio.errands.under_way == 0)
    studio.complete = False  # as it is at the start
    bar.clear()
    window.documents.missing.tell()
    assert bar.text == ""
    studio._note_models([])
    assert "late" in bar.text
    monkeypatch.setattr("aigc_studio.ui.window.files.missing.missing_parts", lambda *_all: "")
    studio._note_models([])
    assert bar.text == ""


@pytest.mark.parametrize("broken", [1, 2])
def test_a_file_that_cannot_be_read_hides_no_remark_on_the_others(
    window: StudioWindow, wait: Callable[..., None], tmp_path: Path, broken: int
) -> None:
    (tmp_path / "词.txt").write_bytes("Привет, мир. Как дела?".encode("koi8-r"))
    bad = [tmp_path / f"bad{number}.png" for number in range(broken)]
    for path in bad:
        path.write_bytes(b"no picture")
    window.take_files([*bad, tmp_path / "词.txt"])
    bar = window.board_area.bar
    wait(lambda: "bad0.png" in bar.text)
    assert "read as KOI8-R" in bar.text
    assert bar.toolTip().count("\n") == broken
    assert [button.text() for button, _call in bar._calls] == ["Other encoding…", "Show all"]
    assert len(window.studio.project.board.items) == 1


def test_items_and_board_are_exported_with_their_label(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    made = Provenance(medium="image", generator="echo", prompt="words", seed=9)
    item = put(window.studio, picture(), made)
    window.exporting.write_items([item], [tmp_path / "一.png"], export.ExportOptions())
    wait(lambda: (tmp_path / "一.png").exists())
    assert export.read_provenance(tmp_path / "一.png") == made
    window.exporting.write_board(tmp_path / "board.webp", export.ExportOptions())
    wait(lambda: (tmp_path / "board.webp").exists())
    assert export.read_provenance(tmp_path / "board.webp") == made
    window.exporting.export_items()
    dialog = there(window.exporting.dialog)
    assert dialog.label.isChecked()
    assert dialog.suffix("image") == ".png"
    dialog.reject()


def test_a_sequence_of_candidates_becomes_an_animation(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    from PIL import Image as Pillow

    from aigc_studio.project import CandidateRecord

    window.exporting.export_sequence()
    assert "sequence" in window.board_area.bar.text
    project = window.studio.project
    made = Provenance(medium="image", generator="echo", seed=4)
    records = [
        CandidateRecord(
            project.candidates.new_id(), project.store.put(picture(60 * n)),
            provenance=made, strip="morph", position=n,
        )
        for n in range(3)
    ]  # fmt: skip
    project.candidates.add(*records)
    wait(lambda: len(window.board_area.strip.ids()) == 3)
    options = export.ExportOptions(picture=Print(80, 60))
    for name in ("morph.webp", "morph.gif"):
        path = tmp_path / name
        window.exporting.write_sequence(records, path, options)
        wait(path.exists)
        with Pillow.open(path) as moving:
            assert getattr(moving, "n_frames", 1) == 3
            assert moving.size == (80, 60)


def test_an_animation_is_a_webp_an_apng_or_a_gif(qtbot: QtBot, window: StudioWindow) -> None:
    pictures = Pictures(3, (8, 8), (8, 8))
    dialog = ExportDialog(["image"], window.studio.settings, pictures, window, moving=True)
    formats = dialog.formats["image"]
    names = [formats.itemText(n) for n in range(formats.count())]
    assert names == ["WebP (.webp)", "APNG (.png)", "GIF (.gif)"]
    formats.setCurrentIndex(2)
    assert "256" in dialog.problem.text()
    assert dialog.go.isEnabled(), "it is a hint, and keeps nobody from going on"
    dialog.close()


def test_an_uncaught_error_is_told_and_the_window_goes_on(
    qtbot: QtBot,
    window: StudioWindow,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aigc_studio.ui.window.crash_guard import CrashGuard

    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    guard = CrashGuard(window.tell_crash)
    try:
        sys.excepthook(ValueError, ValueError("a bug"), None)
        wait(lambda: "Something went wrong" in window.board_area.bar.text)
        assert "a bug" not in window.board_area.bar.text
    finally:
        guard.close()
    assert window.isVisible()


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_log_that_is_a_pipe_is_not_waited_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.ui.window import crash_guard

    root = logging.RootLogger(logging.WARNING)
    monkeypatch.setattr(logging, "getLogger", lambda *_name: root)
    log = folders.log_folder() / crash_guard.LOG_NAME
    log.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(log)
    crash_guard.keep_log()
    assert root.handlers == []
    log.unlink()
    crash_guard.keep_log()
    (handler,) = root.handlers
    handler.close()


def test_bars_of_a_melody_on_the_canvas_are_transposed(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
) -> None:
    window = make_window("bars")
    notes = tuple(Note(start * 480, 480, 60 + start % 5) for start in range(16))
    item = put(window.studio, Melody(notes), size=(480, 180))
    view = window.board_area.view
    view.select([item.id])
    view.board_scene.set_part(item.id, Bars(2, 2))
    target = window.board_area.edit_target()
    assert target.marked == Bars(2, 2)
    # Not by the panel's button, which wants a model; transposing needs none.
    prompt = Prompt(generator="bars", operation="transpose", verb="edit")
    window.session.ask(prompt, target)
    wait(lambda: bool(window.board_area.strip.ids()))
    window.actions_by_name["accept"].trigger()
    (changed,) = window.studio.project.board.items
    result = a_melody(window.studio.project.store.get(changed.content))
    assert [note.pitch for note in result.notes[:4]] == [note.pitch for note in notes[:4]]
    assert [note.pitch for note in result.notes[8:]] == [note.pitch for note in notes[8:]]
    pairs = zip(result.notes[4:8], notes[4:8], strict=True)
    assert [new.pitch - old.pitch for new, old in pairs] == [2] * 4


def test_the_panel_knows_what_is_selected(window: StudioWindow) -> None:
    item = put(window.studio, picture(), name="my picture")
    window.board_area.view.select([item.id])
    target = window.board_area.target()
    assert (target.medium, target.number, target.part) == ("image", 1, "")
    assert window.panel.middle._target.text() == "my picture"
    window.board_area.view.commands.invert_mask()
    window.board_area.finish_edits()
    assert window.board_area.target().part == "mask"
    other = put(window.studio, Text("words"))
    window.board_area.view.select([item.id, other.id])
    assert window.board_area.target().medium == ""
    assert window.panel.editing.target == window.board_area.target()


@pytest.mark.parametrize(("scheme", "size"), [("light", (1024, 640)), ("dark", (1920, 1080))])
def test_the_window_fits_its_screen_in_both_schemes(
    qapp: QApplication,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    scheme: theme.Scheme,
    size: tuple[int, int],
) -> None:
    window = make_window(size=size)
    theme.apply(qapp, scheme)
    put(studio, picture())
    window.bottom.open("history")
    picture_of_it = window.grab()
    assert (window.width(), window.height()) == size
    assert picture_of_it.size().width() == size[0] * picture_of_it.devicePixelRatio()
    assert window.panel.width() <= 340
    theme.apply(qapp, "light")


def test_layout_and_tabs_are_remembered(qtbot: QtBot, window: StudioWindow, studio: Studio) -> None:
    from aigc_studio.ui.window import layout

    window.bottom.open("jobs")
    window.resize(780, 640)
    layout.remember(window, window.bottom, studio.settings)
    window.bottom.hide()
    window.resize(720, 600)
    layout.restore(window, window.bottom, studio.settings)
    assert window.size().height() == 640
    assert not window.bottom.isHidden()


def test_the_status_bar_says_when_the_network_is_used(
    qtbot: QtBot,
    window: StudioWindow,
    studio: Studio,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aigc_studio.library.packs import PackStore

    seen: list[Any] = []
    monkeypatch.setattr(PackStore, "fetch", lambda *_values: iter([1, 2]))
    steps = studio.pack_store.fetch("any", studio.dataset_store)
    assert window.status.network.text() == "Offline"
    next(steps)
    wait(lambda: window.status.network.text() == "Fetching")
    seen += steps
    wait(lambda: window.status.network.text() == "Offline")
    assert seen == [2]


def test_saved_again_before_the_last_save_has_ended_nobody_else_has_changed_it(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path
) -> None:
    put(studio, Text("a"))
    path = tmp_path / "a.aigc"
    window.documents.save_to(path)
    wait(lambda: studio.project.path == path)
    for words in "bcd":
        put(studio, Text(words))
        window.actions_by_name["save"].trigger()
    wait(lambda: not studio.errands.under_way)
    assert window.documents.question is None
    assert not window.isWindowModified()
    put(studio, Text("e"))
    path.write_bytes(path.read_bytes() + b"another program")
    window.actions_by_name["save"].trigger()
    wait(lambda: window.documents.question is not None)
    there(window.documents.question).reject()
