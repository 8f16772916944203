"""The middle of the prompt panel: a page for making, a page for editing, seed and count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from aigc_studio.api import Description, Operation
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.forms.controls import Segments, Switch
from aigc_studio.ui.forms.numbers import NumberBox, NumberSlider
from aigc_studio.ui.forms.rows import RowLabel
from aigc_studio.ui.labels import Label
from aigc_studio.ui.prompt.elsewhere import Elsewhere
from aigc_studio.ui.prompt.explain_row import ExplainRow
from aigc_studio.ui.prompt.operations import OperationPage
from aigc_studio.ui.prompt.parts import SeedRow, put_after, stacked

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.controls import ControlBox, LikeLine

LARGEST_COUNT = 64
_VERBS = ("generate", "edit")


class Middle(QWidget):
    """Two pages, one for each verb, and what both share.

    `changed` fires when anything is another value, `verb_changed` when the other page shows.
    """

    changed = Signal()
    verb_changed = Signal()
    operation_chosen = Signal(object)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: dict[OperationPage, str] = {}
        self._description: Description | None = None
        self.verbs = Segments([_("New"), _("Edit")])
        """*New* and *Edit*; the panel lays it out above everything else."""
        self.verbs.set_names(_("What to do"), _("Make something new, or edit what is selected"))
        self.elsewhere = Elsewhere()
        self._both = False
        self._target = Label()
        self._target.setWordWrap(True)
        theme.set_kind(self._target, "secondary")
        self.explains = ExplainRow()
        self.generate_page, self.edit_page = OperationPage(), OperationPage()
        self.seed = SeedRow()
        self.kept = Label(_("Kept: the same settings, the same result."))
        self.kept.setWordWrap(True)
        theme.set_kind(self.kept, "secondary")
        self.unlock = QPushButton(_("Take another seed each time"))
        theme.set_kind(self.unlock, "link")
        for told in (self.kept, self.unlock):
            told.hide()
            self.seed.lock.toggled.connect(told.setVisible)
        self.unlock.clicked.connect(lambda: self.seed.lock.setChecked(False))
        self.count = NumberBox(integer=True, minimum=1, maximum=LARGEST_COUNT)
        self._count_slider = NumberSlider(self.count, decimals=0, logarithmic=True)
        self._steered = QVBoxLayout()
        self._steered.setSpacing(theme.PADDING)
        self.live = Switch()
        self._foot = QWidget()
        self._errors = {name: _error_line() for name in ("seed", "count")}
        self._lay_out()
        for page in self.pages():
            page.operation_chosen.connect(self.operation_chosen)
            page.changed.connect(self.changed)
            page.confirmed.connect(self.confirmed)
        self.verbs.changed.connect(self._verb_toggled)
        self.seed.changed.connect(self._seed_changed)
        self._count_slider.changed.connect(self._count_changed)
        self.verbs.set_index(0)

    @cached_property
    def controls(self) -> ControlBox:
        """What the chosen model can be steered by; made when a model has something."""
        from aigc_studio.ui.prompt.controls import ControlBox

        box = ControlBox()
        box.hide()
        box.changed.connect(self.changed)
        self._steered.addWidget(box)
        _put_before(self.seed.box, box)
        return box

    @property
    def has_box(self) -> bool:
        """Whether `controls` was needed by now."""
        return "controls" in vars(self)

    @property
    def offers_controls(self) -> bool:
        """Whether the chosen operation can be steered, with the chosen model."""
        return self.has_box and not self.controls.isHidden()

    def first_wish(self) -> QWidget | None:
        """What the chosen operation is first told its wish with; None where there is nothing."""
        page = self.page()
        operation = page.asking()
        asks = operation.asks if operation is not None else ()
        if operation is not None and "prompt" in asks and operation.prompt != "none":
            return page.prompt
        rows = list(self.controls.rows.values()) if self.offers_controls else []
        rows = rows if "controls" in asks else []
        rows += [row for name, row in page.form.rows.items() if name in asks]
        return rows[0].focus_widget() if rows else None

    @cached_property
    def like(self) -> LikeLine:
        """Says that what is made is to be like something."""
        from aigc_studio.ui.prompt.controls import LikeLine

        line = LikeLine()
        self._steered.insertWidget(0, line)
        _put_before(self.controls.reset_all if self.has_box else self.seed.box, line)
        return line

    def pages(self) -> tuple[OperationPage, OperationPage]:
        """For making and for editing."""
        return self.generate_page, self.edit_page

    def page(self) -> OperationPage:
        """The page that shows, by the verb that is chosen."""
        return self.pages()[max(0, self.verbs.index())]

    def page_of(self, operation: Operation) -> OperationPage:
        """The page that an operation stands on."""
        return self.edit_page if operation.verb == "edit" else self.generate_page

    def verb(self) -> str:
        """`generate` or `edit`."""
        return _VERBS[max(0, self.verbs.index())]

    def show_verb(self, verb: str) -> OperationPage:
        """Show the page of a verb, if the generator makes anything; returns the page that shows."""
        if self._both:
            self.verbs.set_index(_VERBS.index(verb))
        return self.page()

    def has_both(self) -> bool:
        """Whether there is something to choose: a generator that only edits has one page."""
        return self._both

    def set_description(self, description: Description) -> None:
        """Offer what a generator does; keeps the page where it has one, and the operations that are
        chosen where it is the same one that says something else of itself now."""
        former, self._description = self._description, description
        same = former is not None and former.id == description.id
        for page in self.pages():
            operation = page.operation()
            chosen = operation.id if operation is not None else self._wanted.get(page, "")
            self._wanted[page] = chosen if same else ""
            page.clear()
        self._both = bool(description.of_verb("generate"))
        self.verbs.setVisible(self._both)
        if not self._both:
            self.verbs.set_index(_VERBS.index("edit"))
        self._show_page()

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Within, another generator, verb or model is shown, and the form that is right in the end
        is built once (`OperationPage.settling`)."""
        with self.generate_page.settling(), self.edit_page.settling():
            yield

    def set_elsewhere(self, sentence: str, others: Sequence[Description]) -> None:
        """Say on the edit page that the generator in use does nothing there, and which others do;
        with an empty sentence it does.
        """
        was = self.elsewhere.sentence.text()
        self.elsewhere.show_for(sentence, others)
        if was or sentence:
            self._show_page()

    def is_elsewhere(self) -> bool:
        """Whether the page that shows has nothing to set: others have."""
        return self.verb() == "edit" and bool(self.elsewhere.sentence.text())

    def set_target_title(self, title: str) -> None:
        """Say what an edit would work on."""
        if title != self._target.text():
            self._target.setText(title)
            self._target.setVisible(self.verb() == "edit" and bool(title))

    def set_errors(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Show errors beside the fields; return those that have none here."""
        left = self.page().set_errors(errors)
        if self.offers_controls:
            self.controls.set_error(left.pop("controls", ""))
        for name, line in self._errors.items():
            sentence = left.pop(name, "")
            line.setText(sentence)
            line.setVisible(bool(sentence))
        return left

    def first_error(self) -> QWidget | None:
        """The first field that shows an error."""
        row = self.page().form.first_error()
        shown = [line for line in self._errors.values() if line.text()]
        wrong = self.controls.error() if self.has_box else None
        return row or wrong or (shown[0] if shown else None)

    def _verb_toggled(self) -> None:
        with self.settling():
            self._show_page()
            self.verb_changed.emit()

    def _show_page(self) -> None:
        edits = self.verb() == "edit"
        # A form costs some ten milliseconds, so the page that does not show has none yet.
        if self._description is not None and self.page().operation() is None:
            page = self.page()
            page.set_description(self._description, self.verb(), self._wanted.get(page, ""))
        away = self.is_elsewhere()
        self.generate_page.setVisible(not edits)
        self.edit_page.setVisible(edits and not away)
        self._target.setVisible(edits and bool(self._target.text()))
        self.explains.set_wanted(edits)
        self.elsewhere.setVisible(away)
        self._foot.setVisible(not away)

    def _seed_changed(self) -> None:
        self._clear("seed")
        self.changed.emit()

    def _count_changed(self) -> None:
        self._clear("count")
        self.changed.emit()

    def _clear(self, name: str) -> None:
        self._errors[name].clear()
        self._errors[name].hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.PADDING)
        for part in (self._target, self.explains, self.elsewhere, *self.pages()):
            column.addWidget(part)
        column.addLayout(self._steered)
        column.addWidget(self._foot)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(theme.PADDING)
        seed = Label(_("Seed"))
        seed.setBuddy(self.seed.box)
        foot.addLayout(stacked(seed, self.seed, self.kept, self.unlock, self._errors["seed"]))
        count = RowLabel(_("How many"), draggable=True)
        count.dragged.connect(self.count.stepBy)
        self.count.setAccessibleName(_("How many"))
        self._count_slider.slider.setAccessibleName(_("How many, slider"))
        self.count.setToolTip(_("Results to make, from seeds that follow each other"))
        foot.addLayout(stacked(count, self._count_slider, self._errors["count"]))
        self.live.setText(_("Live preview"))
        self.live.setToolTip(_("Show at once on the canvas what a change does"))
        foot.addWidget(self.live)


def _put_before(after: QWidget, whole: QWidget) -> None:
    """Have Tab go through all that is in `whole`, which came last, and then to `after`."""
    before = after.previousInFocusChain()
    while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
        before = before.previousInFocusChain()
    if before is not None:
        put_after(before, whole)


def _error_line() -> QLabel:
    line = Label()
    line.setWordWrap(True)
    theme.set_kind(line, "error")
    line.hide()
    return line
