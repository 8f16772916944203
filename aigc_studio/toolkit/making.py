"""The loop that every generate and edit has: one result for each seed, shown while it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from random import Random

from aigc_studio.api import (
    Artifact,
    Candidate,
    EditRequest,
    Event,
    GenerateRequest,
    Message,
    Partial,
    Progress,
    Text,
)

Made = Artifact | Candidate | str
"""A result; a string is a `Text`, and a candidate may have more to it (a latent, a title)."""


def candidates(
    request: GenerateRequest | EditRequest,
    make: Callable[[Random], Made | Iterable[Made | Progress | Message]],
    *,
    part: bool = False,
) -> Iterator[Event]:
    """Yield `request.count` results: `make(rng)` gives one, or yields what there is of it by then.

    What it yields is seen as it grows, and the last is the result. Result number n is made with a
    random generator of its own, seeded with the request's seed + n, so that the first ones stay the
    same when more are asked for. With `part` it is only what comes in place of the span or
    of the bars of an edit. A `Progress` or `Message` among them is passed on; how far one result is
    becomes how far all of them are. Raises `ValueError` if `make` yields nothing.
    """
    for number in range(request.count):
        made = make(Random(request.seed + number))
        last: Candidate | None = None
        waits = False  # whether nobody has seen the last one yet
        for each in [made] if isinstance(made, Made) else made:
            if waits and last is not None:
                yield Partial(last.artifact, number, last.title, last.part)
            waits = not isinstance(each, Progress | Message)
            if isinstance(each, Progress | Message):
                yield _of_all(each, number, request.count)
            else:
                last = _candidate(each, part)
        if last is None:
            raise ValueError(f"nothing was made for seed {request.seed + number}")
        yield last


def _of_all(event: Progress | Message, number: int, count: int) -> Progress | Message:
    if isinstance(event, Message):
        return event
    return replace(event, step=number * event.total + event.step, total=count * event.total)


def _candidate(made: Made, part: bool) -> Candidate:
    if isinstance(made, Candidate):
        return replace(made, part=part or made.part)
    return Candidate(Text(made) if isinstance(made, str) else made, part=part)
