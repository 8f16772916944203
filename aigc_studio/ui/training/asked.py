"""What a person asked for in the train dialog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class TrainingAsked:
    """What a person asked for. One of `minutes` and `steps` is None; `model` is the digest of the
    one to start from, empty for none."""

    generator: str
    dataset: str
    operation: str
    name: str
    model: str = ""
    minutes: float | None = None
    steps: int | None = None
    seed: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
