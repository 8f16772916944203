"""Before each action all random generators are seeded, for no more than that costs."""

from __future__ import annotations

import random
import traceback
from typing import Any

import pytest

from aigc_studio.worker.seeds import seed_everything


def test_torch_draws_as_after_its_own_seed_and_nobody_reads_sources_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torch = pytest.importorskip("torch")
    stacks: list[Any] = []

    def format_stack(*_rest: Any) -> list[str]:
        stacks.append(1)
        return []

    monkeypatch.setattr(traceback, "format_stack", format_stack)
    seed_everything(2**40 + 5, 1)
    found, here = torch.rand(4), random.random()
    if not torch.accelerator.is_available():
        assert stacks == []
    torch.manual_seed(2**40 + 5)
    random.seed(2**40 + 5)
    assert torch.equal(found, torch.rand(4))
    assert here == random.random()
