"""A model's card: what it makes, from what data, how well, under what licence, made how.

A picture first, then plain words; digests, measures and the command are under Details.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.library.cards import count, data_before, duration, part, words
from aigc_studio.library.course import card_verdict
from aigc_studio.library.evaluation import measured_on
from aigc_studio.library.measures import (
    card_measures,
    control_facts,
    own_words,
    told_measures,
)
from aigc_studio.library.summaries import card_rights, data_title, known, plain_line, rights
from aigc_studio.translation import _, enumerated, in_a_row, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.form import Section
from aigc_studio.ui.labels import Label, shortened, tip
from aigc_studio.ui.library.asking import no_default
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import size_text, time_text
from aigc_studio.ui.measure_row import MeasureRow
from aigc_studio.ui.model_pictures import ModelPicture, medium_of_card
from aigc_studio.ui.training.artifact_view import ArtifactView

if TYPE_CHECKING:
    from pathlib import Path

    from aigc_studio.api import Artifact, Description, Progress
    from aigc_studio.library import ModelInfo


_PICTURE = QSize(256, 256)
_FIRST_COLUMN = 96
_LONGEST_COMMAND = 160
_SHOWN = QSize(240, 136)
_MOST_LINES = 8
"""Of what is told of a model's quality in words."""


class ModelView(QScrollArea):
    """Shows the card of one model.

    `use_wanted`, `train_wanted` and `sample_wanted` carry the model, as `measure_wanted` (on which
    data is asked, `measuring.offer`) and `measure_cancelled` do.
    """

    use_wanted = Signal(object)
    train_wanted = Signal(object)
    sample_wanted = Signal(object)
    measure_wanted = Signal(object)
    measure_cancelled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.model: ModelInfo | None = None
        self._command = ""
        self.title = Label()
        theme.set_kind(self.title, "title")
        self.about = Label(wordWrap=True)
        theme.set_kind(self.about, "secondary")
        self.picture = ModelPicture(_PICTURE)
        self.sections = {
            "what": (Label(), Facts(_FIRST_COLUMN)),
            "quality": (Label(_("How well")), Facts()),
            "controls": (Label(_("What its controls do")), Facts(_FIRST_COLUMN)),
            "identity": (Label(_("The model")), Facts(_FIRST_COLUMN)),
            "measures": (Label(_("Measures")), Facts(_FIRST_COLUMN)),
            "data": (Label(_("Learnt from")), Facts(_FIRST_COLUMN)),
            "made": (Label(_("How it was made")), Facts(_FIRST_COLUMN)),
        }
        self.details = Section(_("Details"))
        self._make_buttons()
        self._lay_out()
        no_default(self)

    def _make_buttons(self) -> None:
        self.use = QPushButton(icons.icon("check", "on_accent"), _("Use"))
        self.use.setMinimumHeight(theme.MAIN_HEIGHT)
        theme.set_kind(self.use, "primary")
        self.use.clicked.connect(lambda: self.use_wanted.emit(self.model))
        self.train = QPushButton(icons.icon("train"), _("Train on…"))
        self.train.setMinimumHeight(theme.MAIN_HEIGHT)
        self.train.setToolTip(_("Train a new model that starts from this one"))
        self.train.clicked.connect(lambda: self.train_wanted.emit(self.model))
        self.sample = QPushButton(icons.icon("sparkle"), _("Make a sample"))
        self.sample.setToolTip(_("Have the model make something, to be known by"))
        self.sample.clicked.connect(lambda: self.sample_wanted.emit(self.model))
        self.measured_on = Label(wordWrap=True)
        theme.set_kind(self.measured_on, "secondary")
        self.shown_title = Label(wordWrap=True)
        theme.set_kind(self.shown_title, "secondary")
        self.shown = ArtifactView(least=_SHOWN)
        self.shown.setFixedHeight(_SHOWN.height())
        self.measuring = MeasureRow()
        self.measuring.keep_left()
        self.measuring.asked.connect(lambda: self.measure_wanted.emit(self.model))
        self.measuring.cancelled.connect(lambda: self.measure_cancelled.emit(self.model))
        self.copy = QPushButton(icons.icon("copy"), _("Copy the command"))
        self.copy.setToolTip(_("The command line that does the same training"))
        self.copy.clicked.connect(self._copy_command)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(900)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.title)
        layout.addWidget(self.about)
        layout.addSpacing(theme.GAP)
        layout.addLayout(self._front())
        layout.addSpacing(theme.GAP)
        layout.addWidget(self.details)
        for name in ("identity", "measures", "data", "made"):
            self._add_section(self.details.column, name)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        self.details.column.addLayout(row)
        layout.addStretch(1)
        self.setWidget(inside)

    def _front(self) -> QHBoxLayout:
        """The picture, and what is best known of a model beside it."""
        left, right, row = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(self.picture)
        left.addWidget(self.sample)
        left.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.use)
        buttons.addWidget(self.train)
        buttons.addStretch(1)
        right.setSpacing(theme.GAP)
        right.addLayout(buttons)
        right.addSpacing(theme.GRID)
        self._add_section(right, "what")
        right.addSpacing(theme.GRID)
        self._add_section(right, "quality")
        right.addWidget(self.measured_on)
        right.addWidget(self.shown_title)
        right.addWidget(self.shown)
        right.addSpacing(theme.GRID)
        self._add_section(right, "controls")
        right.addWidget(self.measuring)
        right.addStretch(1)
        row.setSpacing(theme.SECTION)
        row.addLayout(left)
        row.addLayout(right, 1)
        return row

    def _add_section(self, column: QVBoxLayout, name: str) -> None:
        heading, facts = self.sections[name]
        theme.set_kind(heading, "heading")
        column.addWidget(heading)
        column.addWidget(facts)

    def show_model(self, model: ModelInfo, generator: Description | None = None) -> None:
        """Show a model, whose `generator` is None where it is not here."""
        self.model, card = model, model.card
        self.title.setText(model.title)
        origin = _("Comes with the studio") if model.shipped else _("Your own")
        own = generator.metrics if generator else None
        self.about.setText(" · ".join(filter(None, (origin, plain_line(card, own)))))
        medium = str(generator.medium) if generator else medium_of_card(card)
        self.picture.show_model(model, medium)
        self._show_buttons(model, generator)
        self._command = words(card, "command")
        self.copy.setVisible(bool(self._command))
        self._show("what", _what(model, generator))
        plain = card_measures(card, own) or [_("Nothing was measured.")]
        # The others stand under Details, with all numbers.
        self._show("quality", [("", line) for line in plain[:_MOST_LINES]])
        self._show("controls", list(control_facts(card).values()))
        told = in_a_row(filter(None, (measured_on(card), card_verdict(card))))
        self.measured_on.setText(told)
        self.measured_on.setVisible(bool(self.measured_on.text()))
        self._show_shown(model)
        self._show("identity", _identity(model))
        self._show("measures", told_measures(card.get("metrics"), own_words(card, own)))
        self._show("data", _data(card))
        self._show("made", _made(card))

    def _show_shown(self, model: ModelInfo) -> None:
        """What measuring it showed, and what that is."""
        artifact = _read(model.shown) if model.shown is not None else None
        title = localized(part(model.card, "evaluation").get("shown", "")) if artifact else ""
        self.shown.setVisible(artifact is not None)
        self.shown.show_artifact(artifact)
        self.shown_title.setVisible(bool(title))
        self.shown_title.setText(title)

    def show_sampling(self, under_way: bool) -> None:
        """While a sample is being made the button waits."""
        self.sample.setEnabled(not under_way)
        self.sample.setText(_("Making a sample…") if under_way else _("Make a sample"))

    def show_measuring(self, under_way: bool, progress: Progress | None = None) -> None:
        """Whether it is being measured now, and how far."""
        self.measuring.show_progress(under_way, progress)

    def _show_buttons(self, model: ModelInfo, generator: Description | None) -> None:
        verbs = generator.verbs if generator else ()
        self.use.setEnabled(bool(verbs))
        what = _("Choose it in the prompt panel")
        self.use.setToolTip(what if verbs else _missing(model))
        self.train.setVisible("train" in verbs)
        self.measuring.setVisible("evaluate" in verbs)
        self.sample.setVisible("generate" in verbs and not self.picture.shows_samples)

    def _show(self, section: str, facts: list[tuple[str, str]]) -> None:
        heading, shown = self.sections[section]
        kept = [fact for fact in facts if fact[1]]
        heading.setVisible(bool(kept) and bool(heading.text()))
        shown.setVisible(bool(kept))
        shown.show_facts(kept)

    @Slot()
    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(self._command)


