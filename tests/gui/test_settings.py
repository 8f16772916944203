"""Settings: kept over a restart, of the right type, and never an error."""

import errno
import os
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from aigc_studio import locks
from aigc_studio.ui import settings_file, theme
from aigc_studio.ui.about_dialog import PARTS, AboutDialog, licence_text, versions
from aigc_studio.ui.log_window import LINE, LINES, LogWindow, log_files, tail
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.settings_dialog import SettingsDialog
from aigc_studio.ui.studio import Studio


@pytest.fixture
def settings(qapp: QApplication, tmp_path: Path) -> Settings:
    return Settings(tmp_path / "设置" / "settings.ini")


def again(settings: Settings) -> Settings:
    settings.save()
    return Settings(settings.path)


def test_defaults(settings: Settings) -> None:
    assert settings.preference("theme") == "system"
    assert settings.preference("threads") == 0
    assert settings.preference("label_exports") is True
    with pytest.raises(KeyError):
        settings.preference("nonsense")


def test_a_recent_file_that_no_system_can_have_is_left_out(settings: Settings) -> None:
    settings.add_recent_file(Path("x" * 300))
    assert settings.recent_files() == []


def test_it_lies_in_the_data_folder(qapp: QApplication, home: Path) -> None:
    assert Settings().path == home / "data" / "settings.ini"


def test_kept_over_a_restart_with_their_types(settings: Settings, qtbot: QtBot) -> None:
    with qtbot.waitSignal(settings.changed) as heard:
        settings.set_preference("label_exports", False)
    assert heard.args == ["label_exports"]
    settings.set_preference("threads", 3)
    settings.set_preference("theme", "dark")
    settings.remember({"prompt": "你好", "parameters": {"x": 0.5}}, "form", "gan-digits", "edit")
    settings.set_geometry("window", QByteArray(b"\x00\x01bytes"))
    settings.add_recent_seed(2**32 - 1)
    later = again(settings)
    assert later.preference("label_exports") is False
    assert later.preference("threads") == 3
    assert later.preference("theme") == "dark"
    assert later.remembered("form", "gan-digits", "edit") == {
        "prompt": "你好",
        "parameters": {"x": 0.5},
    }
    assert later.geometry("window") == QByteArray(b"\x00\x01bytes")
    assert later.recent_seeds() == [2**32 - 1]


def test_many_changes_are_written_once_and_without_being_asked(
    settings: Settings, qtbot: QtBot
) -> None:
    for number in range(100):
        settings.remember({"n": number}, "form", "x")
    assert settings.remembered("form", "x") == {"n": 99}
    assert not settings.path.exists()
    qtbot.waitUntil(lambda: settings.path.exists() and "99" in settings.path.read_text())


def test_the_same_value_tells_nobody(settings: Settings) -> None:
    heard: list[tuple[str, object]] = []
    settings.changed.connect(heard.append)
    settings.set_preference("threads", 0)
    assert heard == []


@pytest.mark.parametrize(
    "content",
    [
        "[preferences]\nthreads=many\nlabel_exports=perhaps\ntheme=@Variant(broken\n",
        '[remembered]\npanel=not json\n[recent]\nfiles={}\nseeds=[1,"two"]\n',
        "\x00\x01 not an ini file at all",
        "",
    ],
)
def test_a_damaged_file_means_defaults(qapp: QApplication, tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(content, encoding="utf-8")
    settings = Settings(path)
    assert settings.preference("threads") == 0
    assert isinstance(settings.preference("label_exports"), bool)
    assert isinstance(settings.preference("theme"), str)
    assert settings.remembered("panel") == {}
    assert settings.recent_files() == []
    assert all(isinstance(seed, int) for seed in settings.recent_seeds())


def test_a_damaged_file_can_be_written_again(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_text("\x00\x01 not an ini file at all")
    settings = Settings(path)
    settings.set_preference("threads", 2)
    assert again(settings).preference("threads") == 2


def test_two_windows_lose_nothing_of_each_other(settings: Settings, tmp_path: Path) -> None:
    other = Settings(settings.path)
    paths = [tmp_path / f"{n}.aigc" for n in range(4)]
    for path in paths:
        path.touch()
    settings.set_preference("threads", 2)
    other.set_preference("theme", "dark")
    for number, path in enumerate(paths):
        (settings, other)[number % 2].add_recent_file(path)
        (settings, other)[number % 2].add_recent_seed(number)
    settings.set_geometry("window", QByteArray(b"mine"))
    other.set_geometry("library", QByteArray(b"theirs"))
    settings.save()
    later = again(other)
    assert later.preference("threads") == 2
    assert later.preference("theme") == "dark"
    assert sorted(later.recent_files()) == paths
    assert sorted(later.recent_seeds()) == [0, 1, 2, 3]
    assert later.geometry("window") == QByteArray(b"mine")
    assert later.geometry("library") == QByteArray(b"theirs")
    settings.clear_recent_files()
    settings.save()
    assert Settings(settings.path).recent_files() == []
    assert [each.name for each in settings.path.parent.iterdir()] == ["settings.ini"]


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_an_odd_lock_beside_the_file_is_no_wait(settings: Settings, kind: str) -> None:
    """Qt's own lock of an INI file is waited for without an end when it is one of these."""
    settings.path.parent.mkdir()
    for name in ("settings.ini.lock", "settings.ini.turn"):
        if kind == "folder":
            settings.path.with_name(name).mkdir()
        else:
            os.mkfifo(settings.path.with_name(name))
    settings.set_preference("threads", 2)
    assert again(settings).preference("threads") == 2


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "circle"])
def test_what_is_no_file_is_neither_waited_for_nor_replaced_and_is_told(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, kind: str
) -> None:
    path = tmp_path / "settings.ini"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            path.symlink_to(path)
    before = path.lstat()
    settings, told = Settings(path), list[str]()
    settings.unkept.connect(told.append)
    settings.set_preference("threads", 2)
    qtbot.waitUntil(lambda: bool(told))
    settings.set_preference("threads", 3)
    settings._write()
    (sentence,) = told
    assert sentence.startswith(f"{path} cannot be written (")
    assert os.path.samestat(path.lstat(), before)
    assert stat.S_ISCHR(Path("/dev/zero").stat().st_mode)
    path.rmdir() if kind == "folder" else path.unlink()
    settings.set_preference("threads", 4)
    assert again(settings).preference("threads") == 4


