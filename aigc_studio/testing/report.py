"""What became of the checks: a list of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from aigc_studio.translation import _

Outcome = Literal["passed", "failed", "skipped"]


class Violation(AssertionError):
    """The generator does not keep to the spec: `str()` says how, and what to do."""


class NotApplicable(Exception):
    """The check has nothing to look at in this generator: `str()` says why."""


@dataclass(frozen=True)
class Check:
    """One check: what it asks (`title`), how it came out, and the sentence that says why."""

    name: str
    title: str
    outcome: Outcome
    sentence: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong: a check with nothing to look at has passed."""
        return self.outcome != "failed"

    def __str__(self) -> str:
        mark = {"passed": "✓", "failed": "✗", "skipped": "–"}[self.outcome]
        return f"{mark} {self.title}" + (f": {self.sentence}" if self.sentence else "")


@dataclass(frozen=True)
class Report:
    """All the checks of one plugin, in order."""

    plugin: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.passed for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        checks = [vars(check) | {"seconds": round(check.seconds, 3)} for check in self.checks]
        return {"plugin": self.plugin, "passed": self.passed, "checks": checks}

    def __str__(self) -> str:
        count = sum(not check.passed for check in self.checks)
        end = _("{count} checks failed.").format(count=count) if count else _("All checks passed.")
        return "\n".join([self.plugin, *map(str, self.checks), end])