def _read(path: Path) -> Artifact | None:
    """A file that was looked at (`api.samples`); None where it is damaged."""
    from aigc_studio.api import samples
    from aigc_studio.wire.artifacts import read_artifact_file

    medium = samples.medium_of(path)
    try:
        return read_artifact_file(path, medium) if medium else None
    except (OSError, ValueError):
        return None


def _what(model: ModelInfo, generator: Description | None) -> list[tuple[str, str]]:
    card, frame = model.card, part(model.card, "frame")
    pictures = ""
    if count(frame, "width") and count(frame, "height"):
        kinds = {"L": _("grey"), "RGB": _("colour"), "RGBA": _("colour and transparency")}
        kind = kinds.get(str(frame.get("mode")), "")
        pictures = f"{frame['width']}×{frame['height']} {kind}".strip()
    data, examples = data_title(card), count(part(card, "data"), "examples")
    makes = known(card)
    return [
        (_("Makes"), makes if makes != data else ""),
        (_("Pictures"), pictures),
        (_("Learnt from"), data),
        (_("Examples"), f"{examples:,}" if examples is not None else ""),
        (_("Generator"), localized(generator.title) if generator else model.generator),
        (_("Licence"), card_rights(card) or _("not recorded")),
    ]


def _identity(model: ModelInfo) -> list[tuple[str, str]]:
    weights = count(model.card, "parameter_count")
    return [
        (_("Credit"), words(model.card, "credit")),
        (_("Weights"), f"{weights:,}" if weights is not None else ""),
        (_("Size"), size_text(model.size)),
        (_("Digest"), model.digest),
    ]


def _data(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    data = part(card, "data")
    names = [words(each, "name") for each in data_before(card)]
    return [
        (_("Dataset"), data_title(card)),
        (_("Licence"), rights(words(data, "licence"), words(data, "pack"))),
        (_("Credit"), words(data, "credit")),
        (_("Fingerprint"), words(data, "fingerprint")),
        (_("Before that"), enumerated(each for each in names[:20] if each)),
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
        # One that was trained in several goes has a page of it; the button beside copies it whole.
        (_("Command"), shortened(words(card, "command"), _LONGEST_COMMAND)),
        (_("Versions"), enumerated(told)),
    ]


def _missing(model: ModelInfo) -> str:
    """What to install for a model whose generator is not here, as far as its card knows that."""
    told = model.card.get("plugin")
    package = str(told.get("distribution") or "") if isinstance(told, dict) else ""
    if not package:
        sentence = _("Its generator {name} is not here: install the plugin first.")
        return sentence.format(name=model.generator)
    sentence = _("Its generator {name} is not here: install {package} in the Plugins window.")
    return tip(sentence.format(name=model.generator, package=shortened(package)))
