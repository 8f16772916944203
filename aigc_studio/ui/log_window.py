"""The log viewer: the end of the log files, as they grow, with a filter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio import folders
from aigc_studio.api import limits
from aigc_studio.files import files_below, open_plain
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice, Switch
from aigc_studio.ui.labels import shortened
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.settings_dialog import open_folder

TAIL = 256 * 1024
"""Bytes of the end of a file that are shown."""
LINES = 4000
"""Lines of it that are shown at most, the last ones."""
LINE = limits.SENTENCE
"""Characters of a line; a plugin may write a long one, and laying it out takes its time."""
_INTERVAL = 1000
_PROBLEMS = ("WARNING", "ERROR", "CRITICAL", "Traceback", "Error:")


class LogWindow(QDialog):
    """Shows the log files of a folder (the studio's by default), newest first."""

    def __init__(self, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Log"))
        self.folder = folder or folders.log_folder()
        self._shown: tuple[str, int, str, bool] | None = None
        self.files = Choice()
        self.files.setAccessibleName(_("Log file"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Filter lines"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedHeight(theme.CONTROL_HEIGHT)
        self.search.setAccessibleName(_("Filter lines"))
        self.problems = Switch(_("Problems only"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.fixed_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(_("Log"))
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self.refresh)
        self.files.currentIndexChanged.connect(self.refresh)
        self.search.textChanged.connect(self.refresh)
        self.problems.toggled.connect(self.refresh)
        self._lay_out()
        fit(self, 820, 520)

    def refresh(self) -> None:
        """Read the files again, if anything has changed; stays at the end if it was there."""
        self._list_files()
        path = self.files.currentData()
        data = tail(Path(path)) if path else ""
        state = (str(path), hash(data), self.search.text(), self.problems.isChecked())
        if state == self._shown:
            return
        self._shown = state
        bar = self.text.verticalScrollBar()
        at_end, place = bar.value() >= bar.maximum() - 2, bar.value()
        self.text.setPlainText(self._filtered(data) or _("Nothing here."))
        if at_end:
            self.text.moveCursor(QTextCursor.MoveOperation.End)
            self.text.ensureCursorVisible()
            bar.setValue(bar.maximum())
        else:
            bar.setValue(place)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the files while shown."""
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave them alone otherwise."""
        self._timer.stop()
        super().hideEvent(event)

    def _filtered(self, data: str) -> str:
        wanted = self.search.text().lower()
        lines = data.splitlines()
        if self.problems.isChecked():
            lines = _with_tracebacks(lines)
        found = [line for line in lines if wanted in line.lower()]
        return "\n".join(shortened(line, LINE) for line in found[-LINES:])

    def _list_files(self) -> None:
        found = log_files(self.folder)
        names = [str(path) for path in found]
        if names == [self.files.itemData(n) for n in range(self.files.count())]:
            return
        current = self.files.currentData()
        self.files.blockSignals(True)
        self.files.clear()
        for path in found:
            self.files.addItem(str(path.relative_to(self.folder)), str(path))
        self.files.setCurrentIndex(max(0, self.files.findData(current)) if found else -1)
        self.files.blockSignals(False)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.files, 1)
        head.addWidget(self.search, 2)
        head.addWidget(self.problems)
        copy = QPushButton(_("Copy"))
        copy.setIcon(icons.icon("copy"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text.toPlainText()))
        folder = QPushButton(_("Open the folder"))
        folder.setIcon(icons.icon("folder"))
        folder.setAutoDefault(False)
        folder.clicked.connect(lambda: open_folder(self.folder))
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(copy)
        foot.addWidget(folder)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        column.addLayout(foot)


def log_files(folder: Path) -> list[Path]:
    """The log files under a folder, the one written last first."""
    found: list[tuple[float, Path]] = []
    for path in files_below(folder):
        if path.suffix != ".log":
            continue
        try:
            found.append((path.stat().st_mtime, path))
        except OSError:
            continue
    return [path for _time, path in sorted(found, key=lambda pair: (-pair[0], str(pair[1])))]


def tail(path: Path, most: int = TAIL) -> str:
    """The last lines of a file, of at most `most` bytes; empty when it cannot be read."""
    try:
        with open_plain(path) as file:
            file.seek(0, 2)
            begun = max(0, file.tell() - most)
            file.seek(begun)
            data = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    # A line that is longer than that has no other end to show than its own.
    return data.partition("\n")[2] if begun and "\n" in data else data


def _with_tracebacks(lines: list[str]) -> list[str]:
    """Lines of warnings and errors, each with what is indented or belongs under it."""
    kept: list[str] = []
    inside = False
    for line in lines:
        starts = len(line) > 4 and line[:4].isdigit() and line[4] == "-"
        if starts or not kept or not inside:
            inside = any(word in line for word in _PROBLEMS)
        if inside:
            kept.append(line)
    return kept
