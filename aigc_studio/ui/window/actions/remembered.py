"""What is remembered and shown by actions: whether pictures are smooth, how wide an edge is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from aigc_studio.api import limits
from aigc_studio.translation import _
from aigc_studio.ui import notation, pixels
from aigc_studio.ui.canvas.painting.brush import MaskOptions

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.settings import Settings
    from aigc_studio.ui.window.actions.actions import Actions

PREFERENCE = "smooth_pixels"
STAFF = "staff"
MASK_TOOLS = "mask_tools"
"""What the options of the mask tools are remembered by."""


class Smoothness(QObject):
    """Keeps the action and what is painted true to the preference."""

    def __init__(self, settings: Settings, action: QAction) -> None:
        super().__init__(action)
        self._settings = settings
        self._action = action
        settings.changed.connect(self._follow)
        self._follow(PREFERENCE)

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name == PREFERENCE:
            on = bool(self._settings.preference(PREFERENCE))
            self._action.setChecked(on)
            pixels.set_smooth(on)


class Kept(QObject):
    """Between an action that is on or off and the preference that keeps it."""

    def __init__(self, settings: Settings, action: QAction, name: str) -> None:
        super().__init__(action)
        self._settings = settings
        self._action = action
        self._name = name
        action.triggered.connect(self._keep)
        settings.changed.connect(self._follow)
        self._follow(name)

    @Slot(bool)
    def _keep(self, on: bool) -> None:
        self._settings.set_preference(self._name, on)

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name == self._name:
            self._action.setChecked(bool(self._settings.preference(name)))


class Notation(Kept):
    """How tunes are shown: the action, what is kept, and what a tool goes back to."""

    def __init__(self, settings: Settings, action: QAction) -> None:
        super().__init__(settings, action, STAFF)
        self._show(STAFF)
        settings.changed.connect(self._show)
        notation.changed.connect(self._keep_shown)

    @Slot(str)
    def _show(self, name: str) -> None:
        if name == STAFF:
            notation.set_staff(bool(self._settings.preference(STAFF)))

    @Slot()
    def _keep_shown(self) -> None:
        self._settings.set_preference(STAFF, notation.is_staff())


class MaskEdge(QObject):
    """Between the settings, the view's `mask_options` and the actions that name the number."""

    def __init__(self, settings: Settings, actions: Actions, view: BoardView) -> None:
        super().__init__(view)
        self._settings = settings
        self._actions = actions
        view.options.set_mask(read_options(settings.remembered(MASK_TOOLS)))
        view.options.mask_changed.connect(self._keep)
        self._name(view.options.mask)

    @Slot(object)
    def _keep(self, options: MaskOptions) -> None:
        values = {name: getattr(options, name) for name in ("pixels", "tolerance", "joined")}
        self._settings.remember(values, MASK_TOOLS)
        self._name(options)

    def _name(self, options: MaskOptions) -> None:
        titles = {
            "grow_mask": _("&Grow Mask by {number} px"),
            "shrink_mask": _("&Shrink Mask by {number} px"),
            "feather_mask": _("&Feather Mask by {number} px"),
        }
        for name, title in titles.items():
            self._actions.retitle(name, title.format(number=options.pixels))


def read_options(values: dict[str, object]) -> MaskOptions:
    """What was remembered, as far as it fits; the file may be anyone's."""
    usual = MaskOptions()
    pixels, tolerance = values.get("pixels"), values.get("tolerance")
    joined = values.get("joined")
    return MaskOptions(
        min(max(pixels, 1), limits.MASK_EDGE) if type(pixels) is int else usual.pixels,
        min(max(tolerance, 0), 255) if type(tolerance) is int else usual.tolerance,
        joined if isinstance(joined, bool) else usual.joined,
    )
