"""A generator of faces, and of any aligned pictures: makes, steers, blends and repairs them.

Nothing here imports torch; an action imports what it needs when it starts. No module of the package
is called as a hook is: importing it would take the hook's place.
"""

from __future__ import annotations

from aigc_studio.api import Description, hookimpl


@hookimpl
def describe() -> Description:
    """Who this generator is and what it offers."""
    from vae_faces.description import DESCRIPTION

    return DESCRIPTION


train = hookimpl(".training.learning:train_faces")
generate = hookimpl(".making.generating:generate_faces")
edit = hookimpl(".editing:edit_faces")
evaluate = hookimpl(".judging.evaluating:evaluate_model")
