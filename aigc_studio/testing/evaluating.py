"""The checks of evaluate: what is measured, twice, on little, and on what is odd."""

from __future__ import annotations

import math
from dataclasses import replace

from aigc_studio.api.artifacts import Artifact
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.events import Event, Metric
from aigc_studio.testing.bench import Bench
from aigc_studio.testing.report import Violation
from aigc_studio.testing.training import odd_examples
from aigc_studio.translation import _

CLOSE = 1e-3
"""How far two measurements of the same may lie apart, of their size: sums of another order."""


def check_tiny_evaluation(bench: Bench) -> None:
    """One example to measure on, none, or odd ones: measured, or refused with a sentence."""
    asked = bench.evaluation()
    kinds: dict[str, list[Artifact]] = {
        _("one example to measure on"): list(bench.inputs(1)),
        _("no example to measure on"): [],
        _("examples of odd sizes"): list(odd_examples(bench)),
    }
    for what, artifacts in kinds.items():
        few = Dataset(bench.dataset_of(artifacts).path, "train")
        bench.accepts_or_explains("evaluate", replace(asked, dataset=few), what)


def check_same_metrics(bench: Bench) -> None:
    """Measured twice, the same model has the same numbers; but for those that tell of time."""
    first, second = _values(bench.measured()), _values(bench.events("evaluate", bench.evaluation()))
    for name, value in first.items():
        again = second.get(name, math.nan)
        if math.isfinite(value) and not math.isclose(value, again, rel_tol=CLOSE, abs_tol=CLOSE):
            sentence = _(
                "Measured twice, {name} is {first:.4g} and {second:.4g}. Draw what is drawn from "
                "request.seed."
            )
            raise Violation(sentence.format(name=name, first=value, second=again))


def _values(events: list[Event]) -> dict[str, float]:
    told = (event for event in events if isinstance(event, Metric))
    return {event.name: event.value for event in told if "second" not in event.name}
