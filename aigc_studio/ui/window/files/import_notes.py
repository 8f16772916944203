"""What there is to say of files that came in, and what of them can be read otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QWidget

from aigc_studio.translation import _, enumerated, in_a_row, labelled, ngettext
from aigc_studio.ui.window.files.remarks_dialog import RemarksDialog
from aigc_studio.ui.window.message_bar import Aside
from aigc_studio.ui.window.messages import Passing

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Melody
    from aigc_studio.library import ImportOptions
    from aigc_studio.library.melodies import Choices
    from aigc_studio.project import Content, Provenance
    from aigc_studio.ui.studio import Actions, Studio

_MUCH, _MANY = 10_000, 10
"""Characters of a text, and tunes of a book, that a generator may be trained with."""


@dataclass(frozen=True)
class Found:
    """One file that was read: its content, what made it if that stands in it, what was left out,
    guessed or changed in it, and the names of its tunes, or of the parts of its tune (`are_parts`:
    they sound together). Its letters were read in the `encoding` that was named, else as was
    found out (`is_guessed`)."""

    name: str
    content: Content
    provenance: Provenance | None
    artifact: Artifact | None = None
    remarks: tuple[str, ...] = ()
    path: Path | None = None
    parts: tuple[str, ...] = ()
    are_parts: bool = True
    encoding: str = ""
    is_guessed: bool = False

    @property
    def file(self) -> str:
        """What the file is called."""
        return self.path.name if self.path else self.name

    @property
    def is_much(self) -> bool:
        """Whether it is of somebody's own, and enough to learn from."""
        if self.path is None or self.provenance is not None:
            return False
        if self.content.medium == "text":
            return int(self.content.info.get("length", 0)) >= _MUCH
        return not self.are_parts and len(self.parts) >= _MANY


@dataclass(frozen=True)
class Refusal:
    """A file that could not be read, and why."""

    file: str
    reason: str

    @property
    def sentence(self) -> str:
        """Why, with the name of the file in any case."""
        return self.reason if self.file in self.reason else labelled(self.file, self.reason)


Read = Callable[[list[Path], "ImportOptions"], None]
Put = Callable[[list[tuple[str, "Melody"]]], None]
Learn = Callable[[Path, str], None]


class ImportNotes(QObject):
    """Tells of files that came in, in one message; `read(paths, options)` reads some otherwise,
    `put(tunes)` takes tunes chosen from them, `learn(path, medium)` trains a generator with one."""

    def __init__(self, studio: Studio, window: QWidget, read: Read, put: Put, learn: Learn) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._read = read
        self._put = put
        self._learn = learn
        self._told = 0

    def tell(self, refused: list[Refusal], found: list[Found]) -> None:
        """What could not be read, and the remarks on what could: one message, that none hides."""
        odd = [each for each in found if each.remarks]
        remarks = [labelled(each.file, in_a_row(each.remarks)) for each in odd]
        sentences = [_refused_in_one([each.sentence for each in refused])] if refused else []
        sentences += [_remarks_in_one(remarks)] if remarks else []
        lesson = self._lesson(refused, found)
        if lesson is not None and not sentences:
            enough = _("“{name}” is long enough to train a generator with.")
            sentences = [enough.format(name=lesson.file)]
        if not sentences:
            return
        rows = [(each.file, each.reason) for each in refused]
        rows += [(each.file, "\n".join(each.remarks)) for each in odd]
        self._told += 1
        _Note(
            self,
            subject=f"import {self._told}",
            sentence=in_a_row(sentences),
            kind="warning" if refused else "info",
            details="\n".join([*(each.sentence for each in refused), *remarks]),
            rows=rows,
            tunes=[each for each in odd if len(each.parts) > 1 and each.path],
            texts=[each.path for each in odd if each.is_guessed and each.path],
            lesson=lesson,
        ).say()

    def _lesson(self, refused: list[Refusal], found: list[Found]) -> Found | None:
        """One file that came alone, and that a generator which is here can learn from."""
        from aigc_studio.ui.window.training.learners import learner_of

        if refused or len(found) != 1 or not found[0].is_much:
            return None
        return found[0] if learner_of(self._studio, found[0].content.medium) else None


