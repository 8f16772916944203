"""The check of what is shown while it is being made."""

from __future__ import annotations

from aigc_studio.api.events import Candidate, Partial
from aigc_studio.testing.bench import Bench, making
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _


def check_partials(bench: Bench) -> None:
    """A `Partial` belongs to a result that comes, and comes before it."""
    shown = False
    for operation in making(bench):
        strips: set[str] = set()
        results = 0
        grown: set[int] = set()
        for event in bench.usual(operation):
            if isinstance(event, Candidate) and event.strip not in strips:
                results += 1
                strips |= {event.strip} - {""}
            elif isinstance(event, Partial) and event.number < results:
                sentence = _("{name} yielded a Partial of result {number}, which had come already.")
                raise Violation(sentence.format(name=operation.id, number=event.number))
            elif isinstance(event, Partial):
                grown.add(event.number)
        lost = sorted(number for number in grown if number >= results)
        if lost:
            sentence = _("{name} yielded a Partial of result {number}, which never came.")
            raise Violation(sentence.format(name=operation.id, number=lost[0]))
        shown = shown or bool(grown)
    if not shown:
        raise NotApplicable(_("It shows nothing while it makes."))
