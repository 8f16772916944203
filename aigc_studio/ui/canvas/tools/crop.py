"""The crop tool."""

from __future__ import annotations

from aigc_studio.ui.canvas.tools.area import AreaGrip


class CropGrip(AreaGrip):
    """To come."""
