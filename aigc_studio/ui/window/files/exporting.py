"""Files that go out: items, or the board as one picture, labelled as generated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from aigc_studio.jobs.mailbox import Mailbox
from aigc_studio.translation import _, ngettext
from aigc_studio.ui.library.last_folder import EXPORT, last_folder, note_folder
from aigc_studio.ui.window.files.board_picture import board_size, draw_board
from aigc_studio.ui.window.files.export_dialog import ExportDialog
from aigc_studio.ui.window.files.export_looks import ExportLooks, guarded
from aigc_studio.ui.window.files.export_preview import SIDE
from aigc_studio.ui.window.files.picture_choices import Pictures
from aigc_studio.ui.window.files.places import show_in_folder
from aigc_studio.ui.window.files.written import (
    Place,
    file_name,
    free_paths,
    suffix_of,
    with_suffix_of,
    write_each,
)

if TYPE_CHECKING:
    from aigc_studio.project import CandidateRecord, Item
    from aigc_studio.project.export import ExportOptions
    from aigc_studio.project.prints import Print
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.board.area import BoardArea
    from aigc_studio.ui.window.files.frames import Frames


WRITTEN = "written"
"""The subject of what is said of files that were written."""
MANY = 20
"""Of so many files it is told how far their writing is."""
PREVIEW = 2 * SIDE
"""Pixels on the longer side of the board's preview."""


