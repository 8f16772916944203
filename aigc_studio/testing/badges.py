"""Which checks are badges, and the badges that they give."""

from __future__ import annotations

import time
from collections.abc import Sequence

from aigc_studio.host import PluginRecord
from aigc_studio.host.badges import Badge, Badges
from aigc_studio.testing.report import Check

MEASURED = {
    "same_seed": "deterministic",
    "cancel": "cancels",
    "resume": "resumes",
    "offline": "offline",
}
"""The badge of a check. Where it had nothing to look at, or was not reached, there is none."""


def keep_badges(record: PluginRecord, checks: Sequence[Check]) -> tuple[Badge, ...]:
    """The badges that these checks measured, kept for this code."""
    now = time.time()
    found = tuple(
        Badge(MEASURED[check.name], check.outcome == "passed", now, check.how)
        for check in checks
        if check.name in MEASURED and check.outcome in ("passed", "warned", "failed")
    )
    if found:
        Badges().keep(record, found)
    return found
