"""A generator of tunes: composes, continues and recomposes bars in a style learnt from any tunes.

Nothing here imports torch; an action imports what it needs when it starts. No module of the package
is called as a hook is: importing it would take the hook's place.
"""

from __future__ import annotations

from aigc_studio.api import (
    Action,
    Description,
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    TrainRequest,
    hookimpl,
)


@hookimpl
def describe() -> Description:
    """Who this generator is and what it offers."""
    from rnn_melody.description import DESCRIPTION

    return DESCRIPTION


@hookimpl
def train(request: TrainRequest) -> Action:
    """Learn from a dataset of tunes."""
    from rnn_melody.training.learning import train_tunes

    return train_tunes(request)


@hookimpl
def generate(request: GenerateRequest) -> Action:
    """Compose tunes."""
    from rnn_melody.hooks import work

    return work(request, "generate")


@hookimpl
def edit(request: EditRequest) -> Action:
    """Continue, recompose bars, vary, answer, transpose."""
    from rnn_melody.hooks import work

    return work(request, "continue")


@hookimpl
def evaluate(request: EvaluateRequest) -> Action:
    """Measure a model on the held-out part, or tell of a tune."""
    from rnn_melody.hooks import work

    return work(request, "evaluate")
