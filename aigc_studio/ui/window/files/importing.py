"""Files that come in: onto the board, or, for what the studio made, back to what made them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from aigc_studio.api.spelling import one_form
from aigc_studio.files import plain_bytes
from aigc_studio.translation import _
from aigc_studio.ui.library.last_folder import last_folder, note_folder
from aigc_studio.ui.window.files.import_notes import Found, ImportNotes, Refusal
from aigc_studio.ui.window.making.placing import places_for

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Melody
    from aigc_studio.library import ImportOptions
    from aigc_studio.project import ContentStore, Project
    from aigc_studio.ui.studio import Studio

_AT_ONCE = 200
"""Files in one go; a folder of ten thousand pictures is a dataset, not a board."""


class Importing(QObject):
    """Reads files on another thread and puts them on the board.

    `restore_offered` carries the provenance of a file that the studio made; `files_chosen` paths
    that the person chose, a project or a model among them; `learning_wanted` the path of a file
    that is to be learnt from, and of which medium it is.
    """

    imported = Signal(list)
    restore_offered = Signal(object)
    files_chosen = Signal(list)
    learning_wanted = Signal(object, str)

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._notes = ImportNotes(
            studio,
            window,
            lambda paths, options: self.read(paths, options=options),
            self.put_melodies,
            self.learning_wanted.emit,
        )

    @Slot()
    def ask(self) -> None:
        """Let the person choose files."""
        dialog = QFileDialog(self._window, _("Import"), last_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        known = _("Pictures, texts and melodies ({ends})").format(ends=ends())
        dialog.setNameFilters([known, _("All files (*)")])
        dialog.filesSelected.connect(self._take_names)
        dialog.open()

    @Slot(list)
    def _take_names(self, names: list[str]) -> None:
        paths = [Path(name) for name in names]
        if paths:
            note_folder(paths[0])
            self.files_chosen.emit(paths)

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
            at=paths[0].parent if paths else None,
        )

    def put_melodies(self, tunes: Sequence[tuple[str, Melody]]) -> None:
        """Put tunes on the board that the person chose from files, by name."""
        project = self._studio.project

        def kept() -> list[Found]:
            with project.store.together():
                return [
                    Found(one_form(name), project.store.put(melody), None, melody)
                    for name, melody in tunes
                ]

        self._studio.errands.run_in_order(
            kept,
            lambda found: self._place(project, found, [], None),
            self._studio.say_error,
        )

    def _place(
        self,
        project: Project,
        found: list[Found],
        refused: list[Refusal],
        place: tuple[float, float] | None,
    ) -> None:
        here = bool(found) and project is self._studio.project
        ids = self.put(found, place, "import") if here else []
        self._notes.tell(refused, found if ids else [])
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


def _read_all(
    paths: Sequence[Path], store: ContentStore, options: ImportOptions | None
) -> tuple[list[Found], list[Refusal]]:
    with store.together():
        return _read_each(paths, store, options)


def _read_each(
    paths: Sequence[Path], store: ContentStore, options: ImportOptions | None
) -> tuple[list[Found], list[Refusal]]:
    from aigc_studio.api import StudioError
    from aigc_studio.library import melodies, readers
    from aigc_studio.project import export

    found, refused = [], []
    encoding = options.encoding if options else ""
    for path in paths:
        try:
            artifact, remarks = readers.read(path, options=options)
            provenance = export.read_provenance(path)
        except StudioError as error:
            refused.append(Refusal(path.name, str(error)))
            continue
        except OSError as error:
            reason = error.strerror or str(error)
            sentence = _("{name} cannot be read: {reason}.").format(name=path.name, reason=reason)
            refused.append(Refusal(path.name, sentence))
            continue
        is_tune = artifact.medium == "melody" and bool(remarks)
        found.append(
            Found(
                one_form(_name(path, options)), store.put(artifact), provenance, artifact, remarks,
                path,
                parts=melodies.part_names(path, encoding) if is_tune else (),
                are_parts=not (is_tune and melodies.looks_like_abc(path)),
                encoding=encoding,
                is_guessed=_is_guessed(path, artifact, encoding),
            )
        )  # fmt: skip
    return found, refused


def _name(path: Path, options: ImportOptions | None) -> str:
    """What the item is called: as the tune in the file, if that says it, else as the file."""
    from aigc_studio.library import melodies

    part, encoding = (options.part, options.encoding) if options else ("", "")
    return melodies.title(path, part, encoding) or path.stem


def _is_guessed(path: Path, artifact: Artifact, encoding: str) -> bool:
    """Whether a person may know better how its letters are to be read."""
    from aigc_studio.library import melodies

    if artifact.medium == "text":
        return True
    if encoding or not melodies.looks_like_abc(path):
        return False
    try:
        plain_bytes(path).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return True
    return False


def ends() -> str:
    """What the names of files that can be imported end in, as a file dialog wants them."""
    from aigc_studio.library import readers

    media: tuple[Any, ...] = ("image", "text", "melody")
    return " ".join(f"*{end}" for medium in media for end in readers.suffixes(medium))
