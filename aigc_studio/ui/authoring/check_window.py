"""The conformance tests of a plugin, run beside the window: a list of ticks and crosses."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import (
    QCoreApplication,
    QProcess,
    QProcessEnvironment,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio import translation
from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.screen_room import fit

COMMAND = ("-m", "aigc_studio", "plugins", "check")
_PATIENCE = 2000
"""Milliseconds that checks have to end by themselves."""
_SIGNS = {
    "✓": ("check", "good"),
    "✗": ("cancel", "danger"),
    "!": ("warning", "warning"),
    "–": ("minus", "muted"),
}
"""The marks that `aigc-studio plugins check` begins a line with."""


class CheckWindow(QDialog):
    """Runs `aigc-studio plugins check` on the plugin at a path, and shows each check as it ends."""

    def __init__(self, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Check"))
        self._path = path
        self._process: QProcess | None = None
        self._rest = b""
        self.verdict = Label(wordWrap=True)
        theme.set_kind(self.verdict, "heading")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setIconSize(QSize(16, 16))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Checks"))
        self.button = QPushButton()
        self.button.clicked.connect(self._pressed)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self.button)
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.PADDING] * 4)
        whole.setSpacing(theme.GAP)
        for part in (self.verdict, self.list):
            whole.addWidget(part)
        whole.addLayout(foot)
        fit(self, 560, 520)

    @property
    def is_running(self) -> bool:
        """Whether checks are under way."""
        return self._process is not None

    def begin(self) -> None:
        """Run all checks anew."""
        self.stop()
        self.list.clear()
        self._rest = b""
        self._process = process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        around = QProcessEnvironment.systemEnvironment()
        around.insert("AIGC_STUDIO_LANGUAGE", translation.language())
        around.insert("PYTHONUNBUFFERED", "1")
        around.insert("PYTHONPATH", os.pathsep.join(each for each in sys.path if each))
        process.setProcessEnvironment(around)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._end)
        process.start(sys.executable, [*COMMAND, self._path])
        self._show_state()

    def stop(self) -> None:
        """End what is under way; the window does not wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        for signal in (process.finished, process.errorOccurred):
            signal.disconnect(self._end)
        process.readyReadStandardOutput.disconnect(self._read)
        process.setParent(QCoreApplication.instance())  # this window may be gone before it
        process.finished.connect(process.deleteLater)
        process.terminate()
        QTimer.singleShot(_PATIENCE, process, process.kill)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody looks at it any more."""
        self.stop()
        super().closeEvent(event)

    @Slot()
    def _pressed(self) -> None:
        if self.is_running:
            self.stop()
            self._show_state()
        else:
            self.begin()

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(
            b"\n"
        )
        for line in lines:
            self._add(line.decode("utf-8", "replace").rstrip())

    def _add(self, line: str) -> None:
        sign = _SIGNS.get(line[:1])
        if sign is None:
            self.verdict.setText(line or self.verdict.text())
            return
        self.list.addItem(QListWidgetItem(icons.icon(*sign), line[1:].strip()))
        self.list.scrollToBottom()
        self._show_state()

    @Slot()
    def _end(self) -> None:
        self._read()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            if process.error() == QProcess.ProcessError.FailedToStart:
                sentence = _("The checks could not be run: {reason}.")
                self.verdict.setText(sentence.format(reason=process.errorString()))
        self._show_state()

    def _show_state(self) -> None:
        self.button.setText(_("Stop") if self.is_running else _("Check again"))
        count = self.list.count()
        if self.is_running:
            words = ngettext("Checking… {count} check done", "Checking… {count} checks done", count)
            self.verdict.setText(words.format(count=count))
