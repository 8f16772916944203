"""By how many pixels a mask is grown, shrunk or feathered: remembered, and said by commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.translation import _
from aigc_studio.ui import keys
from aigc_studio.ui.canvas.painting.brush import MaskOptions

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.settings import Settings
    from aigc_studio.ui.window.actions.actions import Actions

KEY = "mask_tools"
"""What the options are remembered by."""


class MaskEdge(QObject):
    """Between the settings, the view's `mask_options` and the actions that name the number."""

    def __init__(self, settings: Settings, actions: Actions, view: BoardView) -> None:
        super().__init__(view)
        self._settings = settings
        self._actions = actions
        view.set_mask_options(read_options(settings.remembered(KEY)))
        view.mask_options_changed.connect(self._keep)
        self._name(view.mask_options)

    @Slot(object)
    def _keep(self, options: MaskOptions) -> None:
        values = {name: getattr(options, name) for name in ("pixels", "tolerance", "joined")}
        self._settings.remember(values, KEY)
        self._name(options)

    def _name(self, options: MaskOptions) -> None:
        titles = {
            "grow_mask": _("&Grow Mask by {number} px"),
            "shrink_mask": _("&Shrink Mask by {number} px"),
            "feather_mask": _("&Feather Mask by {number} px"),
        }
        for name, title in titles.items():
            words = title.format(number=options.pixels)
            action = self._actions[name]
            tip = action.whatsThis()
            action.setText(words)
            plain = words.partition("(&")[0] + words.partition("(&")[2][2:]
            plain = plain.replace("&", "")
            action.setIconText(plain)
            action.setToolTip("\n".join(filter(None, (keys.with_key(plain, name), tip))))


def read_options(values: dict[str, object]) -> MaskOptions:
    """What was remembered, as far as it fits; the file may be anyone's."""
    from aigc_studio.project.masking import LARGEST

    usual = MaskOptions()
    pixels, tolerance = values.get("pixels"), values.get("tolerance")
    joined = values.get("joined")
    return MaskOptions(
        min(max(pixels, 1), LARGEST) if type(pixels) is int else usual.pixels,
        min(max(tolerance, 0), 255) if type(tolerance) is int else usual.tolerance,
        joined if isinstance(joined, bool) else usual.joined,
    )
