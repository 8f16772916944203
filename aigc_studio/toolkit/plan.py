"""The plan of a training: how many steps, and what is due at which.

"Five minutes" becomes a number of steps. When the machine turns out slower or faster, a new stage
is written to `plan.jsonl` before it counts, and a resumed run goes through the same stages at the
same steps. Everything that learns depends on the step through the plan, and never on the clock.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api import StudioError, documents, limits
from aigc_studio.api.kinds import ListOf, Number, Whole, Words, check, record
from aigc_studio.translation import _

MOST_STEPS = 10**12
"""Steps of a training: more than any takes."""
_EARLY = (0.0, 0.005, 0.01, 0.02, 0.04, 0.07)


@dataclass(frozen=True)
class Stage:
    """From `step` on, where `progress` (0 to 1) is reached, the training is to end at `total`."""

    step: int
    total: int
    progress: float = 0.0
    previews: int = 24
    reason: str = "steps"
    seconds_per_step: float = 0.0


_MOST_STAGES = 100_000
_fields = tuple(field.name for field in fields(Stage))
_stages = ListOf(
    record(
        {"step": Whole(0, MOST_STEPS), "total": Whole(0, MOST_STEPS)},
        progress=Number(0, 1),
        previews=Whole(0, MOST_STEPS),
        reason=Words(limits.TITLE),
        seconds_per_step=Number(0),
    ),
    _MOST_STAGES,
)


@dataclass
class Plan:
    """The stages so far, in the order of their steps; those of an interrupted run lie ahead."""

    stages: list[Stage] = field(default_factory=list)
    path: Path | None = None

    @classmethod
    def read(cls, path: Path) -> Plan:
        """The plan that an earlier run logged; one without stages when there is none.

        Raises StudioError when it is damaged.
        """
        if not path.exists():
            return cls([], path)
        try:
            lines = documents.read_lines(path, _MOST_STAGES)
            return cls.of([told for _number, told in lines], path)
        except (OSError, ValueError) as error:
            raise StudioError(
                _("The training's plan {name} is damaged: start the training again.").format(
                    name=path.name
                )
            ) from error

    @classmethod
    def of(cls, told: Any, path: Path | None = None) -> Plan:
        """The plan of what `told` gave. Raises ValueError when it is none."""
        check(told, _stages, "plan")
        stages = [Stage(**{name: each[name] for name in _fields if name in each}) for each in told]
        if stages and stages[0].step != 0:
            raise ValueError("the first stage is missing")
        return cls(stages, path)

    def told(self) -> list[dict[str, Any]]:
        """The stages as plain values, for a checkpoint to hold."""
        return [asdict(each) for each in self.stages]

    def add(self, stage: Stage) -> None:
        """Log a stage, then let it count."""
        if self.path is not None:
            lines = [files.canonical_json(asdict(each)) + "\n" for each in [*self.stages, stage]]
            files.write_text(self.path, "".join(lines))
        self.stages.append(stage)

    def stage(self, step: int) -> Stage:
        """The stage that holds at `step`."""
        return [each for each in self.stages if each.step <= step][-1]

    def total(self, step: int) -> int:
        """With how many steps the training ends, as planned at `step`."""
        return self.stage(step).total

    def progress(self, step: int) -> float:
        """How much of the training is done before `step`: 0 to 1, without jumps, never falling."""
        stage = self.stage(step)
        part = (step - stage.step) / max(stage.total - stage.step, 1)
        return min(stage.progress + (1.0 - stage.progress) * part, 1.0)

    def evaluations_left(self, step: int, count: int) -> int:
        """How many of `count` evaluations are still to come."""
        return sum(self.progress(step) < n / max(count, 1) for n in range(1, count + 1))

    def anew(self, step: int, left: float, per_step: float, budget: float) -> Stage | None:
        """A stage that fits `left` seconds, if the plan misses them by a sixteenth of `budget`."""
        total = self.total(step)
        gap = (total - step) * per_step - left
        if step >= total or abs(gap) <= max(3.0, budget / 16):
            return None
        # Never end at once: what falls with the progress must have time to fall.
        fitting = step + max(int(left / per_step), min(10, total - step))
        return self.stage_to(fitting, step, per_step) if fitting != total else None

    def stage_to(self, total: int, step: int, per_step: float = 0.0) -> Stage:
        """The stage that goes on from `step` to another end."""
        previews = self.stage(step).previews
        return Stage(step, total, self.progress(step), previews, "speed changed", per_step)

    def is_last_stage(self, step: int) -> bool:
        """Whether no logged stage lies ahead of `step`."""
        return self.stages[-1].step <= step

    def preview_is_due(self, step: int) -> bool:
        """At the start, often in the first moments, then evenly, and at the end."""
        count = max(self.stage(step).previews, 1)
        marks = {*_EARLY, *(n / count for n in range(1, count + 1))}
        return step == 0 or any(self._passes(step, mark) for mark in marks)

    def evaluation_is_due(self, step: int, count: int) -> bool:
        """`count` times, evenly, the last time at the end."""
        return any(self._passes(step, n / max(count, 1)) for n in range(1, count + 1))

    def note_is_due(self, step: int) -> bool:
        """Whether metrics are noted: some 500 times, every 50 steps at least, and at the end."""
        stage = self.stage(step)
        every = min(max(stage.total // 500, 1), 50)
        return step == stage.total or (step - stage.step) % every == 0

    def _passes(self, step: int, mark: float) -> bool:
        """Whether the step before `step` carried the progress over `mark`."""
        return step > 0 and self.progress(step - 1) < mark <= self.progress(step)
