"""The choices of an import as controls: those of the medium that is chosen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from aigc_studio.library import ImportOptions
from aigc_studio.library.texts import encodings
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import in_line

_SHAPES = ("size", "mode", "fit", "split_text", "shortest", "longest")
"""The options that say what one example is."""
_sizes = (16, 28, 32, 48, 64, 96, 128)


class OptionsForm(QWidget):
    """`changed` after any choice; `options()` gives them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._add_picture_choices()
        self._add_text_choices()
        self._add_folder_choices()
        self._add_readings()
        # Those that matter for most, and those for who knows their data.
        self._media: dict[str, tuple[tuple[QWidget, ...], tuple[QWidget, ...]]] = {
            "image": (
                (self.folders, self.side, self.mode, self.fit),
                (self.layout_choice, self.label_column, self.group_column),
            ),
            "text": (
                (self.folders, self.split_text, self.shortest),
                (
                    self.layout_choice,
                    self.longest,
                    self.label_column,
                    self.text_column,
                    self.encoding,
                ),
            ),
            "melody": (
                (self.folders, self.part),
                (self.layout_choice, self.label_column, self.group_column, self.encoding),
            ),
        }
        self.rest = QWidget()
        """What few need: it stands where the page has it."""
        self._labels: dict[QWidget, QLabel] = {}
        self._lay_out()
        self.side.currentIndexChanged.connect(self._show_fit)
        self.took_for_people = False
        self._folders_said = False
        self._fixed: ImportOptions | None = None
        self._former: ImportOptions | None = None
        self.folders.activated.connect(self._note_said)

    def _add_picture_choices(self) -> None:
        self.side = self._combo(
            [(_("as they are"), None), *((f"{side} × {side}", side) for side in _sizes)],
            _("Size in pixels"),
        )
        self.mode = self._combo(
            [(_("as they are"), "keep"), (_("grey"), "grey"), (_("colour"), "rgb")], _("Colours")
        )
        self.fit = self._combo(
            [
                (_("add a margin"), "pad"),
                (_("cut the edges off"), "crop"),
                (_("stretch"), "stretch"),
            ],
            _("To make them square"),
        )

    def _add_text_choices(self) -> None:
        self.split_text = self._combo(
            [
                (_("automatic"), "auto"),
                (_("line"), "lines"),
                (_("sentence"), "sentences"),
                (_("paragraph"), "paragraphs"),
                (_("passage"), "passages"),
                (_("file"), "whole"),
            ],
            _("One example is a"),
        )
        self.split_text.setToolTip(
            _("Passages go on from one to the next: for prose and code, which is learnt in order")
        )
        self.shortest = self._spin(2, _("Shortest, in characters"))
        self.longest = self._spin(0, _("Longest, in characters"))
        self.longest.setSpecialValueText(_("any"))

    def _add_folder_choices(self) -> None:
        self.folders = self._combo(
            [
                (_("a class: its label"), "label"),
                (_("a person or group"), "group"),
                (_("label and group"), "both"),
                (_("nothing"), "none"),
            ],
            _("A sub-folder is"),
        )
        self.folders.setToolTip(
            _("All pictures of a person or group are learnt from, or all of them are held out")
        )
        self.layout_choice = self._combo(
            [(_("parts of the data"), "auto"), (_("like any other"), "plain")],
            _("Folders train, test"),
        )

    def _add_readings(self) -> None:
        """How files are read where nobody could know it for sure."""
        found_out = _("automatic")
        self.encoding = self._combo(
            [(found_out, ""), *((title, title) for title in encodings.TITLES)], _("Encoding")
        )
        self.text_column = self._line(_("Column of the texts"), found_out)
        self.label_column = self._line(_("Column of the labels"), found_out)
        hint = _("Of tables: the name of a column or its number, counted from 1")
        self.text_column.setToolTip(hint)
        none = _("- for none")  # not within the f-string: there it is not found for translating
        self.label_column.setToolTip(f"{hint}; {none}")
        self.group_column = self._line(_("Column of the groups"), _("none"))
        self.group_column.setToolTip(
            _("Of a table beside the files: what is to be kept together, such as a person")
        )
        self.part = self._line(_("Part of a tune"), found_out)
        self.part.setToolTip(_("Its name or number as it is told below, or all"))

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(placeholderText=placeholder)
        line.setAccessibleName(name)
        line.textChanged.connect(self.changed)
        return line

    def _combo(self, choices: list[tuple[str, object]], name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        # What was found out is longer than what stood there when it was first shown.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in choices:
            combo.addItem(text, value)
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def _spin(self, value: int, name: str) -> QSpinBox:
        spin = QSpinBox(minimum=0, maximum=100_000, value=value)
        spin.setAccessibleName(name)
        in_line(spin)
        spin.valueChanged.connect(self.changed)
        return spin

    def _lay_out(self) -> None:
        for place, whole in enumerate((self, self.rest)):
            grid = QGridLayout(whole)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(theme.GAP)
            grid.setVerticalSpacing(2)
            for controls in self._media.values():
                # Those of one medium only lie in the same places as those of the others.
                for column, control in enumerate(controls[place]):
                    if control not in self._labels:
                        self._labels[control] = _named(control)
                        grid.addWidget(self._labels[control], 0, column)
                        grid.addWidget(control, 1, column)
            grid.setColumnStretch(max(len(each[place]) for each in self._media.values()), 1)

    def show_medium(self, medium: str) -> None:
        """Show the choices of a medium."""
        asked = [each for controls in self._media[medium] for each in controls]
        for control, label in self._labels.items():
            control.setVisible(control in asked)
            label.setVisible(control in asked)
        self._show_fit()

    def options(self) -> ImportOptions:
        """The choices. Raises `StudioError` when they do not go together."""
        if self._fixed is None:
            return self._chosen()
        kept = {name: getattr(self._fixed, name) for name in (*_SHAPES, "crop", "attributes")}
        return replace(self._chosen(), **kept)

    def fix(self, options: ImportOptions | None) -> None:
        """Show by which options files join a dataset: what an example is cannot be chosen then, but
        how files are read can. With None the choices are as they were before."""
        if self._fixed is None:
            self._former = self._chosen()
        shown = options or self._former
        self._fixed = options
        if shown is not None:
            self.blockSignals(True)
            self._show(shown)
            self.blockSignals(False)
        for control in (
            self.side,
            self.mode,
            self.fit,
            self.split_text,
            self.shortest,
            self.longest,
        ):
            control.setEnabled(options is None)
        self._show_fit()

    def _show(self, options: ImportOptions) -> None:
        for combo, value in (
            (self.side, options.size), (self.mode, options.mode), (self.fit, options.fit),
            (self.split_text, options.split_text), (self.folders, options.folders),
            (self.layout_choice, options.layout), (self.encoding, options.encoding),
        ):  # fmt: skip
            if combo.findData(value) < 0:
                combo.addItem(f"{value} × {value}" if combo is self.side else str(value), value)
            combo.setCurrentIndex(combo.findData(value))
        self.shortest.setValue(options.shortest)
        self.longest.setValue(options.longest)
        for line, words in (
            (self.text_column, options.text_column), (self.label_column, options.label_column),
            (self.group_column, options.group_column), (self.part, options.part),
        ):  # fmt: skip
            line.setText(words)

    def _chosen(self) -> ImportOptions:
        return ImportOptions(
            size=self.side.currentData(),
            mode=self.mode.currentData(),
            fit=self.fit.currentData(),
            split_text=self.split_text.currentData(),
            shortest=self.shortest.value(),
            longest=self.longest.value(),
            folders=self.folders.currentData(),
            layout=self.layout_choice.currentData(),
            encoding=self.encoding.currentData(),
            text_column=self.text_column.text().strip(),
            label_column=self._told(self.label_column),
            group_column=self._told(self.group_column),
            part=self.part.text().strip(),
        )

    def choose_column(self, role: str, column: str) -> None:
        """Take a column of a table for the texts (role `text`) or the labels (`label`)."""
        line = self.text_column if role == "text" else self.label_column
        other = self.label_column if role == "text" else self.text_column
        if other.text().strip() == column:
            other.clear()
        line.setText(column)

    def show_form(self, form: str) -> None:
        """Say what one example of a text was found to be; empty for not yet."""
        place = self.split_text.findData(form)
        words = _("automatic")
        if form and form != "auto" and place >= 0:
            words = _("found: {form}").format(form=self.split_text.itemText(place))
        self.split_text.setItemText(0, words)

    def take_for_people(self) -> bool:
        """Take sub-folders for people, unless a person has said what they are; whether it did."""
        if self._folders_said or self.took_for_people:
            return False
        self.took_for_people = True
        self.folders.setCurrentIndex(self.folders.findData("group"))
        return True

    def forget_people(self) -> None:
        """Other files come: what their sub-folders are is open, if it was not said."""
        if self.took_for_people:
            self.took_for_people = False
            self.folders.setCurrentIndex(0)

    @Slot()
    def _note_said(self) -> None:
        self._folders_said, self.took_for_people = True, False

    def _told(self, line: QLineEdit) -> str:
        """What was typed, where it is asked for the medium that is shown."""
        return "" if line.isHidden() else line.text().strip()

    @Slot()
    def _show_fit(self) -> None:
        self.fit.setEnabled(self.side.currentData() is not None and self._fixed is None)


def _named(control: QWidget) -> QLabel:
    label = Label(control.accessibleName())
    theme.set_kind(label, "secondary")
    label.setBuddy(control)
    return label
