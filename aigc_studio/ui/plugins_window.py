"""The Plugins window: a card for every plugin that was found, working or not, and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
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
from aigc_studio.translation import _, enumerated, localized, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label, shortened
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import medium_text
from aigc_studio.ui.model_pictures import ModelButton
from aigc_studio.ui.screen_room import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.api import Description
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo


_MOST_WARNINGS = 3
_MOST_MODELS = 4


_PICTURE = QSize(112, 84)
_HEIGHTS = (360, 680)
"""Between which heights the window is as high as what stands in it."""


class PluginsWindow(QDialog):
    """All records as cards. `reload_requested` asks for looking again; `model_wanted` carries the
    digest of a model that a person wants to look at."""

    reload_requested = Signal()
    model_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Plugins"))
        fit(self, 720, 560)
        self._is_fitted = False
        self.cards: list[PluginCard] = []
        self.summary = Label()
        theme.set_kind(self.summary, "secondary")
        self.search = QLineEdit(placeholderText=_("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search plugins"))
        self.search.textChanged.connect(self._filter)
        self.reload = QPushButton(icons.icon("reset"), _("Scan again"))
        self.reload.setToolTip(_("Read new and changed plugins without starting the studio again"))
        self.reload.clicked.connect(self._ask_reload)
        self.folder = QPushButton(icons.icon("folder"), _("Open the plugin folder"))
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
        self._list.addWidget(self._invitation())
        self._list.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._list)
        area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(_("Plugins"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        foot = QHBoxLayout()
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

    def _invitation(self) -> QWidget:
        """How more of them come here, after the last one."""
        card = QFrame()
        theme.set_kind(card, "card")
        title = Label(_("Add a plugin"))
        theme.set_kind(title, "heading")
        how = Label(
            _(
                "A Python file or folder in the plugin folder becomes a plugin; press Scan again "
                "when it is there. A plugin runs programs of its author: add only those you trust."
            ),
            wordWrap=True,
        )
        theme.set_kind(how, "secondary")
        row = QHBoxLayout(card)
        row.setContentsMargins(*[theme.PADDING] * 4)
        row.setSpacing(theme.SECTION)
        words = QVBoxLayout()
        words.setSpacing(theme.GRID)
        words.addWidget(title)
        words.addWidget(how)
        row.addLayout(words, 1)
        row.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def set_records(
        self, records: Sequence[PluginRecord], models: Sequence[ModelInfo] = ()
    ) -> None:
        """Show these records with their models: those that need attention first, then by title."""
        for card in self.cards:
            self._list.removeWidget(card)
            card.deleteLater()
        ordered = sorted(records, key=lambda each: (each.state == "ready", title_of(each).lower()))
        self.cards = [PluginCard(record, _models_of(record, models)) for record in ordered]
        for place, card in enumerate(self.cards):
            card.model_wanted.connect(self.model_wanted)
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
        self.summary.setText(enumerated(parts))
        self.set_reloading(False)
        self._filter(self.search.text())
        if records and not self._is_fitted:
            self._is_fitted = True
            self._fit()

    def _fit(self) -> None:
        """As high as what stands in it, so that no half of it is empty."""
        width = self.width() - 2 * theme.SECTION - theme.GAP
        needed = self._list.heightForWidth(width) if self._list.hasHeightForWidth() else 0
        needed = max(needed, self._list.sizeHint().height() if not needed else 0)
        low, high = _HEIGHTS
        fit(self, self.width(), max(low, min(needed + 2 * theme.PADDING + 96, high)))

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
    """One plugin: what it is, what it can do, its models; or why it does not work.

    `model_wanted` carries the digest of a model that was pressed.
    """

    model_wanted = Signal(str)

    def __init__(
        self,
        record: PluginRecord,
        models: Sequence[ModelInfo] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record = record
        self.models: list[ModelButton] = []
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
            self._show_models(str(record.description.medium), models)
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
        facts = Facts(96)
        facts.show_facts([
            (_("Medium"), medium_text(str(description.medium))),
            (_("Makes new"), _titles(description, "generate")),
            (_("Works on"), _titles(description, "edit")),
            (_("Learns"), _titles(description, "train")),
            (_("Tells"), _titles(description, "evaluate")),
        ])  # fmt: skip
        self._layout.addSpacing(theme.GRID)
        self._layout.addWidget(facts)

    def _show_models(self, medium: str, models: Sequence[ModelInfo]) -> None:
        """What its models make; a press shows the model."""
        if not models:
            return
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for model in models[:_MOST_MODELS]:
            button = ModelButton(_PICTURE)
            button.show_model(model, medium)
            button.clicked.connect(partial(self.model_wanted.emit, model.digest))
            name = ElidedLabel(model.name)
            name.setFixedWidth(_PICTURE.width())
            theme.set_kind(name, "secondary")
            column = QVBoxLayout()
            column.setSpacing(theme.GRID)
            column.addWidget(button)
            column.addWidget(name)
            row.addLayout(column)
            self.models.append(button)
        more = len(models) - _MOST_MODELS
        if more > 0:
            text = ngettext("and {count} more", "and {count} more", more)
            row.addWidget(Label(text.format(count=more)))
        row.addStretch(1)
        self._layout.addSpacing(theme.GAP)
        self._layout.addLayout(row)
        self._layout.addSpacing(theme.GRID)

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


def _models_of(record: PluginRecord, models: Sequence[ModelInfo]) -> list[ModelInfo]:
    about = record.description
    return [each for each in models if about is not None and each.generator == about.id]


def _titles(description: Description, *verbs: str) -> str:
    """What a generator's operations under these verbs are called."""
    titles = [localized(each.title) for verb in verbs for each in description.of_verb(verb)]
    # Not all words of 64 operations: a label takes its time over each.
    return shortened(enumerated(titles), limits.SENTENCE)


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
