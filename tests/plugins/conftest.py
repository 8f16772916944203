"""What tests of our own plugins have in common."""

import pytest


@pytest.fixture
def little_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training shows what it makes, and is measured, in the beginning and at its end alone.

    One of a few dozen steps does so at nearly each, and takes longer over that than over learning;
    when either is due is tested with the toolkit's loop.
    """
    from aigc_studio.toolkit.plan import Plan

    def preview_is_due(plan: Plan, step: int) -> bool:
        return step in (0, plan.total(step))

    def evaluation_is_due(plan: Plan, step: int, _count: int) -> bool:
        return step in (1, plan.total(step))

    monkeypatch.setattr(Plan, "preview_is_due", preview_is_due)
    monkeypatch.setattr(Plan, "evaluation_is_due", evaluation_is_due)
