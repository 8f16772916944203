"""A generator that says something of each character as fast as it can, up to as many as may be.

The last one says when it was yielded: whoever draws it can tell how long that took.
"""

import time
from collections.abc import Iterator

from aigc_studio.api import (
    Annotation,
    Candidate,
    Description,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Operation,
    Span,
    Text,
    hookimpl,
    limits,
)


@hookimpl
def describe() -> Description:
    return Description(
        id="tells",
        title="Tells",
        medium=Text,
        operations=(
            Operation(id="write", verb="generate", title="Write", model="none"),
            Operation(id="tell", verb="evaluate", title="Tell", artifacts=1, model="none"),
        ),
    )


@hookimpl
def generate(request: GenerateRequest) -> Iterator[Event]:
    for _n in range(request.count):
        yield Candidate(Text("Words."))


@hookimpl
def evaluate(request: EvaluateRequest) -> Iterator[Event]:
    last = min(len(request.text), limits.ANNOTATIONS) - 1
    for place in range(last):
        yield Annotation(Span(place, place + 1), place * 37 % 101 / 100, "in its place")
    yield Annotation(Span(last, last + 1), 1.0, f"{time.time():.6f}")
