"""Who is asked for what: what a folder of results and a dataset of them are both made from."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigc_studio.api import Candidate, Event, GenerateRequest
from aigc_studio.cli import asking, results
from aigc_studio.cli.console import Console
from aigc_studio.cli.growing import Growing
from aigc_studio.cli.growing import results as all_results
from aigc_studio.cli.pace import Pace

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo
    from aigc_studio.project.provenance import Provenance


@dataclass(frozen=True)
class Wish:
    """Who is asked for what: a generator, its model, the request."""

    record: PluginRecord
    model: ModelInfo | None
    request: GenerateRequest

    def candidates(self, console: Console, first: int, count: int) -> Generator[Candidate]:
        """What comes, shown as a part of the `count` numbers from the seed `first` on.

        Close it to end the action. Raises `StudioError` when it fails.
        """
        with closing(self._events(console, first, count)) as events:
            for event in events:
                if isinstance(event, Candidate):
                    yield event

    def results(
        self, console: Console, first: int, count: int, *, stream: bool
    ) -> Generator[tuple[Candidate, bool]]:
        """As `candidates`, and what was there of those that were stopped (`growing.results`)."""
        few = count <= results.SHOWN
        growing = Growing(console, self.request.seed, stream=stream and few)
        with closing(self._events(console, first, count, growing)) as events:
            yield from all_results(events, growing, console)

    def _events(
        self, console: Console, first: int, count: int, growing: Growing | None = None
    ) -> Generator[Event]:
        show = Pace(console, first, count) if count > results.SHOWN else None
        return asking.events(self.record, "generate", self.request, console, show, growing)

    def provenance(self, seed: int, *, stopped: bool = False) -> Provenance:
        """What to remember of the candidate of this seed."""
        from aigc_studio.project.making import provenance_of

        assert self.record.description is not None
        return provenance_of(
            self.record.description,
            "generate",
            self.request,
            model=self.model,
            seed=seed,
            stopped=stopped,
        )
