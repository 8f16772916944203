"""The Plugins window: a card for every plugin that was found, working or not, and why."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs.drives import answers
from aigc_studio.translation import _, enumerated, in_a_row, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import no_default
from aigc_studio.ui.library.work import ProgressLine
from aigc_studio.ui.local_paths import no_plugins, packages_left, paths_of
from aigc_studio.ui.plugins import places, words
from aigc_studio.ui.plugins.card import PluginCard
from aigc_studio.ui.plugins.changes import Changes
from aigc_studio.ui.plugins.filters import Filters
from aigc_studio.ui.plugins.notice import Notice
from aigc_studio.ui.screen_room import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aigc_studio.host import PluginRecord
    from aigc_studio.host.badges import Badge
    from aigc_studio.library import ModelInfo
    from aigc_studio.ui.network import TellNetwork
    from aigc_studio.ui.plugins.install_dialog import InstallDialog
    from aigc_studio.ui.plugins.new_dialog import NewPluginDialog

_HEIGHTS = (360, 680)
"""Between which heights the window is as high as what stands in it."""


_MANY = 2
"""With more plugins than these the cards are folded: unfolded, they do not stand in the window
together."""


def _no_badges(_record: PluginRecord) -> Sequence[Badge]:
    return ()


class PluginsWindow(QDialog):
    """All records as cards. `reload_requested` asks for looking again; `model_wanted` carries the
    digest of a model that a person wants to look at, `generator_wanted` the id of a generator that
    has just come. `badges_of` gives what was measured of a plugin. `tell_network` hears, on any
    thread, when the network is used, and when no longer."""

    reload_requested = Signal()
    model_wanted = Signal(str)
    generator_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Plugins"))
        self.setAcceptDrops(True)
        fit(self, 760, 560)
        self._is_fitted = False
        self.badges_of: Callable[[PluginRecord], Sequence[Badge]] = _no_badges
        self.cards: list[PluginCard] = []
        self._records: Sequence[PluginRecord] = ()
        self._awaited = self._come = self._left = ""
        self._place = 0
        self.dialog: InstallDialog | NewPluginDialog | None = None
        self.summary = Label()
        theme.set_kind(self.summary, "secondary")
        self.filters = Filters()
        self.search = self.filters.search
        self.filters.changed.connect(self._filter)
        self.tell_network: TellNetwork = lambda _used, _well=True: None
        self.changes = Changes(self, lambda used, well=True: self.tell_network(used, well))
        self.notice = Notice()
        self.progress = ProgressLine(self.changes.work)
        self._connect()
        self._make_buttons()
        self._lay_out()
        no_default(self)

    def _connect(self) -> None:
        self.changes.changed.connect(self._ask_reload)
        self.changes.added.connect(self._await_path)
        self.changes.said.connect(self.notice.say)
        self.changes.unsaid.connect(self.notice.unsay)
        self.changes.begun.connect(self.progress.begin)
        self.notice.taken_back.connect(self.changes.restore)

    def _make_buttons(self) -> None:
        self.install = QPushButton(icons.icon("import", "on_accent"), _("Install…"))
        theme.set_kind(self.install, "primary")
        self.install.setToolTip(_("From a wheel, a project's folder, or by name"))
        self.install.clicked.connect(lambda: self.ask_to_install())
        self.new = QPushButton(icons.icon("plus"), _("New plugin…"))
        self.new.setToolTip(_("A small plugin that works at once, to make your own of"))
        self.new.clicked.connect(self.ask_for_new)
        self.reload = QPushButton(icons.icon("reset"), _("Scan again"))
        self.reload.setToolTip(_("Read new and changed plugins without restarting the studio"))
        self.reload.clicked.connect(self._ask_reload)
        self.folder = QPushButton(icons.icon("folder"), _("Open the plugin folder"))
        self.folder.clicked.connect(places.open_plugin_folder)

    def _lay_out(self) -> None:
        self.nothing = Label(_("No plugin matches."))
        theme.set_kind(self.nothing, "quiet")
        self.nothing.hide()
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, theme.GAP, 0)
        self._list.setSpacing(theme.GAP)
        self._list.addWidget(self.nothing)
        self._list.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._list)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setAccessibleName(_("Plugins"))
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SECTION, theme.PADDING, theme.SECTION, theme.PADDING)
        layout.setSpacing(theme.GAP)
        layout.addLayout(self._head())
        layout.addWidget(self.filters)
        layout.addWidget(self.notice)
        layout.addWidget(self.progress)
        layout.addWidget(self.area, 1)
        trust = Label(
            _(
                "A plugin runs programs of its author: add only those you trust. A wheel or a "
                "plugin's file can be dropped here."
            ),
            wordWrap=True,
        )
        theme.set_kind(trust, "secondary")
        layout.addWidget(trust)
        layout.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        title = Label(_("Plugins"))
        theme.set_kind(title, "title")
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(title)
        head.addWidget(self.summary, 1)
        head.addWidget(self.new)
        head.addWidget(self.install)
        return head

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.reload)
        foot.addWidget(self.folder)
        foot.addStretch(1)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        return foot

    # What is here

    def set_records(
        self, records: Sequence[PluginRecord], models: Sequence[ModelInfo] = ()
    ) -> None:
        """Show these records with their models: those that need attention first, then by title."""
        self._records = records
        self._place = self.area.verticalScrollBar().value()
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        ordered = sorted(
            records, key=lambda each: (each.state == "ready", words.title_of(each).lower())
        )
        with theme.undressed() if len(ordered) > _MANY else nullcontext():
            self.cards = [self._card(record, models) for record in ordered]
            for number, card in enumerate(self.cards):
                self._list.insertWidget(number, card)
        self._summarise(records)
        self.filters.offer({card.medium for card in self.cards if card.medium}, len(self.cards))
        self.set_reloading(False)
        self._filter()
        if records and not self._is_fitted:
            self._is_fitted = True
            self._fit()
        self._welcome()
        # New cards are laid out, and the list is as high as they are, in the next turn.
        QTimer.singleShot(0, self, self._scroll)

    def _card(self, record: PluginRecord, models: Sequence[ModelInfo]) -> PluginCard:
        own = [each for each in models if each.generator == words.id_of(record)]
        folded = len(self._records) > _MANY
        card = PluginCard(record, own, self.badges_of(record), folded)
        card.model_wanted.connect(self.model_wanted)
        card.switched.connect(self.changes.switch)
        card.removal_wanted.connect(self.changes.remove)
        card.environment_wanted.connect(self.changes.give_environment)
        no_default(card)
        return card

    def _summarise(self, records: Sequence[PluginRecord]) -> None:
        text = ngettext("{count} plugin", "{count} plugins", len(records))
        parts = [text.format(count=len(records))]
        off = sum(record.state == "disabled" for record in records)
        broken = sum(record.state not in ("ready", "disabled") for record in records)
        if broken:
            text = ngettext("{count} does not work", "{count} do not work", broken)
            parts.append(text.format(count=broken))
        if off:
            text = ngettext("{count} switched off", "{count} switched off", off)
            parts.append(text.format(count=off))
        self.summary.setText(enumerated(parts))

    def _fit(self) -> None:
        """As high as what stands in it, so that no half of it is empty."""
        width = self.width() - 2 * theme.SECTION - theme.GAP
        needed = self._list.heightForWidth(width) if self._list.hasHeightForWidth() else 0
        needed = max(needed, self._list.sizeHint().height() if not needed else 0)
        low, high = _HEIGHTS
        fit(self, self.width(), max(low, min(needed + 2 * theme.PADDING + 160, high)))

    @Slot()
    def _filter(self) -> None:
        shown = 0
        for card in self.cards:
            fits = self.filters.let_in(card.words, card.medium, card.record.state)
            card.setVisible(fits)
            shown += fits
        self.nothing.setVisible(bool(self.cards) and not shown)

    def set_reloading(self, reloading: bool) -> None:
        """While plugins are being read the button waits."""
        self.reload.setEnabled(not reloading)
        self.reload.setText(_("Looking…") if reloading else _("Scan again"))

    @Slot()
    def _ask_reload(self) -> None:
        self.set_reloading(True)
        self.reload_requested.emit()

    # What comes

    def ask_to_install(self, wanted: str = "") -> None:
        """The dialog that says what an installation would change; a wheel is looked at at once."""
        from aigc_studio.ui.plugins.install_dialog import InstallDialog

        dialog = InstallDialog(wanted, lambda: self._records, self.tell_network, self)
        dialog.installed.connect(self._await_names)
        self._open(dialog)

    @Slot()
    def ask_for_new(self) -> None:
        """The dialog that writes a new plugin."""
        from aigc_studio.ui.plugins.new_dialog import NewPluginDialog

        self._left = ""
        dialog = NewPluginDialog(self)
        dialog.created.connect(self._await_path)
        self._open(dialog)

    def _open(self, dialog: InstallDialog | NewPluginDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destroyed.connect(self._forget_dialog)
        dialog.open()

    @Slot()
    def _forget_dialog(self) -> None:
        self.dialog = None

    @Slot(str)
    def _await_names(self, distribution: str) -> None:
        self._awaited = distribution
        self.notice.say(_("{name} was installed.").format(name=distribution), "info", None)
        self._ask_reload()

    @Slot(str)
    def _await_path(self, path: str) -> None:
        self._awaited = path
        sentence = _("{name} is here, and yours to change.").format(name=Path(path).name)
        self.notice.say(in_a_row(filter(None, (sentence, self._left))), "info", None)
        self._ask_reload()

    def _welcome(self) -> None:
        """Bring what has just come into sight, and have it chosen."""
        for card in self.cards if self._awaited else ():
            source = card.record.source
            if self._awaited in (source.path, source.distribution):
                self._awaited = ""
                self.filters.clear()
                self._come = source.name
                if card.record.state == "ready":
                    self.generator_wanted.emit(words.id_of(card.record))
                return

    @Slot()
    def _scroll(self) -> None:
        """Stay where it was, or go to what has just come."""
        self.area.verticalScrollBar().setValue(self._place)
        for card in self.cards:
            if card.record.source.name == self._come:
                self.area.ensureWidgetVisible(card)
        self._come = ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Wheels, folders, or plugins of one file; what cannot be told yet as well."""
        paths = paths_of(event.mimeData())
        asked = answers(os.path.isdir, paths)
        if any(each is not False for each in asked) or any(map(_is_plugin, paths)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask whether it is to be installed; what has no package is copied, and can be removed."""
        paths = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.changes.sort(paths, self._take)

    def _take(self, paths: Sequence[Path], folders: Mapping[Path, bool]) -> None:
        files = [each for each in paths if folders.get(each, each.suffix == ".py")]
        packages = [each for each in paths if not folders.get(each, each.suffix != ".whl")]
        for path in files:
            self.changes.add(path)
        if not files and not packages:  # seen when its drive answered
            self.notice.say(_("Nothing of what was dropped is a plugin."), "warning", None)
            return
        others = [path for path in paths if path not in (*files, *packages)]
        self._left = in_a_row(
            tell(left)
            for tell, left in ((packages_left, packages[1:]), (no_plugins, others))
            if left
        )
        if self._left:
            self.notice.say(self._left, "warning", None)
        if packages:
            self.ask_to_install(str(packages[0]))


def _is_plugin(path: Path) -> bool:
    return path.suffix in (".py", ".whl")
