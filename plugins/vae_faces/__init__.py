"""A generator of faces, and of any aligned pictures: makes, steers, blends and repairs them.

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
    from vae_faces.description import DESCRIPTION

    return DESCRIPTION


@hookimpl
def train(request: TrainRequest) -> Action:
    """Learn aligned pictures from a dataset, with their attributes where it has some."""
    from vae_faces.training.learning import train_faces

    return train_faces(request)


@hookimpl
def generate(request: GenerateRequest) -> Action:
    """Make faces as the prompt and the controls say, or a walk among them."""
    from vae_faces.making.generating import generate_faces

    return generate_faces(request)


@hookimpl
def edit(request: EditRequest) -> Action:
    """Repair a part, restore, change by attributes, vary, blend, or walk away from a face."""
    from vae_faces.editing import edit_faces

    return edit_faces(request)


@hookimpl
def evaluate(request: EvaluateRequest) -> Action:
    """Measure a model on the held-out part, or show what it cannot draw of a picture."""
    from vae_faces.judging.evaluating import evaluate_model

    return evaluate_model(request)
