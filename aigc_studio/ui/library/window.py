"""The Library window: datasets, models and sample packs. It stays open beside the main window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import no_default
from aigc_studio.ui.library.datasets_tab import DatasetsTab
from aigc_studio.ui.library.models_tab import ModelsTab
from aigc_studio.ui.library.packs_tab import PacksTab
from aigc_studio.ui.local_paths import paths_of
from aigc_studio.ui.screen_room import fit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aigc_studio.api import Description
    from aigc_studio.library import DatasetStore, ModelStore, PackStore

Tab = Literal["datasets", "models", "packs"]


class LibraryWindow(QDialog):
    """Not modal. `datasets_changed` and `models_changed` after a change on disk.

    `training_wanted(dataset, medium)`: a model is to be trained on this data.
    """

    training_wanted = Signal(str, str)
    datasets_changed = Signal()
    models_changed = Signal()

    def __init__(
        self,
        models: ModelStore,
        datasets: DatasetStore,
        packs: PackStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Library"))
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self.setModal(False)
        self.setAcceptDrops(True)
        fit(self, 1000, 660)
        self.datasets = DatasetsTab(datasets)
        self.models = ModelsTab(models, datasets)
        self.packs = PacksTab(packs, datasets)
        self.bar = MessageLine()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("Library"))
        self.tabs.setDocumentMode(True)
        for widget, icon, text in (
            (self.datasets, "table", _("Datasets")),
            (self.models, "chip", _("Models")),
            (self.packs, "down", _("Sample packs")),
        ):
            self.tabs.addTab(widget, icons.icon(icon, "muted"), text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.GRID, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.tabs)
        no_default(self)
        self._connect()

    def lead(self, widget: QWidget) -> None:
        """Show a widget over the tabs."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.tabs), widget)

    def _connect(self) -> None:
        self.datasets.datasets_changed.connect(self._note_datasets)
        self.datasets.packs_asked.connect(self._show_packs)
        self.datasets.failed.connect(self.bar.show_error)
        self.models.models_changed.connect(self.models_changed)
        self.models.failed.connect(self.bar.show_error)
        self.models.told.connect(self.bar.show_note)
        self.packs.imported.connect(self._note_pack)
        self.packs.shown.connect(self.show_dataset)
        self.packs.training_wanted.connect(self.training_wanted)
        self.datasets.training_wanted.connect(self.training_wanted)

    @Slot()
    def refresh(self) -> None:
        """List all that is on disk anew."""
        for tab in (self.datasets, self.models, self.packs):
            tab.refresh()

    def show_generators(self, generators: Mapping[str, Description]) -> None:
        """The generators that are ready, by id: they tell what can be done with models and data."""
        self.models.show_generators(generators)

    def show_tab(self, tab: Tab) -> None:
        """Bring a tab to the front."""
        self.tabs.setCurrentWidget(getattr(self, tab))

    @Slot(str)
    def show_dataset(self, name: str) -> None:
        """Bring a dataset to the front."""
        self.show_tab("datasets")
        self.datasets.show_dataset(name)

    def show_model(self, model: str) -> None:
        """Bring a model to the front: by its digest, or its name."""
        self.show_tab("models")
        self.models.show_model(model)

    def show_pack(self, pack: str) -> None:
        """Bring a sample pack to the front, as soon as it is listed; with none the datasets."""
        self.show_tab("packs" if pack else "datasets")
        if pack:
            self.packs.show_pack(pack)

    def import_paths(self, paths: list[Path]) -> None:
        """Take files: a model is imported, anything else becomes a dataset."""
        models = [path for path in paths if path.suffix.lower() == ".aigcmodel"]
        for path in models:
            self.show_tab("models")
            self.models.exchange.take(path)
        others = [path for path in paths if path not in models]
        if others:
            self.show_tab("datasets")
            self.datasets.import_paths(others)

    @Slot()
    def _note_datasets(self) -> None:
        self.packs.refresh()
        self.datasets_changed.emit()

    @Slot()
    def _show_packs(self) -> None:
        self.show_tab("packs")

    @Slot(str)
    def _note_pack(self, name: str) -> None:
        self.datasets.show_dataset(name)
        self.datasets.refresh()
        self.datasets_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed on disk meanwhile is seen."""
        super().showEvent(event)
        self.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped."""
        if paths := paths_of(event.mimeData()):
            self.import_paths(paths)


class MessageLine(QFrame):
    """One sentence at the top of the window, until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = Label(wordWrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setIcon(icons.icon("close", "muted"))
        close.setToolTip(_("Close"))
        close.setAccessibleName(_("Close the message"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PADDING, theme.GRID, theme.GRID, theme.GRID)
        row.addWidget(self.text, 1)
        row.addWidget(close)
        self.hide()

    @Slot(str)
    def show_error(self, sentence: str) -> None:
        """Show what went wrong."""
        theme.set_kind(self, "error_bar")
        self._show(sentence)

    @Slot(str)
    def show_note(self, sentence: str) -> None:
        """Show what was done."""
        theme.set_kind(self, "info_bar")
        self._show(sentence)

    def _show(self, sentence: str) -> None:
        self.text.setText(sentence)
        self.setVisible(bool(sentence))
