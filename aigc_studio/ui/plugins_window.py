"""The Plugins window: a card for every plugin that was found, working or not, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio import folders
from aigc_studio.api import limits
from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.host import PluginRecord


_MOST_WARNINGS = 3


class PluginsWindow(QDialog):
    """All records as cards. `reload_requested` asks for looking again."""

    reload_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Plugins"))
        self.resize(720, 560)
        self.cards: list[PluginCard] = []
        self.summary = Label()
        theme.set_kind(self.summary, "secondary")
        self.search = QLineEdit(placeholderText=_("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search plugins"))
        self.search.textChanged.connect(self._filter)
        self.reload = QPushButton(icons.icon("reset"), _("Scan again"))
        self.reload.setToolTip(_("Read new and changed plugins without starting the studio again"))
        self.reload.clicked.connect(self._ask_reload)
        self.folder = QPushButton(icons.icon("folder"), _("Open plugin folder"))
        self.folder.setToolTip(_("A Python file or folder that you put there becomes a plugin"))
        self.folder.clicked.connect(open_plugin_folder)
        self._lay_out()

    def _lay_out(self) -> None:
        title = Label(_("Plugins"))
        theme.set_kind(title, "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self.summary, 1)
        head.addWidget(self.search)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, theme.GAP, 0)
        self._list.setSpacing(theme.GAP)
        self._list.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._list)
        area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(_("Plugins"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        foot = QHBoxLayout()
        foot.addWidget(self.folder)
        foot.addWidget(self.reload)
        foot.addStretch(1)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SECTION, theme.PADDING, theme.SECTION, theme.PADDING)
        layout.setSpacing(theme.GAP)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        layout.addLayout(foot)

    def set_records(self, records: Sequence[PluginRecord]) -> None:
        """Show these records: those that need attention first, then by title."""
        for card in self.cards:
            self._list.removeWidget(card)
            card.deleteLater()
        ordered = sorted(records, key=lambda each: (each.state == "ready", title_of(each).lower()))
        self.cards = [PluginCard(record) for record in ordered]
        for place, card in enumerate(self.cards):
            self._list.insertWidget(place, card)
        broken = sum(record.state != "ready" for record in records)
        text = ngettext("{count} plugin", "{count} plugins", len(records))
        parts = [text.format(count=len(records))]
        if broken:
            parts.append(
                ngettext("{count} does not work", "{count} do not work", broken).format(
                    count=broken
                )
            )
        self.summary.setText(", ".join(parts))
        self.set_reloading(False)
        self._filter(self.search.text())

    def set_reloading(self, reloading: bool) -> None:
        """While plugins are being read the button waits."""
        self.reload.setEnabled(not reloading)
        self.reload.setText(_("Looking…") if reloading else _("Scan again"))

    @Slot()
    def _ask_reload(self) -> None:
        self.set_reloading(True)
        self.reload_requested.emit()

    @Slot(str)
    def _filter(self, wanted: str) -> None:
        for card in self.cards:
            card.setVisible(wanted.lower() in card.words)


class PluginCard(QFrame):
    """One plugin: what it is, what it can do, where it comes from; or why it does not work."""

    def __init__(self, record: PluginRecord, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record = record
        theme.set_kind(self, "card")
        self.setAccessibleName(title_of(record))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*[theme.PADDING] * 4)
        self._layout.setSpacing(theme.GRID)
        self._layout.addLayout(self._head())
        if record.state != "ready":
            self._add_line(record.reason, "error" if record.state == "failed" else "warning")
        if record.description is not None:
            self._describe()
        for warning in record.warnings[:_MOST_WARNINGS]:
            self._add_line(warning, "warning")
        self._add_line(_origin(record), "secondary")
        if record.details:
            self._add_details(record.details)
        texts = [label.text() for label in self.findChildren(QLabel)]
        self.words = " ".join(texts).lower()

    def _head(self) -> QHBoxLayout:
        record = self.record
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        description = record.description
        badge = Label()
        name = str(description.medium) if description else "plugins"
        role = theme.badge(name) if description else "muted"
        badge.setPixmap(icons.pixmap(name, role, ratio=self.devicePixelRatioF()))
        head.addWidget(badge)
        title = ElidedLabel(title_of(record))
        theme.set_kind(title, "heading")
        head.addWidget(title)
        version = ElidedLabel(_version(record))
        theme.set_kind(version, "secondary")
        head.addWidget(version, 1)
        state = Label(state_text(record.state))
        kinds = {"ready": "good", "failed": "error"}
        theme.set_kind(state, kinds.get(record.state, "warning"))
        head.addWidget(state)
        return head

    def _describe(self) -> None:
        description = self.record.description
        if description is None:
            return
        if description.summary:
            self._add_line(localized(description.summary), "")
        titles = [
            localized(operation.title)
            for verb in ("generate", "edit", "train", "evaluate")
            for operation in description.of_verb(verb)
        ]
        if titles:
            # Not all words of 64 operations: a label takes its time over each.
            some = shortened(", ".join(titles), limits.SENTENCE)
            self._add_line(_("Can do: {list}").format(list=some), "secondary")

    def _add_line(self, text: str, kind: str) -> None:
        label = Label(text, wordWrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_kind(label, kind)
        self._layout.addWidget(label)

    def _add_details(self, details: str) -> None:
        button = QToolButton()
        button.setText(_("Details"))
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(icons.icon("chevron-down", "muted"))
        text = QPlainTextEdit(details, readOnly=True)
        text.setFont(theme.fixed_font())
        text.setFixedHeight(160)
        text.setAccessibleName(_("Details"))
        text.hide()
        button.toggled.connect(text.setVisible)
        self._layout.addWidget(button)
        self._layout.addWidget(text)


def open_plugin_folder() -> None:
    """Show the folder that plugins can be dropped into, made if it is not there yet."""
    folder = folders.plugin_folder()
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def title_of(record: PluginRecord) -> str:
    """What a plugin is called, or the name it was found under."""
    return localized(record.description.title) if record.description else record.source.name


def state_text(state: str) -> str:
    """A record's state in a word."""
    return {
        "ready": _("ready"),
        "failed": _("does not work"),
        "incompatible": _("does not fit this version"),
        "disabled": _("switched off"),
    }.get(state, state)


def _version(record: PluginRecord) -> str:
    if record.description is None:
        return ""
    return _("{id}, version {version}").format(
        id=record.description.id, version=record.description.version
    )


def _origin(record: PluginRecord) -> str:
    source = record.source
    parts = []
    if source.distribution:
        parts.append(_("From package {name}").format(name=source.distribution))
    if source.path:
        parts.append(str(source.path))
    if source.interpreter:
        parts.append(_("Python: {path}").format(path=source.interpreter))
    return "\n".join(parts)
