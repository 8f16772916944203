"""A model's card: what it is, from what data, how good, under what licence, made how."""

from __future__ import annotations

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

from aigc_studio.library.measures import measure_title
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import number_text, size_text, time_text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        self._command = str(card.get("command", ""))
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
    card, frame = model.card, model.card.get("frame") or {}
    pictures = ""
    if frame.get("width") and frame.get("height"):
        kinds = {"L": _("grey"), "RGB": _("colour"), "RGBA": _("colour and transparency")}
        kind = kinds.get(str(frame.get("mode")), "")
        pictures = f"{frame['width']}×{frame['height']} {kind}".strip()
    count = card.get("parameter_count")
    return [
        (_("Generator"), model.generator),
        (_("Pictures"), pictures),
        (_("Weights"), f"{count:,}" if isinstance(count, int) else ""),
        (_("Licence"), str(card.get("licence") or _("not recorded"))),
        (_("Credit"), str(card.get("credit") or "")),
        (_("Size"), size_text(model.size)),
        (_("Digest"), model.digest),
    ]


def _data(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    data = card.get("data") or {}
    before = [str(each.get("name", "")) for each in data.get("before") or []]
    examples = data.get("examples")
    return [
        (_("Dataset"), str(data.get("name", ""))),
        (_("Examples"), f"{examples:,}" if isinstance(examples, int) else ""),
        (_("Licence"), str(data.get("licence", ""))),
        (_("Credit"), str(data.get("credit", ""))),
        (_("Fingerprint"), str(data.get("fingerprint", ""))),
        (_("Before that"), ", ".join(each for each in before if each)),
    ]


def _made(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    seconds, steps = card.get("seconds"), card.get("steps") or card.get("step")
    versions = card.get("versions") or {}
    base = card.get("base") or {}
    return [
        (_("Started from"), str(base.get("name", ""))),
        (_("Time"), time_text(seconds) if isinstance(seconds, int | float) else ""),
        (_("Steps"), f"{steps:,}" if isinstance(steps, int) else ""),
        (_("Seed"), str(card.get("seed", ""))),
        (_("Command"), str(card.get("command", ""))),
        (_("Versions"), ", ".join(f"{name} {value}" for name, value in sorted(versions.items()))),
    ]
