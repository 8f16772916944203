"""A generator of texts: writes, continues and rewrites in a voice learnt from any texts.

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
    from rnn_text.description import DESCRIPTION

    return DESCRIPTION


@hookimpl
def train(request: TrainRequest) -> Action:
    """Learn from a dataset of texts, whatever their script and kind."""
    from rnn_text.training.learning import train_texts

    return train_texts(request)


@hookimpl
def generate(request: GenerateRequest) -> Action:
    """Write texts, with or without a beginning; compose poems."""
    from rnn_text.hooks import work

    return work(request, "generate")


@hookimpl
def edit(request: EditRequest) -> Action:
    """Continue, pick what comes next, rewrite, write more like a text."""
    from rnn_text.hooks import work

    return work(request, "continue")


@hookimpl
def evaluate(request: EvaluateRequest) -> Action:
    """Measure a model on the held-out part, or tell of a text."""
    from rnn_text.hooks import work

    return work(request, "evaluate")