@dataclass
class _Note:
    """One message, with what of its files can be read otherwise; that comes onto the board as well.

    What has been answered is offered no longer, what has not is offered on.
    """

    notes: ImportNotes
    subject: str
    sentence: str
    kind: str
    details: str
    rows: list[tuple[str, str]]
    tunes: list[Found]
    texts: list[Path]
    lesson: Found | None = None

    def say(self) -> None:
        """Show it with all that can be done."""
        actions = self._offers()
        if len(self.rows) > 1:
            actions.append((_("Show all"), Aside(self._show_all)))
        details = self.details if len(self.rows) > 1 else ""
        self.notes._studio.say(self.sentence, self.kind, actions, details, self.subject)

    def _offers(self) -> Actions:
        offers: Actions = []
        if self.tunes:
            if all(each.are_parts for each in self.tunes):
                offers.append((_("All parts"), Aside(self._take_all_parts)))
                offers.append((_("Choose parts…"), Aside(self._choose_parts)))
            else:
                offers.append((_("Choose tunes…"), Aside(self._choose_parts)))
        if self.texts:
            offers.append((_("Other encoding…"), Aside(self._ask_encoding)))
        if self.lesson is not None:
            offers.append((_("Train…"), Passing(self._train)))
        return offers

    def _train(self) -> None:
        if self.lesson is not None and self.lesson.path is not None:
            self.notes._learn(self.lesson.path, self.lesson.content.medium)

    def _say_rest(self) -> None:
        if self._offers():
            self.say()
        else:
            self.notes._studio.taken_back.emit(self.subject)

    def _show_all(self) -> None:
        RemarksDialog(self.rows, self.notes._window).open()

    def _take_all_parts(self) -> None:
        from aigc_studio.library.options import ALL_PARTS, ImportOptions

        paths = [each.path for each in self.tunes if each.path]
        self.tunes = []
        self._say_rest()
        self.notes._read(paths, ImportOptions(part=ALL_PARTS))

    def _choose_parts(self) -> None:
        """Show what the files hold, beside the window as a collection may be long."""
        files = [(each.path, each.encoding) for each in self.tunes if each.path]
        self.notes._studio.errands.run_in_order(
            lambda: _choices_of(files), self._ask_parts, self.notes._studio.say_error
        )

    def _ask_parts(self, offers: list[Choices]) -> None:
        from aigc_studio.ui.window.files.parts_dialog import PartsDialog

        dialog = PartsDialog(offers, self.notes._window)
        dialog.chosen.connect(self._take_parts)
        dialog.open()

    def _take_parts(self, tunes: list[tuple[str, Melody]]) -> None:
        self.tunes = []
        self._say_rest()
        self.notes._put(tunes)

    def _ask_encoding(self) -> None:
        from aigc_studio.library.texts.encodings import TITLES

        names = enumerated(path.name for path in self.texts[:3])
        label = _("Read {names} as").format(names=names)
        self._choose(_("Other encoding"), label, TITLES, self._take_encoding)

    def _take_encoding(self, title: str) -> None:
        from aigc_studio.library.options import ImportOptions

        paths, self.texts, self.lesson = self.texts, [], None  # what is read anew says it itself
        self._say_rest()
        self.notes._read(paths, ImportOptions(encoding=title))

    def _choose(
        self, title: str, label: str, choices: Sequence[str], then: Callable[[str], None]
    ) -> None:
        """Ask for one of a list; Escape answers nothing, so that all is offered still."""
        dialog = QInputDialog(self.notes._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setComboBoxItems(list(choices))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(then)
        dialog.open()


def _choices_of(files: Sequence[tuple[Path, str]]) -> list[Choices]:
    from aigc_studio.library import melodies

    return [melodies.choices(path, encoding) for path, encoding in files]


def _refused_in_one(reasons: list[str]) -> str:
    if len(reasons) == 1:
        return reasons[0]
    return ngettext(
        "{count} file could not be read. The first: {reason}",
        "{count} files could not be read. The first: {reason}",
        len(reasons),
    ).format(count=len(reasons), reason=reasons[0])


def _remarks_in_one(remarks: list[str]) -> str:
    if len(remarks) == 1:
        return remarks[0]
    return ngettext(
        "There are remarks on {count} file. The first: {remark}",
        "There are remarks on {count} files. The first: {remark}",
        len(remarks),
    ).format(count=len(remarks), remark=remarks[0])
