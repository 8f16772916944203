"""A generator of texts: writes, continues and rewrites in a voice learnt from any texts.

Nothing here imports torch; an action imports what it needs when it starts. No module of the package
is called as a hook is: importing it would take the hook's place.
"""

from __future__ import annotations

from aigc_studio.api import (
    Action,
    Description,
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
    from rnn_text.learning import train_texts

    return train_texts(request)
