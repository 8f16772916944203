"""The settings: what is chosen here works at once; the language, from the next start on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio import folders, translation
from aigc_studio.host import memory
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice, Segments, Switch
from aigc_studio.ui.forms.numbers import NumberBox, NumberSlider
from aigc_studio.ui.labels import Label
from aigc_studio.ui.listening.settings_rows import SoundRows
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.settings import Settings


class SettingsDialog(QDialog):
    """Shows and changes a `Settings`. `devices` are those that torch was seen to have."""

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        devices: Sequence[str] = ("auto", "cpu", "cuda", "mps"),
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.settings = settings
        self.setWindowTitle(_("Settings"))
        self.controls: dict[str, Any] = {}
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(20, theme.SECTION, 20, theme.SECTION)
        self._column.setSpacing(theme.PADDING)
        self._add_look()
        self._add_work(devices)
        self._add_sound()
        self._add_export()
        self._add_folders()
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, theme.PADDING)
        whole.setSpacing(theme.PADDING)
        whole.addWidget(area, 1)
        whole.addLayout(self._foot())
        fit(self, 560, 680)
        self.show_settings()

    def show_settings(self) -> None:
        """Take over what the settings say."""
        themes = list(theme.SCHEMES)
        wanted = self.settings.preference("theme")
        self.controls["theme"].set_index(themes.index(wanted) if wanted in themes else 0)
        for name in ("language", "device"):
            combo: Choice = self.controls[name]
            combo.setCurrentIndex(max(0, combo.findData(self.settings.preference(name))))
        self.sound.show_settings()
        for name in ("threads", "memory", "volume"):
            self.controls[name].setValue(self.settings.preference(name))
        switches = ("label_exports", "export_prompt", "live_preview", "warm_worker")
        for name in (*switches, "measure_models", "play_new", "touch_sound"):
            self.controls[name].setChecked(self.settings.preference(name))

    def _add_look(self) -> None:
        self._heading(_("Look and language"))
        segments = Segments([_("As the system"), _("Light"), _("Dark")])
        segments.set_names(_("Theme"), "")
        segments.changed.connect(self._theme_chosen)
        self._row("theme", _("Theme"), segments)
        combo = Choice()
        combo.addItem(_("As the system"), "")
        for key, title in translation.LANGUAGES.items():
            combo.addItem(title, key)
        combo.currentIndexChanged.connect(
            lambda _index: self._choose("language", combo.currentData())
        )
        note = _("Used from the next start on.")
        self._row("language", _("Language"), combo, note)

    def _add_work(self, devices: Sequence[str]) -> None:
        self._heading(_("Work"))
        cores = os.cpu_count() or 1
        note = _("0 leaves one of the {n} cores free. All of them can make training slower.")
        self._whole_number("threads", _("Threads"), cores, note.format(n=cores))
        note = _(
            "In GB, with all that it starts; one that takes more is ended. 0 is most of what this "
            "computer has: {size}."
        )
        most = max(1, memory.whole() >> 30)
        title = _("Memory of a plugin")
        self._whole_number("memory", title, most, note.format(size=memory.told(memory.share())))
        combo = Choice()
        titles = {"auto": _("Best available"), "cpu": _("Processor (CPU)")}
        titles |= {"cuda": _("Graphics card (CUDA)"), "mps": _("Apple graphics (MPS)")}
        for name in devices:
            combo.addItem(titles.get(name, name), name)
        combo.currentIndexChanged.connect(
            lambda _index: self._choose("device", combo.currentData())
        )
        self._row("device", _("Device"), combo)
        self._switch(
            "live_preview",
            _("Live preview"),
            _("Show on the canvas at once what a change in the panel does."),
        )
        self._switch(
            "warm_worker",
            _("Keep a worker ready"),
            _("The first result comes a second sooner, for about 300 MB of memory."),
        )
        self._switch(
            "measure_models",
            _("Measure new models"),
            _("After a training, for a minute or two, on examples that were held out."),
        )

    def _add_sound(self) -> None:
        self._heading(_("Sound"))
        self.sound = SoundRows(self.settings, self)
        self._row("audio_device", _("Output device"), self.sound.device)
        self._row("soundfont", _("Sound font"), self.sound.font)
        self._whole_number("volume", _("Volume"), 100, _("In percent, of tunes and of notes."))
        self._switch(
            "play_new",
            _("Play new tunes"),
            _("A tune that was made is heard as soon as it is there."),
        )
        self._switch(
            "touch_sound",
            _("Notes under the hand"),
            _("A note that is drawn, touched or moved is heard."),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what can sound."""
        super().showEvent(event)
        self.sound.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was only asked goes again."""
        super().hideEvent(event)
        self.sound.rest()

    def _whole_number(self, name: str, title: str, most: int, note: str) -> None:
        """A row with a number from 0 to `most`."""
        box = NumberBox(integer=True, minimum=0, maximum=most)
        slider = NumberSlider(box, decimals=0, logarithmic=False)
        box.valueChanged.connect(lambda _value: self._choose(name, int(box.number())))
        self._row(name, title, slider, note)
        self.controls[name] = box
        for part in (box, slider.slider):
            part.setAccessibleName(title)

    def _add_export(self) -> None:
        self._heading(_("Export"))
        self._switch(
            "label_exports",
            _("Mark exported files as AI-generated"),
            _("Writes the IPTC digital source type and what made the file into it."),
        )
        self._switch(
            "export_prompt",
            _("Include the prompt"),
            _("Off keeps the prompt out of exported files; the rest of the label stays."),
        )

    def _add_folders(self) -> None:
        self._heading(_("Folders"))
        places = [
            (_("Models, datasets, projects"), folders.data_folder()),
            (_("Plugins"), folders.plugin_folder()),
            (_("Cache, can be deleted"), folders.cache_folder()),
            (_("Logs"), folders.log_folder()),
        ]
        for title, path in places:
            self._row("", title, self._folder(title, path))

    def _folder(self, title: str, path: Path) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        line = QLineEdit(str(path))
        line.setReadOnly(True)
        line.setFixedHeight(theme.CONTROL_HEIGHT)
        line.setCursorPosition(0)
        line.setToolTip(str(path))
        line.setAccessibleName(title)
        button = QToolButton()
        button.setIcon(icons.icon("folder", "muted"))
        button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(_("Open the folder"))
        button.setAccessibleName(_("Open the folder: {title}").format(title=title))
        button.clicked.connect(lambda: open_folder(path))
        row.addWidget(line, 1)
        row.addWidget(button)
        return part

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        reset = QPushButton(_("Reset all"))
        theme.set_kind(reset, "quiet")
        reset.setAutoDefault(False)
        reset.clicked.connect(self._reset)
        forget = QPushButton(_("Clear recent files"))
        theme.set_kind(forget, "quiet")
        forget.setAutoDefault(False)
        forget.clicked.connect(self.settings.clear_recent_files)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row.addWidget(reset)
        row.addWidget(forget)
        row.addStretch(1)
        row.addWidget(buttons)
        return row

    def _heading(self, title: str) -> None:
        if self._column.count():
            self._column.addSpacing(theme.GRID)
        label = Label(title)
        theme.set_kind(label, "title")
        self._column.addWidget(label)

    def _row(self, name: str, title: str, control: QWidget, note: str = "") -> None:
        label = Label(title)
        label.setWordWrap(True)
        label.setFixedWidth(180)
        label.setBuddy(control)
        control.setAccessibleName(title)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(control)
        if note:
            right.addWidget(_note(note))
        row = QHBoxLayout()
        row.setSpacing(theme.PADDING)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        label.setMinimumHeight(theme.CONTROL_HEIGHT)
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._column.addLayout(row)
        if name:
            self.controls[name] = control

    def _switch(self, name: str, title: str, note: str) -> None:
        switch = Switch()
        switch.setAccessibleName(title)
        switch.setAccessibleDescription(note)
        switch.toggled.connect(lambda on: self._choose(name, on))
        label = Label(title)
        label.setWordWrap(True)
        label.setBuddy(switch)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label)
        words.addWidget(_note(note))
        row = QHBoxLayout()
        row.setSpacing(theme.PADDING)
        row.addLayout(words, 1)
        row.addWidget(switch, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)
        self.controls[name] = switch

    def _theme_chosen(self) -> None:
        scheme = theme.SCHEMES[max(0, self.controls["theme"].index())]
        if scheme == self.settings.preference("theme"):
            return
        self._choose("theme", scheme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, scheme)

    def _choose(self, name: str, value: Any) -> None:
        self.settings.set_preference(name, value)

    def _reset(self) -> None:
        self.settings.reset_preferences()
        self.show_settings()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, theme.SCHEMES[0])


def open_folder(path: Path) -> None:
    """Show a folder in the system's file manager; it is made first if it is not there."""
    path.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _note(text: str) -> QLabel:
    label = Label(text)
    label.setWordWrap(True)
    theme.set_kind(label, "secondary")
    return label
