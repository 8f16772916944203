"""Installing a plugin: what it would change is told in words first, then it is done or left."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import no_default
from aigc_studio.ui.library.last_folder import last_folder, note_folder
from aigc_studio.ui.library.work import ProgressLine, Work
from aigc_studio.ui.network import TellNetwork, watched
from aigc_studio.ui.plugins.plan_view import PlanView
from aigc_studio.ui.screen_room import fit

if TYPE_CHECKING:
    from aigc_studio.api import Progress
    from aigc_studio.host import PluginRecord
    from aigc_studio.host.packages.installing import Installation


class InstallDialog(QDialog):
    """`installed` carries the name of the package. `records` gives the plugins that are here."""

    installed = Signal(str)

    def __init__(
        self,
        wanted: str,
        records: Callable[[], Sequence[PluginRecord]],
        tell_network: TellNetwork,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Install a plugin"))
        fit(self, 600, 420)
        self._records = records
        self._tell_network = tell_network
        self._installation: Installation | None = None
        self.wanted = QLineEdit(wanted, placeholderText=_("A wheel, a project's folder, or a name"))
        self.wanted.setAccessibleName(_("What to install"))
        self.wanted.textChanged.connect(self._begin_anew)
        self.wanted.returnPressed.connect(self.look)
        self.choose = QPushButton(icons.icon("open"), _("Choose a wheel…"))
        self.choose.clicked.connect(self._choose)
        self.work = Work(self)
        self.work.done.connect(self._take)
        self.work.failed.connect(self._refuse)
        self.work.ended.connect(self._show_state)
        self.progress = ProgressLine(self.work)
        self.plan = PlanView()
        self.error = Label(wordWrap=True)
        theme.set_kind(self.error, "error")
        self._make_choices()
        self.trust = Label(
            _("A plugin runs programs of its author: install only those you trust."), wordWrap=True
        )
        theme.set_kind(self.trust, "warning")
        self._make_buttons()
        self._lay_out()
        no_default(self)
        self._begin_anew()
        if wanted:
            self.look()

    def _make_choices(self) -> None:
        self.build = QCheckBox(_("Build it: that runs programs of its author now"))
        self.environment = QCheckBox(_("Give it an environment of its own"))
        self.environment.setToolTip(
            _("A Python of its own, for what it needs in another version than the studio")
        )
        for box in (self.build, self.environment):
            box.toggled.connect(self._show_state)

    def _make_buttons(self) -> None:
        self.look_button = QPushButton(_("See what would change"))
        self.look_button.clicked.connect(self.look)
        self.install = QPushButton(icons.icon("import", "on_accent"), _("Install"))
        self.install.clicked.connect(self._install)
        for button in (self.look_button, self.install):
            theme.set_kind(button, "primary")
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(self.wanted, 1)
        line.addWidget(self.choose)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addStretch(1)
        for button in (self.cancel, self.look_button, self.install):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        layout.addLayout(line)
        for widget in (self.error, self.build, self.environment, self.progress):
            layout.addWidget(widget)
        layout.addWidget(self.plan, 1)
        layout.addStretch(0)
        layout.addWidget(self.trust)
        layout.addLayout(foot)

    @Slot()
    def _choose(self) -> None:
        kinds = _("Wheels (*.whl);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose a wheel"), last_folder(), kinds)
        if path:
            note_folder(Path(path))
            self.wanted.setText(path)
            self.look()

    @Slot()
    def _begin_anew(self) -> None:
        """Something else is wanted: nothing is known of it."""
        self._let_go()
        self.error.clear()
        self.build.setChecked(False)
        self.environment.setChecked(False)
        self._offers: set[str] = set()
        self._show_state()

    @Slot()
    def look(self) -> None:
        """Find out what would change."""
        wanted = self.wanted.text().strip()
        if not wanted or self.work.running:
            return
        self._let_go()
        self.error.clear()
        self.progress.begin(_("Looking at it"))
        build, environment = self.build.isChecked(), self.environment.isChecked()
        tell = self._tell_network
        self.work.start(lambda: watched(_looked(wanted, build, environment), tell))
        self._show_state()

    @Slot()
    def _install(self) -> None:
        installation = self._installation
        if installation is None or self.work.running:
            return
        self.error.clear()
        records = tuple(self._records())
        self.progress.begin(_("Installing"))
        self.work.start(lambda: _finished(installation, records), keeps=True)
        self._show_state()

    @Slot(object)
    def _take(self, value: Any) -> None:
        """What came of the work: something to install, or that it is there."""
        from aigc_studio.api import StudioError

        if isinstance(value, StudioError):
            # Some refusals have a way out that a person can agree to here.
            self._offers = {getattr(value, "offer", "")}
            self._refuse(str(value))
        elif self._installation is None:
            self._installation = value
            self.plan.show_plan(value.plan)
        else:
            name = self._installation.plan.plugin.name
            self._let_go()
            self.installed.emit(name)
            self.accept()

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self._let_go()
        self.error.setText(sentence)
        self._show_state()

    def _let_go(self) -> None:
        """Take away what is half made of the last one."""
        if self._installation is not None:
            self._installation.close()
        self._installation = None
        self.plan.hide()

    @Slot()
    def _show_state(self) -> None:
        busy, known = self.work.running, self._installation is not None
        self.error.setVisible(bool(self.error.text()))
        self.build.setVisible("build" in self._offers)
        self.environment.setVisible("environment" in self._offers)
        for widget in (self.wanted, self.choose, self.build, self.environment):
            widget.setEnabled(not busy)
        refused = any(self._offers) and not (self.build.isChecked() or self.environment.isChecked())
        self.look_button.setVisible(not known)
        self.look_button.setEnabled(bool(self.wanted.text().strip()) and not busy and not refused)
        self.install.setVisible(known)
        self.install.setEnabled(not busy)

    def done(self, result: int) -> None:
        """Break off what is under way, and leave nothing half made; what is in the middle of a step
        goes by itself as soon as that is done, and nobody waits for it."""
        busy = self.work.running
        self.work.close()
        if not busy:
            self._let_go()
        self._installation = None
        super().done(result)


def _looked(wanted: str, build: bool, environment: bool) -> Generator[Progress, None, Any]:
    """The installation, prepared; or the error that says why not."""
    from aigc_studio.api import StudioError
    from aigc_studio.host.packages.installing import Installation

    try:
        installation = Installation(wanted, may_build=build, environment=environment)
    except StudioError as error:
        return error
    try:
        yield from installation.prepare()
    except StudioError as error:
        installation.close()
        return error
    except BaseException:
        installation.close()
        raise
    return installation


def _finished(
    installation: Installation, records: Sequence[PluginRecord]
) -> Generator[Progress, None, Any]:
    from aigc_studio.api import StudioError

    try:
        return (yield from installation.finish(records))
    except StudioError as error:
        return error
    finally:  # the dialog may be gone, and nobody else know of it
        installation.close()
