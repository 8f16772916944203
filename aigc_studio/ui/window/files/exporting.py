"""Files that go out: items, or the board as one picture, labelled as generated."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui.library.last_folder import EXPORT, last_folder, note_folder
from aigc_studio.ui.window.files.export_dialog import ExportDialog

if TYPE_CHECKING:
    from aigc_studio.project import CandidateRecord, Item
    from aigc_studio.project.export import ExportOptions
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.board.area import BoardArea


class Exporting(QObject):
    """Asks how and where, and writes on another thread."""

    def __init__(self, studio: Studio, window: QMainWindow, area: BoardArea) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._area = area
        self.dialog: ExportDialog | None = None

    @Slot()
    def export_items(self) -> None:
        """Export the selected items; all visible ones when none is selected."""
        items = self._area.chosen_items()
        items = items or [item for item in self._studio.project.board.items if item.visible]
        if not items:
            self._studio.say(_("There is nothing on the board to export."))
            return
        self.dialog = ExportDialog(
            [item.medium for item in items], self._studio.settings, parent=self._window
        )
        self.dialog.accepted.connect(lambda: self._ask_place(items))
        self.dialog.open()

    @Slot()
    def export_board(self) -> None:
        """Export the whole board as one picture."""
        if not any(item.visible for item in self._studio.project.board.items):
            self._studio.say(_("There is nothing on the board to export."))
            return
        self.dialog = ExportDialog(
            ["image"], self._studio.settings, board=True, parent=self._window
        )
        self.dialog.accepted.connect(self._ask_board_place)
        self.dialog.open()

    @Slot()
    def export_sequence(self) -> None:
        """Export the pictures of the selected candidates as an animation, in their order."""
        tray = self._studio.project.candidates
        records = [tray.record(id) for id in self._area.strip.selected_ids()]
        if len(records) < 2 or any(each.content.medium != "image" for each in records):
            self._studio.say(
                _("Select a sequence of pictures among the candidates first, a morph for example.")
            )
            return
        suffix = ".webp"
        title = localized(records[0].title) or records[0].strip.rpartition("/")[2]
        name = file_name(title or _("Sequence"))
        self._ask_file(f"{name}{suffix}", lambda path: self.write_sequence(records, path))

    def write_sequence(self, records: Sequence[CandidateRecord], path: Path) -> None:
        """Write candidates as one animation to a path (`.webp` or `.png`)."""
        store, settings = self._studio.project.store, self._studio.settings
        label, prompt = settings.preference("label_exports"), settings.preference("export_prompt")

        def write() -> list[Path]:
            from aigc_studio.project import export

            images: list[Any] = [store.get(each.content) for each in records]
            made = [each.provenance for each in records]
            options = export.ExportOptions(label=label, include_prompt=prompt)
            return list(export.export_animation(images, path, made, options))

        self._studio.errands.run_in_order(write, self._tell_done, self._studio.say_error)

    def _ask_place(self, items: Sequence[Item]) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        suffixes = {medium: dialog.suffix(medium) for medium in dialog.formats}
        options = self._options(dialog)
        if len(items) == 1:
            item = items[0]
            name = f"{file_name(item.name)}{suffixes[item.medium]}"
            self._ask_file(name, lambda path: self.write_items([item], [path], options))
            return
        chooser = QFileDialog(self._window, _("Export Items"), self._folder())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)

        def write(folder: str) -> None:
            names = [f"{file_name(item.name)}{suffixes[item.medium]}" for item in items]
            paths = free_paths(Path(folder), names)
            note_folder(paths[0], EXPORT)
            self.write_items(items, paths, options)

        chooser.fileSelected.connect(write)
        chooser.open()

    def _ask_board_place(self) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        options, suffix = self._options(dialog), dialog.suffix("image")
        path = self._studio.project.path
        name = f"{file_name(path.stem if path else _('Board'))}{suffix}"
        self._ask_file(name, lambda chosen: self.write_board(chosen, options))

    def _ask_file(self, name: str, write: Callable[[Path], None]) -> None:
        chooser = QFileDialog(self._window, _("Export"), self._folder())
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.selectFile(name)

        def take(path: str) -> None:
            note_folder(Path(path), EXPORT)
            write(with_suffix_of(Path(path), name))

        chooser.fileSelected.connect(take)
        chooser.open()

    def write_items(
        self, items: Sequence[Item], paths: Sequence[Path], options: ExportOptions
    ) -> None:
        """Write each item to its path."""
        store = self._studio.project.store

        def write() -> list[Path]:
            from aigc_studio.project import export

            for item, path in zip(items, paths, strict=True):
                export.export(store.get(item.content), path, item.provenance, options)
            return list(paths)

        self._studio.errands.run_in_order(write, self._tell_done, self._studio.say_error)

    def write_board(self, path: Path, options: ExportOptions) -> None:
        """Draw the board and write it to a path."""
        made = [item.provenance for item in self._studio.project.board.items if item.visible]

        def write(picture: Callable[[], Any]) -> list[Path]:
            from aigc_studio.project import export

            export.export(picture(), path, made, options)
            return [path]

        self._area.draw_board(
            lambda picture: self._studio.errands.run_in_order(
                partial(write, picture), self._tell_done, self._studio.say_error
            )
        )

    def _options(self, dialog: ExportDialog) -> ExportOptions:
        from aigc_studio.project.export import ExportOptions

        return ExportOptions(
            label=dialog.label.isChecked(),
            include_prompt=dialog.prompt.isChecked(),
            quality=dialog.quality.value(),
        )

    def _tell_done(self, paths: Any) -> None:
        sentence = ngettext("{name} was written.", "{count} files were written.", len(paths))
        self._studio.say(sentence.format(name=paths[0].name, count=len(paths)))

    def _folder(self) -> str:
        path = self._studio.project.path
        return last_folder(EXPORT, path.parent if path else None)


def file_name(name: str) -> str:
    """A name that every file system takes."""
    kept = re.sub(r'[\x00-\x1f<>:"/\\|?*]+', " ", name)
    return " ".join(kept.split()).strip(". ")[:80] or "item"


def free_paths(folder: Path, names: Sequence[str]) -> list[Path]:
    """Paths in `folder` that are taken neither by a file nor by each other."""
    found: list[Path] = []
    for name in names:
        stem, dot, suffix = name.partition(".")
        path, number = folder / name, 2
        while path.exists() or path in found:
            path, number = folder / f"{stem} {number}{dot}{suffix}", number + 1
        found.append(path)
    return found


def with_suffix_of(path: Path, name: str) -> Path:
    """The path, ended as `name` is when the person typed no suffix."""
    suffix = name[name.rindex(".") :]
    return path if path.suffix else path.with_name(path.name + suffix)
