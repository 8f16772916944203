"""What became of the checks: a list of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aigc_studio.host.badges import Badge
from aigc_studio.translation import _, in_a_row, ngettext

Outcome = Literal["passed", "warned", "failed", "skipped", "unreached"]
MARKS: Mapping[str, str] = {"passed": "✓", "warned": "!", "failed": "✗"}


class Violation(AssertionError):
    """The generator does not keep to the spec: `str()` says how, and what to do.

    `details` is for its author: a traceback, where it broke. `cause` is what its worker said where
    an action broke: one that several checks meet is told once. `refused` says that it was the
    generator's own sentence for the person, and no slip of its code.
    """

    def __init__(
        self, sentence: str, details: str = "", cause: str = "", *, refused: bool = False
    ) -> None:
        super().__init__(sentence)
        self.details, self.cause, self.refused = details, cause, refused


class NotApplicable(Exception):
    """The check has nothing to look at in this generator: `str()` says why."""


class Advice(Exception):
    """What the generator would be better with, and may be without: `str()` says what to do."""


@dataclass(frozen=True)
class Check:
    """One check: what it asks (`title`), how it came out, and the sentence that says why.

    It is `unreached` where something that another check told of must be mended first, and `warned`
    where it passed with an advice.
    `details` is for the author: a traceback and the end of the worker's log. `how` tells one way of
    measuring from another (`Badge.how`).
    """

    name: str
    title: str
    outcome: Outcome
    sentence: str = ""
    seconds: float = 0.0
    details: str = ""
    how: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong: a check with nothing to look at has passed."""
        return self.outcome in ("passed", "warned", "skipped")

    def __str__(self) -> str:
        mark = MARKS.get(self.outcome, "–")
        told = _("{title}: {sentence}").format(title=self.title, sentence=self.sentence)
        return f"{mark} {told if self.sentence else self.title}"


@dataclass(frozen=True)
class Report:
    """All the checks of one plugin, in order."""

    plugin: str
    checks: tuple[Check, ...]
    badges: tuple[Badge, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.passed for check in self.checks)

    @property
    def verdict(self) -> str:
        """All passed, or how many failed, and how many were not reached for it."""
        failed, unreached = self.count("failed"), self.count("unreached")
        warned = self.count("warned")
        told = ngettext("{count} comes with advice.", "{count} come with advice.", warned)
        advice = [told.format(count=warned)] if warned else []
        if self.passed:
            return in_a_row([_("All checks passed."), *advice])
        told = ngettext("{count} check failed.", "{count} checks failed.", failed)
        sentences = [told.format(count=failed)]
        if unreached:
            told = ngettext("{count} was not reached.", "{count} were not reached.", unreached)
            sentences.append(told.format(count=unreached))
        return in_a_row([*sentences, *advice])

    def count(self, outcome: Outcome) -> int:
        """How many checks came out so."""
        return sum(check.outcome == outcome for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        checks = [vars(check) | {"seconds": round(check.seconds, 3)} for check in self.checks]
        badges = [badge.to_json() | {"told": badge.told} for badge in self.badges]
        return {"plugin": self.plugin, "passed": self.passed, "checks": checks, "badges": badges}

    def __str__(self) -> str:
        return "\n".join([self.plugin, *map(str, self.checks), self.verdict])