def test_a_folder_in_which_qt_writes_nothing_is_told_in_a_persons_words(
    qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refused(QSettings):
        def status(self) -> QSettings.Status:
            return QSettings.Status.AccessError

    monkeypatch.setattr(settings_file, "QSettings", Refused)
    told = list[str]()
    settings.unkept.connect(told.append)
    settings.set_preference("threads", 2)
    qtbot.waitUntil(lambda: bool(told))
    reason = "nothing can be written beside it"
    assert told == [
        f"{settings.path} cannot be written ({reason}): free up space, or grant permission."
    ]
    assert list(settings.path.parent.glob(".settings-*")) == []


def test_a_file_that_is_far_too_large_is_not_read_and_is_kept(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.ini"
    monkeypatch.setattr(settings_file, "MOST_BYTES", 1000)
    words = "[preferences]\nthreads=7\n" + "; a film\n" * 1000
    path.write_text(words)
    settings = Settings(path)
    assert settings.preference("threads") == 0
    settings.set_preference("theme", "dark")
    assert again(settings).preference("theme") == "dark"
    assert (tmp_path / "settings.ini~").read_text() == words


@pytest.mark.parametrize("number", ["-5", "99999999999999999999999", "100000"])
def test_a_number_that_is_none_of_ours_is_the_default(
    tmp_path: Path, qapp: QApplication, number: str
) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(f"[preferences]\nthreads={number}\nvolume={number}\n")
    settings = Settings(path)
    assert [settings.preference(name) for name in ("threads", "volume")] == [0, 80]


def test_a_window_that_writes_is_waited_for(settings: Settings, qtbot: QtBot) -> None:
    settings.path.parent.mkdir()
    turn = locks.Lock(settings.path.with_name("settings.ini.turn"))
    settings.set_preference("threads", 2)
    settings._write()
    assert not settings.path.exists()
    turn.release(remove=True)
    qtbot.waitUntil(settings.path.exists)
    assert Settings(settings.path).preference("threads") == 2


def test_a_file_that_cannot_be_written_is_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_ends: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        settings.set_preference("threads", 2)
        for number in range(2000):
            settings.add_recent_seed(number)
        settings.save()
    assert not settings.path.exists()
    settings.set_flag("seen", True)
    later = again(settings)
    assert later.preference("threads") == 2
    assert later.recent_seeds()[:2] == [1999, 1998]
    assert later.flag("seen")


def test_a_link_goes_on_leading_to_the_file(settings: Settings, tmp_path: Path) -> None:
    settings.path.parent.mkdir()
    real = tmp_path / "real.ini"
    real.write_text("[preferences]\nthreads=3\n")
    settings.path.symlink_to(real)
    settings.set_preference("theme", "dark")
    assert again(settings).preference("threads") == 3
    assert settings.path.is_symlink()
    assert "dark" in real.read_text()


def test_recent_files_newest_first_without_those_gone(settings: Settings, tmp_path: Path) -> None:
    paths = [tmp_path / f"项目 {n}.aigc" for n in range(13)]
    for path in paths:
        path.touch()
        settings.add_recent_file(path)
    settings.add_recent_file(paths[5])
    paths[12].unlink()
    recent = again(settings).recent_files()
    assert recent[:2] == [paths[5], paths[11]]
    assert len(recent) == 9
    settings.clear_recent_files()
    assert settings.recent_files() == []


def test_another_limit_of_memory_holds_for_the_next_worker(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIGC_STUDIO_MEMORY", raising=False)
    studio.settings.set_preference("memory", 3)
    pool = studio.jobs.pool
    assert pool._surroundings.memory == 3 << 30
    for size in (4, 5, 6):
        studio.settings.set_preference("memory", size)
    qtbot.waitUntil(lambda: pool._surroundings.memory == 6 << 30)
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", "1.5")
    studio.settings.set_preference("memory", 7)
    qtbot.waitUntil(lambda: pool._surroundings.memory == 3 << 29)


def test_dialog_shows_and_sets(settings: Settings, qtbot: QtBot, qapp: QApplication) -> None:
    settings.set_preference("export_prompt", False)
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.controls["export_prompt"].isChecked()
    qtbot.mouseClick(dialog.controls["label_exports"], Qt.MouseButton.LeftButton)
    assert settings.preference("label_exports") is False
    dialog.controls["threads"].setValue(1)
    assert settings.preference("threads") == 1
    dialog.controls["memory"].setValue(1)
    assert again(settings).preference("memory") == 1
    dialog.controls["theme"].set_index(2)
    assert settings.preference("theme") == "dark"
    assert theme.is_dark()
    language = dialog.controls["language"]
    language.setCurrentIndex(language.findData("zh_CN"))
    assert settings.preference("language") == "zh_CN"
    dialog._reset()
    assert settings.preference("theme") == "system"
    assert dialog.controls["label_exports"].isChecked()
    theme.apply(qapp, "light")


def test_dialog_says_where_things_are(settings: Settings, qtbot: QtBot, home: Path) -> None:
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    shown = [line.text() for line in dialog.findChildren(QLineEdit)]
    for name in ("data", "cache", "logs"):
        assert str(home / name) in shown


def test_about_names_version_parts_and_licence(qtbot: QtBot) -> None:
    import aigc_studio

    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert aigc_studio.__version__ in words
    assert "MIT" in licence_text()
    assert all(title in versions() for _name, title, _licence in PARTS)


def test_log_shows_the_newest_file_as_it_grows(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "old.log").write_text("2020-01-01 INFO old\n", "utf-8")
    newest = tmp_path / "worker" / "new.log"
    newest.parent.mkdir()
    newest.write_text(
        "2026-01-01 INFO fine\n2026-01-01 ERROR 坏了\nTraceback:\n  line\n2026-01-02 INFO on\n",
        "utf-8",
    )
    window = LogWindow(tmp_path)
    qtbot.addWidget(window)
    window.show()
    window.files.setCurrentIndex(window.files.findData(str(newest)))
    assert "坏了" in window.text.toPlainText()
    window.problems.setChecked(True)
    assert window.text.toPlainText().splitlines() == [
        "2026-01-01 ERROR 坏了",
        "Traceback:",
        "  line",
    ]
    window.problems.setChecked(False)
    window.search.setText("fine")
    assert window.text.toPlainText() == "2026-01-01 INFO fine"
    window.search.clear()
    with newest.open("a", encoding="utf-8") as file:
        file.write("2026-01-03 INFO later\n")
    window.refresh()
    assert window.text.toPlainText().endswith("later")


def test_log_of_an_empty_or_missing_folder(qtbot: QtBot, tmp_path: Path) -> None:
    window = LogWindow(tmp_path / "none")
    qtbot.addWidget(window)
    window.show()
    assert window.text.toPlainText()


@pytest.mark.parametrize("words", ["x" * 200_000, "\n" * 200_000, "word " * 40_000 + "\n"])
def test_a_log_of_one_line_or_of_very_many_is_cut(qtbot: QtBot, tmp_path: Path, words: str) -> None:
    (tmp_path / "odd.log").write_text(words + "the end", "utf-8")
    window = LogWindow(tmp_path)
    qtbot.addWidget(window)
    window.show()
    lines = window.text.toPlainText().split("\n")
    assert len(lines) <= LINES
    assert max(len(line) for line in lines) <= LINE
    assert window.text.toPlainText().strip()


def test_only_the_end_of_a_large_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.log"
    path.write_text("".join(f"line {n}\n" for n in range(5000)), "utf-8")
    assert tail(path, 100).splitlines()[-1] == "line 4999"
    assert len(tail(path, 100)) <= 100
    assert tail(path, 100).startswith("line")
    assert tail(tmp_path / "missing.log") == ""
    path.write_text("x" * 5000, "utf-8")
    assert tail(path, 100) == "x" * 100
    assert log_files(tmp_path) == [path]
