"""Files that come in: onto the board, or, for what the studio made, back to what made them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from aigc_studio.api.spelling import one_form
from aigc_studio.translation import _, ngettext
from aigc_studio.ui.window.places import places_for

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library import ImportOptions
    from aigc_studio.project import Content, ContentStore, Project, Provenance
    from aigc_studio.ui.window.studio import Studio

_AT_ONCE = 200
"""Files in one go; a folder of ten thousand pictures is a dataset, not a board."""


@dataclass(frozen=True)
class Found:
    """One file that was read: its content, what made it if that stands in it, what was left out,
    guessed or changed in it, and how many parts its tune has."""

    name: str
    content: Content
    provenance: Provenance | None
    artifact: Artifact | None = None
    remarks: tuple[str, ...] = ()
    path: Path | None = None
    parts: int = 1


class Importing(QObject):
    """Reads files on another thread and puts them on the board.

    `restore_offered` carries the provenance of a file that the studio made.
    """

    imported = Signal(list)
    restore_offered = Signal(object)

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window

    @Slot()
    def ask(self) -> None:
        """Let the person choose files."""
        dialog = QFileDialog(self._window, _("Import"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([_("Pictures, texts and melodies ({ends})").format(ends=_ends())])
        dialog.filesSelected.connect(self._take_names)
        dialog.open()

    @Slot(list)
    def _take_names(self, names: list[str]) -> None:
        self.read([Path(name) for name in names])

    def read(
        self,
        paths: Sequence[Path],
        place: tuple[float, float] | None = None,
        options: ImportOptions | None = None,
    ) -> None:
        """Read files and put what is in them on the board, the first one at `place`."""
        project = self._studio.project
        if len(paths) > _AT_ONCE:
            self._studio.say(
                _(
                    "{count} files are too many for a board: make a dataset of them in the library."
                ).format(count=len(paths)),
                "warning",
            )
            return
        self._studio.errands.run_in_order(
            lambda: _read_all(paths, project.store, options),
            lambda result: self._place(project, result[0], result[1], place),
            self._studio.say_error,
        )

    def _place(
        self,
        project: Project,
        found: list[Found],
        errors: list[str],
        place: tuple[float, float] | None,
    ) -> None:
        here = bool(found) and project is self._studio.project
        ids = self.put(found, place, "import") if here else []
        self._tell(errors, found if ids else [])
        made = [each.provenance for each in found if each.provenance is not None]
        if ids and len(made) == 1:
            self.restore_offered.emit(made[0])

    def put(self, found: list[Found], place: tuple[float, float] | None, kind: str) -> list[str]:
        """New items of these contents on the board; their ids, empty when it could not be done."""
        from aigc_studio.project import Item, commands

        board = self._studio.project.board
        spots = places_for(board, [(each.content, each.artifact) for each in found], place)
        items = [
            Item(id, each.name, each.content, *spot, provenance=each.provenance)
            for id, each, spot in zip(board.new_ids(len(found)), found, spots, strict=True)
        ]
        if not self._studio.do(commands.add_items(board, items, kind=kind)):
            return []
        ids = [item.id for item in items]
        self.imported.emit(ids)
        return ids

    def _tell(self, errors: list[str], found: list[Found]) -> None:
        """What could not be read, and the remarks on what could: one message, that none hides."""
        remarks = [f"{each.name}: {' '.join(each.remarks)}" for each in found if each.remarks]
        sentences = [_errors_in_one(errors)] if errors else []
        sentences += [_remarks_in_one(remarks)] if remarks else []
        if not sentences:
            return
        kind = "warning" if errors else "info"
        details = "\n".join([*errors, *remarks]) if len(errors) != 1 or remarks else ""
        self._studio.say(" ".join(sentences), kind, self._offers(found), details=details)

    def _offers(self, found: list[Found]) -> list[tuple[str, Callable[[], object]]]:
        """What can be read otherwise; it comes onto the board as well."""
        from aigc_studio.library.options import ALL_PARTS, ImportOptions

        odd = [each for each in found if each.remarks]
        several = [each.path for each in odd if each.parts > 1 and each.path is not None]
        texts = [each.path for each in odd if each.content.medium == "text" and each.path]
        offers: list[tuple[str, Callable[[], object]]] = []
        if several:
            whole = ImportOptions(part=ALL_PARTS)
            offers.append((_("All parts"), lambda: self.read(several, options=whole)))
        if texts:
            offers.append((_("Other encoding…"), lambda: self._ask_encoding(texts)))
        return offers

    def _ask_encoding(self, paths: list[Path]) -> None:
        from aigc_studio.library.options import ImportOptions
        from aigc_studio.library.texts.encodings import TITLES

        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(_("Other encoding"))
        names = ", ".join(path.name for path in paths[:3])
        dialog.setLabelText(_("Read {names} as").format(names=names))
        dialog.setComboBoxItems(TITLES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(
            lambda title: self.read(paths, options=ImportOptions(encoding=title))
        )
        dialog.open()


def _errors_in_one(errors: list[str]) -> str:
    if len(errors) == 1:
        return errors[0]
    return ngettext(
        "{count} file could not be read. The first: {reason}",
        "{count} files could not be read. The first: {reason}",
        len(errors),
    ).format(count=len(errors), reason=errors[0])


def _remarks_in_one(remarks: list[str]) -> str:
    if len(remarks) == 1:
        return remarks[0]
    return ngettext(
        "There are remarks on {count} file. The first: {remark}",
        "There are remarks on {count} files. The first: {remark}",
        len(remarks),
    ).format(count=len(remarks), remark=remarks[0])


def _read_all(
    paths: Sequence[Path], store: ContentStore, options: ImportOptions | None
) -> tuple[list[Found], list[str]]:
    from aigc_studio.api import StudioError
    from aigc_studio.library import melodies, readers
    from aigc_studio.project import export

    found, errors = [], []
    for path in paths:
        try:
            artifact, remarks = readers.read(path, options=options)
            provenance = export.read_provenance(path)
        except StudioError as error:
            errors.append(str(error))
            continue
        except OSError as error:
            reason = error.strerror or str(error)
            errors.append(
                _("{name} cannot be read: {reason}.").format(name=path.name, reason=reason)
            )
            continue
        is_tune = artifact.medium == "melody" and bool(remarks)
        found.append(
            Found(
                one_form(path.stem), store.put(artifact), provenance, artifact, remarks, path,
                parts=len(melodies.part_names(path)) if is_tune else 1,
            )
        )  # fmt: skip
    return found, errors


def _ends() -> str:
    from aigc_studio.library import readers

    media: tuple[Any, ...] = ("image", "text", "melody")
    return " ".join(f"*{end}" for medium in media for end in readers.suffixes(medium))
