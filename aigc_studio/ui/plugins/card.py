"""One plugin as a card: what it is, what it may use, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label, tip
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import medium_text
from aigc_studio.ui.model_pictures import ModelButton
from aigc_studio.ui.plugins import places, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.host import PluginRecord
    from aigc_studio.host.badges import Badge
    from aigc_studio.library import ModelInfo

_MOST_WARNINGS = 3
_MOST_MODELS = 4
_PICTURE = QSize(112, 84)


class PluginCard(QFrame):
    """One plugin: what it is, what it can do, its models; or why it does not work.

    `model_wanted` carries the digest of a model that was pressed; `switched` (record, on),
    `removal_wanted`, `environment_wanted` (record, whether it is to have one) ask for a change.
    """

    model_wanted = Signal(str)
    switched = Signal(object, bool)
    removal_wanted = Signal(object)
    environment_wanted = Signal(object, bool)

    def __init__(
        self,
        record: PluginRecord,
        models: Sequence[ModelInfo] = (),
        badges: Sequence[Badge] = (),
        folded: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record = record
        self.models: list[ModelButton] = []
        self.buttons: dict[str, QToolButton] = {}
        self._folded = folded
        theme.set_kind(self, "card")
        self.setAccessibleName(words.title_of(record))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*[theme.PADDING] * 4)
        self._layout.setSpacing(theme.GRID)
        self._layout.addLayout(self._head())
        if record.state != "ready":
            self._add_line(record.reason, "error" if record.state == "failed" else "warning")
        if record.description is not None:
            self._describe()
            self._show_badges(badges)
            self._show_models(str(record.description.medium), models)
        for sentence in (*record.warnings[:_MOST_WARNINGS], *record.outdated[:_MOST_WARNINGS]):
            self._add_line(sentence, "warning")
        self._add_line(words.origin_text(record), "secondary")
        self._layout.addLayout(self._make_buttons())
        if record.details:
            self._add_details(record.details)
        texts = [label.text() for label in self.findChildren(QLabel)]
        told = [word for fact in _facts(record) for word in fact]
        self.words = " ".join([*texts, *told]).lower()

    @property
    def medium(self) -> str:
        """What it makes; empty when it could not say."""
        return str(self.record.description.medium) if self.record.description else ""

    def _head(self) -> QHBoxLayout:
        record = self.record
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        badge = Label()
        name = self.medium or "plugins"
        role = theme.badge(name) if self.medium else "muted"
        badge.setPixmap(icons.pixmap(name, role, ratio=self.devicePixelRatioF()))
        head.addWidget(badge)
        title = ElidedLabel(words.title_of(record))
        theme.set_kind(title, "heading")
        head.addWidget(title)
        version = ElidedLabel(words.version_text(record))
        theme.set_kind(version, "secondary")
        head.addWidget(version, 1)
        state = Label(words.state_text(record.state))
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
        self.facts = Facts(96)
        self._layout.addSpacing(theme.GRID)
        self._layout.addWidget(self.facts)
        if self._folded:
            line = ElidedLabel(words.in_a_line(description))
            theme.set_kind(line, "secondary")
            self._layout.addWidget(line)
            self.facts.hide()
        else:
            self._show_facts(True)

    def _show_facts(self, shown: bool) -> None:
        """All facts; of a folded card they are laid out when they are first asked for."""
        if shown and not self.facts.text():
            self.facts.show_facts(_facts(self.record))
        self.facts.setVisible(shown)

    def _show_badges(self, badges: Sequence[Badge]) -> None:
        """What was measured of it, those that hold first; how, stands in the tooltip."""
        if not badges:
            return
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for badge in sorted(badges, key=lambda each: not each.held):
            chip = Label(f"✓ {badge.title}" if badge.held else f"✗ {badge.title}")
            chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
            chip.setToolTip(tip(f"{badge.told}\n{_day(badge.when)}"))
            theme.set_kind(chip, "chip" if badge.held else "chip_off")
            row.addWidget(chip)
        row.addStretch(1)
        self._layout.addSpacing(theme.GRID)
        self._layout.addLayout(row)
        self._layout.addSpacing(theme.GRID)

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
            name = ElidedLabel(model.title)
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

    def _make_buttons(self) -> QHBoxLayout:
        record, row = self.record, QHBoxLayout()
        row.setSpacing(theme.GRID)
        if record.state != "disabled" or places.is_switched_off(record):
            self._add_switch(row)
        if self._folded and record.description is not None:
            self._add_button(row, "more", _("More"), "chevron-down")
            self.buttons["more"].setCheckable(True)
            self.buttons["more"].toggled.connect(self._show_facts)
        if places.file_of(record) is not None:
            self._add_button(row, "edit", _("Edit"), "edit")
            self.buttons["edit"].setToolTip(
                _("In your editor; what is saved is in the studio at the next Generate")
            )
            self.buttons["edit"].clicked.connect(lambda: places.open_file(record))
        self._add_button(row, "folder", _("Folder"), "folder")
        self.buttons["folder"].clicked.connect(lambda: places.open_folder(record))
        if places.docs_of(record):
            self._add_button(row, "docs", _("Docs"), "help")
            self.buttons["docs"].setToolTip(tip(places.docs_of(record)))
            self.buttons["docs"].clicked.connect(lambda: places.open_docs(record))
        if places.may_have_environment(record):
            has = places.has_environment(record)
            text = _("Back to the studio's Python") if has else _("Own environment")
            self._add_button(row, "environment", text, "terminal")
            self.buttons["environment"].setToolTip(
                _("A Python of its own, for what it needs in another version than the studio")
            )
            self.buttons["environment"].clicked.connect(
                lambda: self.environment_wanted.emit(record, not has)
            )
        row.addStretch(1)
        if places.may_be_removed(record):
            self._add_button(row, "remove", _("Remove"), "trash")
            self.buttons["remove"].clicked.connect(lambda: self.removal_wanted.emit(record))
        return row

    def _add_switch(self, row: QHBoxLayout) -> None:
        """None for what the environment leaves out: no switch would bring it back."""
        record, off = self.record, places.is_switched_off(self.record)
        text = _("Switch on") if off else _("Switch off")
        self._add_button(row, "switch", text, "check" if off else "stop")
        self.buttons["switch"].clicked.connect(lambda: self.switched.emit(record, off))

    def _add_button(self, row: QHBoxLayout, key: str, text: str, icon: str) -> None:
        button = QToolButton()
        button.setText(text)
        button.setIcon(icons.icon(icon, "muted"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(f"{text}: {words.title_of(self.record)}")
        row.addWidget(button)
        self.buttons[key] = button

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


def _day(when: float) -> str:
    """The day of a measurement, as it is written here."""
    day = QDateTime.fromSecsSinceEpoch(int(when)).date()
    return _("Measured on {day}").format(
        day=QLocale().toString(day, QLocale.FormatType.ShortFormat)
    )


def _facts(record: PluginRecord) -> list[tuple[str, str]]:
    """What is told of a plugin, as rows of what and the value."""
    description = record.description
    if description is None:
        return []
    return [
        (_("Medium"), medium_text(str(description.medium))),
        (_("Makes new"), words.titles(description, "generate")),
        (_("Works on"), words.titles(description, "edit")),
        (_("Learns"), words.titles(description, "train")),
        (_("Tells"), words.titles(description, "evaluate")),
        (_("Author"), localized(description.author) or _("Does not say")),
        (_("Licence"), description.licence or _("Does not say")),
        (_("May use"), words.uses_text(description)),
    ]
