"""A model's card: what it is, from what data, how good, under what licence, made how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.library.cards import count, duration, part, words
from aigc_studio.library.measures import measure_title
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import number_text, size_text, time_text

if TYPE_CHECKING:
    from aigc_studio.library import ModelInfo


_FIRST_COLUMN = 120


class ModelView(QScrollArea):
    """Shows the card of one model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._command = ""
        self.title = Label()
        theme.set_kind(self.title, "title")
        self.origin = Label()
        theme.set_kind(self.origin, "secondary")
        self.sections = {
            "what": (Label(), Facts(_FIRST_COLUMN)),
            "data": (Label(_("Learnt from")), Facts(_FIRST_COLUMN)),
            "metrics": (Label(_("Quality")), Facts(_FIRST_COLUMN)),
            "made": (Label(_("How it was made")), Facts(_FIRST_COLUMN)),
        }
        self.copy = QPushButton(icons.icon("copy"), _("Copy the command"))
        self.copy.setToolTip(_("The command line that does the same training"))
        self.copy.clicked.connect(self._copy_command)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.title)
        layout.addWidget(self.origin)
        for heading, facts in self.sections.values():
            theme.set_kind(heading, "heading")
            layout.addSpacing(theme.GAP)
            layout.addWidget(heading)
            layout.addWidget(facts)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
        self.setWidget(inside)

    def show_model(self, model: ModelInfo) -> None:
        """Show a model."""
        card = model.card
        self.title.setText(model.name)
        self.origin.setText(_("Comes with the studio") if model.shipped else _("Your own"))
        self._command = words(card, "command")
        self.copy.setVisible(bool(self._command))
        self._show("what", _what(model))
        self._show("data", _data(card))
        metrics = card.get("metrics") or {}
        told = [(measure_title(name), number_text(value)) for name, value in metrics.items()]
        self._show("metrics", told or [("", _("nothing was measured"))])
        self._show("made", _made(card))

    def _show(self, section: str, facts: list[tuple[str, str]]) -> None:
        heading, shown = self.sections[section]
        kept = [fact for fact in facts if fact[1]]
        heading.setVisible(bool(kept) and bool(heading.text()))
        shown.setVisible(bool(kept))
        shown.show_facts(kept)

    @Slot()
    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(self._command)


def _what(model: ModelInfo) -> list[tuple[str, str]]:
    card, frame = model.card, part(model.card, "frame")
    pictures = ""
    if count(frame, "width") and count(frame, "height"):
        kinds = {"L": _("grey"), "RGB": _("colour"), "RGBA": _("colour and transparency")}
        kind = kinds.get(str(frame.get("mode")), "")
        pictures = f"{frame['width']}×{frame['height']} {kind}".strip()
    weights = count(card, "parameter_count")
    return [
        (_("Generator"), model.generator),
        (_("Pictures"), pictures),
        (_("Weights"), f"{weights:,}" if weights is not None else ""),
        (_("Licence"), words(card, "licence") or _("not recorded")),
        (_("Credit"), words(card, "credit")),
        (_("Size"), size_text(model.size)),
        (_("Digest"), model.digest),
    ]


def _data(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    data = part(card, "data")
    before = data.get("before")
    names = (
        [words(each, "name") for each in before if isinstance(each, Mapping)]
        if isinstance(before, list)
        else []
    )
    examples = count(data, "examples")
    return [
        (_("Dataset"), words(data, "name")),
        (_("Examples"), f"{examples:,}" if examples is not None else ""),
        (_("Licence"), words(data, "licence")),
        (_("Credit"), words(data, "credit")),
        (_("Fingerprint"), words(data, "fingerprint")),
        (_("Before that"), ", ".join(each for each in names[:20] if each)),
    ]


def _made(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    seconds = duration(card, "seconds")
    steps = count(card, "steps") or count(card, "step")
    versions = part(card, "versions")
    told = [f"{name} {words(versions, name)}" for name in sorted(versions)[:20]]
    return [
        (_("Started from"), words(part(card, "base"), "name")),
        (_("Time"), time_text(seconds) if seconds is not None else ""),
        (_("Steps"), f"{steps:,}" if steps else ""),
        (_("Seed"), str(card["seed"]) if count(card, "seed") is not None else ""),
        (_("Command"), words(card, "command")),
        (_("Versions"), ", ".join(told)),
    ]
