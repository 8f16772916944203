"""One plain sentence on how a training stands. Only what was measured or told: no guesses.

Previews are drawn from one seed, so how much two of them differ tells how much is changing still.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aigc_studio.library.measures import plain_words
from aigc_studio.translation import _, in_a_row

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library.measures import Own

_MUCH = 0.5
_LITTLE = 0.15
_EARLY = 0.25
"""The share of a training before which nothing is said to have settled."""
_WITH_MODEL = ("paused", "done", "stopped")
_SIDE = 256
"""Pixels along a side that are compared; of larger pictures some are left out."""


@dataclass(frozen=True)
class Standing:
    """What is known of a training.

    Its `state`, whether it `learns` by now, how many `looks` there were, by how much the newest
    differs from that of half its steps (`change`, in its own spread; None where that says nothing),
    the `share` of it that is done (0 to 1; None: unknown), what was
    `measured` last, and what the `course` of that says; empty where it says nothing.
    """

    state: str = ""
    learns: bool = False
    looks: int = 0
    change: float | None = None
    share: float | None = None
    measured: Mapping[str, float] = field(default_factory=dict)
    course: str = ""


def outlook(standing: Standing) -> str:
    """The sentence. Empty for a training that failed: why is said elsewhere."""
    ended = {
        "": "",
        "queued": _("It is waiting for its turn."),
        "starting": _("It is starting."),
        "paused": _("It is paused, and goes on where it is."),
        "done": _("It is done."),
        "stopped": _("It was stopped, and the best of it is kept."),
        "cancelled": _("It was cancelled, and nothing of it is kept."),
        "failed": "",
    }
    if standing.state in ended:
        parts = (ended[standing.state], standing.course if standing.state in _WITH_MODEL else "")
        return in_a_row(filter(None, parts))
    if not standing.learns:
        return _("It is getting ready.")
    return _of_looks(standing)


def _of_looks(standing: Standing) -> str:
    if standing.course:
        return standing.course
    if standing.looks == 0:
        return _("It has begun to learn; the first samples come soon.")
    if standing.looks == 1:
        return _("These are its first samples.")
    share = standing.share or 0.0
    if standing.change is None or (standing.change < _MUCH and share < _EARLY):
        return _of_share(share)  # what has hardly begun has not settled either
    if standing.change >= _MUCH:
        return _("The samples still change a lot.")
    if standing.change >= _LITTLE:
        return _("The samples settle: they change only a little now.")
    return _("The samples hardly change any more.")


def _of_share(share: float) -> str:
    if share >= 0.9:
        return _("It is nearly done.")
    if share >= 0.5:
        return _("More than half is done.")
    if share >= 0.1:
        return _("It is under way.")
    return _("It has only just begun.")


def measured_words(measured: Mapping[str, float], own: Own | None = None) -> str:
    """What was measured last, in plain words; empty where there are none for it."""
    return next(iter(plain_words(measured, own)), "")


def change_between(former: Artifact, newer: Artifact) -> float | None:
    """By how much two looks differ: the mean difference, as a share of how far values lie apart in
    the newer one. None for what is no picture, of another size, or all of one colour."""
    from aigc_studio.api import Image

    if not isinstance(former, Image) or not isinstance(newer, Image):
        return None
    if former.pixels.shape != newer.pixels.shape:
        return None
    import numpy as np

    every = -(-max(newer.width, newer.height) // _SIDE)
    one, other = (each.pixels[::every, ::every].astype(np.float32) for each in (former, newer))
    spread = float(np.abs(other - other.mean()).mean())
    return float(np.abs(one - other).mean()) / spread if spread >= 1 else None
