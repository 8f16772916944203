"""Masks that come from files and go out as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from aigc_studio.translation import _, in_a_row, ngettext
from aigc_studio.ui.library.last_folder import EXPORT, IMPORT, last_folder, note_folder
from aigc_studio.ui.window.files.exporting import WRITTEN
from aigc_studio.ui.window.files.places import show_in_folder
from aigc_studio.ui.window.files.written import (
    Place,
    file_name,
    free_paths,
    with_suffix_of,
    write_each,
)

if TYPE_CHECKING:
    from aigc_studio.api import Mask
    from aigc_studio.project import Item
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.board.area import BoardArea


class MaskFiles(QObject):
    """Asks where, and reads and writes beside the window."""

    def __init__(self, studio: Studio, window: QMainWindow, area: BoardArea) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._area = area

    # In

    @Slot()
    def ask_import(self) -> None:
        """Ask for the picture that is to be the mask of the selected one."""
        items = self._area.chosen_items()
        if len(items) != 1 or items[0].medium != "image":
            self._studio.say(_("Select one picture first: the mask is for it."))
            return
        id = items[0].id
        chooser = QFileDialog(self._window, _("Mask from a File"), self._folder(IMPORT))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)

        def take(path: str) -> None:
            note_folder(Path(path), IMPORT)
            self.read(id, Path(path))

        chooser.fileSelected.connect(take)
        chooser.open()

    def read(self, id: str, path: Path) -> None:
        """Make the picture in a file the mask of an item, as one step."""
        self._area.finish_edits()
        store, item = self._studio.project.store, self._studio.project.board.item(id)

        def work() -> tuple[Mask, tuple[str, ...]]:
            from aigc_studio.library.pictures.masks import read_with_remarks

            return read_with_remarks(path, store.get(item.content))  # type: ignore[arg-type]

        def take(found: tuple[Mask, tuple[str, ...]]) -> None:
            from aigc_studio.ui.canvas.painting.edits import Edit
            from aigc_studio.ui.canvas.painting.mask_edits import set_mask

            mask, remarks = found
            self._area.view.board_scene.edits.add(Edit(id, "mask", set_mask(mask.pixels)))
            if remarks:
                self._studio.say(in_a_row(remarks))

        self._studio.errands.run_in_order(work, take, self._fail, at=path.parent)

    # Out

    @Slot()
    def ask_export(self) -> None:
        """Ask where the masks of the selected pictures are to be written."""
        self._area.finish_edits()
        items = [item for item in self._area.chosen_items() if item.mask is not None]
        if not items:
            self._studio.say(_("Nothing is marked: mark a part of a picture first."))
            return
        names = [_("{name} mask").format(name=file_name(item.name)) + ".png" for item in items]
        if len(items) == 1:
            chooser = QFileDialog(self._window, _("Export Mask"), self._folder(EXPORT))
            chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            chooser.setDefaultSuffix("png")
            chooser.selectFile(names[0])
        else:
            chooser = QFileDialog(self._window, _("Export Masks"), self._folder(EXPORT))
            chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            chooser.setFileMode(QFileDialog.FileMode.Directory)
            chooser.setOption(QFileDialog.Option.ShowDirsOnly)

        def take(chosen: str) -> None:
            folder = Path(chosen).parent if len(items) == 1 else Path(chosen)
            note_folder(folder / names[0], EXPORT)
            self.write(items, Place(lambda: _free(Path(chosen), names), folder))

        chooser.fileSelected.connect(take)
        chooser.open()

    def write(self, items: Sequence[Item], paths: Sequence[Path] | Place) -> None:
        """Write the mask of each item to its path: a grey PNG, white where it is made anew."""
        store, place = self._studio.project.store, Place.of(paths)

        def work() -> list[Path]:
            from aigc_studio.library.pictures.masks import write_mask

            masks = [(item.mask, path) for item, path in zip(items, place.find(), strict=True)]
            marked = [(mask, path) for mask, path in masks if mask is not None]

            def write_one(number: int) -> None:
                mask, path = marked[number]
                write_mask(store.get(mask), path)  # type: ignore[arg-type]

            write_each(len(marked), write_one)
            return [path for _mask, path in marked]

        self._studio.errands.write(work, self._tell_done, self._fail_to_write, at=place.folder)

    def _tell_done(self, paths: list[Path]) -> None:
        sentence = ngettext("{name} was written.", "{count} files were written.", len(paths))
        show = (_("Show in folder"), lambda: show_in_folder(paths[0]))
        words = sentence.format(name=paths[0].name, count=len(paths))
        self._studio.say(words, "info", [show], subject=WRITTEN)

    def _fail(self, error: Exception) -> None:
        self._studio.say_error(error)

    def _fail_to_write(self, error: Exception) -> None:
        self._studio.say_error(error, WRITTEN)

    def _folder(self, kind: str) -> str:
        path = self._studio.project.path
        return last_folder(kind, path.parent if path else None)


def _free(chosen: Path, names: Sequence[str]) -> list[Path]:
    """The file that was chosen for one mask, or one for each in the folder."""
    one = len(names) == 1
    return [with_suffix_of(chosen, names[0])] if one else free_paths(chosen, names)
