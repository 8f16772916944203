"""The other windows, made when they are first asked for: none of them costs the start anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.host import PluginRecord
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.plugins.window import PluginsWindow
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.training.measuring import Measuring


class Dialogs(QObject):
    """Opens each window once and raises it when it is asked for again.

    `use_wanted(model)`: it is to be chosen, as `generator_wanted(id)` is.
    `training_wanted(generator, dataset, model)`: one is to be asked for, of this data or from this
    model (by digest), where one is named. `library_made` carries the library, once.
    """

    use_wanted = Signal(object)
    generator_wanted = Signal(str)
    training_wanted = Signal(str, str, str)
    library_made = Signal(object)

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.plugins: PluginsWindow | None = None
        self.library: Any = None
        self.log: Any = None

    @Slot()
    def show_plugins(self) -> None:
        """All plugins, working or not."""
        if self.plugins is None:
            from aigc_studio.host.badges import Badges
            from aigc_studio.ui.plugins.window import PluginsWindow

            self.plugins = PluginsWindow(self._window)
            self.plugins.badges_of = Badges().of
            self.plugins.tell_network = self._studio.tell_network
            self.plugins.reload_requested.connect(self._studio.refresh_plugins)
            self.plugins.model_wanted.connect(self.show_model)
            self.plugins.generator_wanted.connect(self.generator_wanted)
            self._studio.records_changed.connect(self._show_records)
            self._studio.models_changed.connect(self._show_records)
        self._show_records()
        _raise(self.plugins)

    def install_plugin(self, wheel: Path) -> None:
        """A wheel was dropped: what it would change is told first."""
        self.show_plugins()
        if self.plugins is not None:
            self.plugins.ask_to_install(str(wheel))

    @Slot()
    def _show_records(self) -> None:
        if self.plugins is not None:
            self.plugins.set_records(self._studio.registry.records, self._studio.models)

    @Slot()
    def show_library(self) -> None:
        """Models, datasets and sample packs."""
        if self.library is None:
            self.library = make_library_window(self._studio, self._window)
            self.library.models_changed.connect(self._studio.refresh_models)
            self._studio.models_changed.connect(self.library.models.refresh)
            self._studio.records_changed.connect(self._show_generators)
            self._connect_library()
            self.library_made.emit(self.library)
        self._show_generators()
        _raise(self.library)

    def _connect_library(self) -> None:
        from aigc_studio.ui.window.making.sampling import Sampling

        models = self.library.models
        models.write = self._studio.errands.write
        models.use_wanted.connect(self._use)
        models.train_wanted.connect(self._train_on)
        sampling = Sampling(self._studio, self.library)
        models.sample_wanted.connect(sampling.start)
        sampling.settled.connect(models.note_sample)
        sampling.failed.connect(self.library.bar.show_error)
        self.library.training_wanted.connect(self._train_with)

    def connect_measuring(self, measuring: Measuring) -> None:
        """The library has models measured, and shows how that goes."""
        models = self.library.models
        models.measuring_of = lambda digest: (
            measuring.is_under_way(digest),
            measuring.progress(digest),
        )
        models.measure_wanted.connect(measuring.begin)
        models.measure_cancelled.connect(lambda model: measuring.cancel(model.digest))
        measuring.changed.connect(models.note_measuring)
        measuring.failed.connect(self.library.bar.show_error)

    @Slot()
    def _show_generators(self) -> None:
        if self.library is not None:
            self.library.show_generators(_descriptions(self._studio))

    @Slot(str)
    def show_model(self, model: str) -> None:
        """The Library with this model in front: its digest, or its name."""
        self.show_library()
        self.library.show_model(model)

    @Slot(str)
    def show_data(self, pack: str) -> None:
        """The Library where this sample pack is fetched; with none where data is imported."""
        self.show_library()
        self.library.show_pack(pack)

    @Slot(object)
    def _use(self, model: ModelInfo) -> None:
        # A dialog stays above its window: what is chosen now would be hidden behind it.
        self.library.close()
        self._window.activateWindow()
        self.use_wanted.emit(model)

    @Slot(object)
    def _train_on(self, model: ModelInfo) -> None:
        self.library.close()
        self.training_wanted.emit(model.generator, "", model.digest)

    @Slot(str, str)
    def _train_with(self, dataset: str, medium: str) -> None:
        from aigc_studio.ui.window.training.learners import learner_of

        generator = learner_of(self._studio, medium)
        if not generator:
            self.library.bar.show_error(_("No generator here learns from this kind of data."))
            return
        self.library.close()
        self.training_wanted.emit(generator, dataset, "")

    def import_into_library(self, paths: list[Path]) -> None:
        """Model files, or data to learn from, were dropped: the library takes them."""
        self.show_library()
        self.library.import_paths(paths)

    @Slot()
    def show_settings(self) -> None:
        """What the person prefers."""
        from aigc_studio.ui.settings_dialog import SettingsDialog

        SettingsDialog(self._studio.settings, self._window).open()

    @Slot()
    def show_log(self) -> None:
        """What was noted."""
        if self.log is None:
            from aigc_studio.ui.log_window import LogWindow

            self.log = LogWindow(parent=self._window)
        _raise(self.log)

    @Slot(str)
    def show_details(self, details: str) -> None:
        """What the author of a plugin would want to know of an error."""
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Information, _("Details"), _("For the plugin's author:"))
        box.setParent(self._window, box.windowFlags())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setDetailedText(details)
        box.open()

    @Slot(str, str)
    def show_remarks(self, sentence: str, details: str) -> None:
        """All that there is to say of a message, to read and to copy."""
        from aigc_studio.translation import _
        from aigc_studio.ui.window.files.remarks_dialog import RemarksDialog

        dialog = RemarksDialog([(sentence, details)], self._window)
        dialog.setWindowTitle(_("Details"))
        dialog.open()

    @Slot()
    def show_about(self) -> None:
        """Version and licences."""
        from aigc_studio.ui.about_dialog import AboutDialog

        AboutDialog(self._window).open()

    def show_shortcuts(self, actions: Actions) -> None:
        """All shortcuts there are."""
        from aigc_studio.ui.window.actions.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(actions, self._window).open()


def _descriptions(studio: Studio) -> dict[str, Description]:
    """What the generators that are ready say of themselves, by their ids."""
    found = (record.description for record in studio.ready)
    return {about.id: about for about in found if about is not None}


def make_train_dialog(
    studio: Studio, window: QWidget, record: PluginRecord, folder: Path | None
) -> Any:
    """The dialog that asks what to learn from, and for how long."""
    from aigc_studio.ui.training.dialog import TrainDialog
    from aigc_studio.ui.window.training.learners import learners

    return TrainDialog(record, studio, folder, window, learners(studio))


def make_library_window(studio: Studio, window: QWidget) -> Any:
    """The window of models, datasets and packs."""
    from aigc_studio.ui.library.window import LibraryWindow

    return LibraryWindow(studio.model_store, studio.dataset_store, studio.pack_store, window)


def _raise(dialog: QDialog) -> None:
    if dialog.isVisible():
        dialog.raise_()
        dialog.activateWindow()
    else:
        dialog.show()
