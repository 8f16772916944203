"""The window of the studio, put together from its panels."""

from aigc_studio.ui.window.window import StudioWindow

__all__ = ["StudioWindow"]
