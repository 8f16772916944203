"""What is heard, wherever in the studio a tune is shown: one ear for all windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.ui.listening.listening import Listening
    from aigc_studio.ui.settings import Settings

_ears: list[Listening] = []
_wanted: list[Settings] = []


def hear_by(settings: Settings) -> None:
    """Sound as these settings say, whatever is heard from now on."""
    _wanted[:] = [settings]
    for each in _ears:
        each.use(settings)


def ear() -> Listening:
    """The one that all of the studio hears by; made when it is first asked for."""
    if not _ears:
        from aigc_studio.ui.listening.listening import Listening

        _ears.append(Listening())
        for settings in _wanted:
            _ears[0].use(settings)
    return _ears[0]


def is_heard(artifact: Artifact | None) -> bool:
    """Whether this very tune is heard now."""
    return any(each.hears(artifact) for each in _ears)


def close_ear() -> None:
    """Be silent, and let the device go; nothing is done where nothing was heard."""
    for each in _ears:
        each.close()
    _ears.clear()
    _wanted.clear()
