"""Models as files: taken from one, written to one, and reports on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from aigc_studio import files
from aigc_studio.translation import _
from aigc_studio.ui.library.last_folder import EXPORT, last_folder, note_folder

if TYPE_CHECKING:
    from aigc_studio.api import Measure
    from aigc_studio.library import ModelInfo, ModelStore

_MODEL = ".aigcmodel"
_REPORTS = (".html", ".csv")

Failed = Callable[[Exception], None]
Write = Callable[[Callable[[], Any], Callable[[Any], None], Failed], None]
"""As `Errands.write`."""


class ModelExchange(QObject):
    """Asks which file, and takes or writes it beside the window, by `write`.

    `taken` carries a model that is here now, `told` a sentence on what was written; `failed` is
    called with what went wrong. Dialogs stand over `parent`.
    """

    taken = Signal(object)
    told = Signal(str)

    def __init__(self, store: ModelStore, write: Write, failed: Failed, parent: QWidget) -> None:
        super().__init__(parent)
        self._store, self._write, self._failed, self._window = store, write, failed, parent

    def choose_import(self) -> None:
        """Ask for a file, and import the model in it."""
        kinds = _("Models (*.aigcmodel)")
        path, _kind = QFileDialog.getOpenFileName(
            self._window, _("Import a model"), last_folder(), kinds
        )
        if path:
            note_folder(Path(path))
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Import a model from a file."""
        self._write(lambda: self._store.import_file(path), self.taken.emit, self._failed)

    def choose_export(self, model: ModelInfo, own: Mapping[str, Measure] | None) -> None:
        """Ask for a file, and write a model or a report on it there; `own` are the words that its
        generator has for measures of its own."""
        kinds = {
            _MODEL: _("Models (*.aigcmodel)"),
            ".html": _("Report to hand in (*.html)"),
            ".csv": _("Measures as a table (*.csv)"),
        }
        place = Path(last_folder(EXPORT)) / f"{model.name}{_MODEL}"
        path, kind = QFileDialog.getSaveFileName(
            self._window, _("Export the model"), str(place), ";;".join(kinds.values())
        )
        if not path:
            return
        note_folder(Path(path), EXPORT)
        suffix = next((each for each, told in kinds.items() if told == kind), _MODEL)
        if suffix != _MODEL or Path(path).suffix.lower() in _REPORTS:
            report = report_path(Path(path), suffix)
            self.report(model, own, report, replace=report == Path(path))
        else:
            # Of two of one name the store would take the person's own.
            self.give(model.digest if model.shipped else model.name, Path(path), model.title)

    def report(
        self,
        model: ModelInfo,
        own: Mapping[str, Measure] | None,
        path: Path,
        *,
        replace: bool = False,
    ) -> None:
        """Write what is known of a model to one page, or to a table; in place of a file that is
        there only if that was agreed to."""
        from aigc_studio.library.reports import write_report

        told = _("The report on {name} was written to {path}.")
        self._write(
            lambda: write_report([model], path, own, replace=replace),
            lambda made: self.told.emit(told.format(name=model.title, path=made)),
            self._failed,
        )

    def give(self, name_or_digest: str, path: Path, name: str = "") -> None:
        """Export a model to a file; what is said calls it `name`."""
        told = _("The model {name} was written to {path}.")
        self._write(
            lambda: self._store.export(name_or_digest, path),
            lambda made: self.told.emit(told.format(name=name or name_or_digest, path=made)),
            self._failed,
        )


def report_path(path: Path, suffix: str) -> Path:
    """Where a report is written that was asked for by its kind, whose ending is `suffix`: dialogs
    keep the ending of the name that they began with. What is ended here takes no other file's
    place."""
    if path.suffix.lower() in _REPORTS:
        return path
    stem = path.with_suffix("") if path.suffix.lower() == _MODEL else path
    return files.free_paths(stem.parent, [(stem.name, suffix)])[0]