class Exporting(QObject):
    """Asks how and where, and writes on another thread."""

    def __init__(self, studio: Studio, window: QMainWindow, area: BoardArea) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._area = area
        self._mailbox = Mailbox(self)
        self.dialog: ExportDialog | None = None

    @Slot()
    def export_items(self) -> None:
        """Export the selected items; all visible ones when none is selected."""
        items = self._area.chosen_items()
        items = items or [item for item in self._studio.project.board.items if item.visible]
        if not items:
            self._studio.say(_("There is nothing on the board to export."))
            return
        media = [item.medium for item in items]
        dialog = ExportDialog(
            media,
            self._studio.settings,
            _pictures(items),
            self._window,
            by_hand=_by_hand(items),
            name=items[0].name,
        )
        dialog.accepted.connect(lambda: self._ask_place(items))
        self._open(dialog)
        looks = ExportLooks(self._studio, dialog)
        shown = next((item for item in items if item.medium == "image"), items[0])
        looks.look_at(shown, list(items))
        dialog.ask_preview()

    @Slot()
    def export_board(self) -> None:
        """Export the whole board as one picture."""
        shown = [item for item in self._studio.project.board.items if item.visible]
        if not shown:
            self._studio.say(_("There is nothing on the board to export."))
            return
        size = board_size(self._area.view)
        pictures = Pictures(1, size, size, whole_board=True)
        dialog = ExportDialog(
            ["image"], self._studio.settings, pictures, self._window, by_hand=_by_hand(shown)
        )
        dialog.accepted.connect(self._ask_board_place)
        self._open(dialog)
        looks = ExportLooks(self._studio, dialog)
        show = guarded(looks, lambda image: looks.look_at_board(image))
        self._area.view.exchange.draw_board(show, min(PREVIEW / max(size), 4.0))

    def _open(self, dialog: ExportDialog) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = dialog
        dialog.open()

    @Slot()
    def export_sequence(self) -> None:
        """Export the pictures of the selected candidates as an animation, in their order; where
        those are no sequence the selected pictures of the board, row by row."""
        from aigc_studio.ui.window.files.frames import in_rows, is_sequence

        tray = self._studio.project.candidates
        chosen = [tray.record(id) for id in self._area.strip.selected_ids()]
        kept = in_rows(self._area.chosen_items())
        records = next((each for each in (chosen, kept) if is_sequence(each)), None)
        if records is None:
            self._studio.say(
                _(
                    "Select a sequence of pictures first, a morph for example: among the "
                    "candidates, or several of one size on the board."
                )
            )
            return
        pictures = Pictures(1, *_sizes(records[0]))
        dialog = ExportDialog(
            ["image"],
            self._studio.settings,
            pictures,
            self._window,
            moving=True,
            by_hand=_by_hand(records),
        )
        dialog.accepted.connect(lambda: self._ask_sequence_place(records))
        self._open(dialog)
        ExportLooks(self._studio, dialog).look_at(records[0], records)
        dialog.ask_preview()

    def _ask_sequence_place(self, records: Frames) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        from aigc_studio.ui.window.files.frames import title_of

        name = file_name(title_of(records[0]) or _("Sequence")) + dialog.suffix("image")
        options = replace(dialog.options(), picture=dialog.print_of())
        self._ask_file(name, lambda path: self.write_sequence(records, path, options))

    def write_sequence(self, records: Frames, path: Path | Place, options: ExportOptions) -> None:
        """Write candidates or items as one animation to a path (`.webp`, `.png` or `.gif`)."""
        store, place = self._studio.project.store, Place.of(path)

        def write() -> list[Path]:
            from aigc_studio.project import export

            images: list[Any] = [store.get(each.content) for each in records]
            made = [each.provenance for each in records]
            return list(export.export_animation(images, place.find()[0], made, options))

        self._studio.errands.write(write, self._tell_done, self._fail, at=place.folder)

    def _ask_place(self, items: Sequence[Item]) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        suffixes = {medium: dialog.suffix(medium) for medium in dialog.formats}
        options = dialog.options()
        prints = [_print_of(dialog, item) for item in items]
        if dialog.together():
            name = f"{file_name(items[0].name)}{suffixes['text']}"
            self._ask_file(name, lambda path: self.write_together(items, path, options))
            return
        if len(items) == 1:
            item = items[0]
            name = f"{file_name(item.name)}{suffixes[item.medium]}"
            self._ask_file(name, lambda path: self.write_items([item], path, options, prints))
            return
        chooser = QFileDialog(self._window, _("Export Items"), self._folder())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)

        def write(folder: str) -> None:
            names = [f"{file_name(item.name)}{suffixes[item.medium]}" for item in items]
            note_folder(Path(folder) / names[0], EXPORT)
            place = Place(lambda: free_paths(Path(folder), names), Path(folder))
            self.write_items(items, place, options, prints)

        chooser.fileSelected.connect(write)
        chooser.open()

    def _ask_board_place(self) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        options, suffix, wanted = dialog.options(), dialog.suffix("image"), dialog.print_of()
        path = self._studio.project.path
        # Not within an f-string: the words in one are not collected for translation.
        name = file_name(path.stem if path else _("Board")) + suffix
        self._ask_file(name, lambda chosen: self.write_board(chosen, options, wanted))

    def _ask_file(self, name: str, write: Callable[[Place], None]) -> None:
        chooser = QFileDialog(self._window, _("Export"), self._folder())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix(suffix_of(name)[1:])
        chooser.selectFile(name)

        def take(path: str) -> None:
            note_folder(Path(path), EXPORT)
            write(Place(lambda: [with_suffix_of(Path(path), name)], Path(path).parent))

        chooser.fileSelected.connect(take)
        chooser.open()

    def write_items(
        self,
        items: Sequence[Item],
        paths: Sequence[Path] | Place,
        options: ExportOptions,
        prints: Sequence[Print | None] = (),
    ) -> None:
        """Write each item to its path; pictures as their `Print` says, by default as they are."""
        store, place = self._studio.project.store, Place.of(paths)
        tell = self._telling(len(items))

        def write() -> list[Path]:
            from aigc_studio.project import export

            each, found = prints or (None,) * len(items), place.find()

            def write_one(number: int) -> None:
                tell(number)
                item, chosen = items[number], replace(options, picture=each[number])
                export.export(store.get(item.content), found[number], item.provenance, chosen)

            write_each(len(items), write_one)
            return list(found)

        self._studio.errands.write(write, self._tell_done, self._fail, at=place.folder)

    def write_together(
        self, items: Sequence[Item], path: Path | Place, options: ExportOptions
    ) -> None:
        """Write texts as one file, which says of all of them how they were made."""
        store, place = self._studio.project.store, Place.of(path)

        def write() -> list[Path]:
            from aigc_studio.project import export

            texts: list[Any] = [store.get(item.content) for item in items]
            made = [item.provenance for item in items]
            found = place.find()
            export.export(export.joined_texts(texts), found[0], made, options)
            return list(found)

        self._studio.errands.write(write, self._tell_done, self._fail, at=place.folder)

    def write_board(
        self, path: Path | Place, options: ExportOptions, wanted: Print | None = None
    ) -> None:
        """Draw the board and write it to a path, as large as `wanted` says."""
        place = Place.of(path)
        made = [item.provenance for item in self._studio.project.board.items if item.visible]

        def write(picture: Callable[[], Any]) -> list[Path]:
            from aigc_studio.project import export

            found = place.find()
            export.export(picture(), found[0], made, replace(options, picture=wanted))
            return list(found)

        scale = wanted.width / max(board_size(self._area.view)[0], 1) if wanted else 0.0
        draw_board(
            self._area.view,
            lambda picture: self._studio.errands.write(
                partial(write, picture), self._tell_done, self._fail, at=place.folder
            ),
            scale or 1.0,
            smooth=wanted.smooth if wanted else None,
        )

    def _telling(self, count: int) -> Callable[[int], None]:
        """What tells, from another thread, how many of many files are written."""
        if count < MANY:
            return lambda _number: None

        def say(number: int) -> None:
            words = _("Writing file {number} of {count}…").format(number=number + 1, count=count)
            self._studio.say(words, subject=WRITTEN)

        return lambda number: self._mailbox.post(say, number) if number % 10 == 0 else None

    def _fail(self, error: Exception) -> None:
        self._studio.say_error(error, WRITTEN)

    def _tell_done(self, paths: Any) -> None:
        sentence = ngettext("{name} was written.", "{count} files were written.", len(paths))
        show = (_("Show in folder"), lambda: show_in_folder(paths[0]))
        words = sentence.format(name=paths[0].name, count=len(paths))
        self._studio.say(words, "info", [show], subject=WRITTEN)

    def _folder(self) -> str:
        path = self._studio.project.path
        return last_folder(EXPORT, path.parent if path else None)


def _pictures(items: Sequence[Item]) -> Pictures | None:
    """What the dialog asks about pictures; None when there are none."""
    pictures = [item for item in items if item.medium == "image"]
    if not pictures:
        return None
    return Pictures(len(pictures), *_sizes(pictures[0]))


def _by_hand(made: Frames | Sequence[Item]) -> bool:
    """Whether no generator had a part in any of these."""
    return all(each.provenance is None for each in made)


def _sizes(item: Item | CandidateRecord) -> tuple[tuple[int, int], tuple[int, int]]:
    """A picture's own size in pixels, and the one that it has on the board at 100 %, or will."""
    from aigc_studio.project import Item
    from aigc_studio.project.placing import natural_size

    own = int(item.content.info["width"]), int(item.content.info["height"])
    size = (item.width, item.height) if isinstance(item, Item) else natural_size(item.content)
    return own, (max(round(size[0]), 1), max(round(size[1]), 1))


def _print_of(dialog: ExportDialog, item: Item) -> Print | None:
    return dialog.print_of(*_sizes(item)) if item.medium == "image" else None
