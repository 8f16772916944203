"""A generator of small pictures by class: digits, letters, icons. Here are its hooks only.

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
    from gan_digits.description import DESCRIPTION

    return DESCRIPTION


@hookimpl
def train(request: TrainRequest) -> Action:
    """Learn small pictures from a dataset, by class where it has labels."""
    from gan_digits.learning import train_pictures

    return train_pictures(request)


@hookimpl
def generate(request: GenerateRequest) -> Action:
    """Make pictures of the classes that the prompt names."""
    from gan_digits.generating import generate_pictures

    return generate_pictures(request)


@hookimpl
def edit(request: EditRequest) -> Action:
    """Clean up, regenerate a part, change the class, or morph."""
    from gan_digits.editing import edit_pictures

    return edit_pictures(request)


@hookimpl
def evaluate(request: EvaluateRequest) -> Action:
    """Measure a model on the held-out part, or say how a picture reads."""
    from gan_digits.evaluating import evaluate_model

    return evaluate_model(request)
