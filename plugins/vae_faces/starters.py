"""What can be done at once on an empty board."""

from __future__ import annotations

from aigc_studio.api import Starter

STARTERS: tuple[Starter, ...] = ()
