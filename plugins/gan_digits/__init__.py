"""A generator of small pictures by class: digits, letters, icons. Here are its hooks only.

Nothing here imports torch; an action imports what it needs when it starts. No module of the package
is called as a hook is: importing it would take the hook's place.
"""

from __future__ import annotations

from aigc_studio.api import Description, hookimpl


@hookimpl
def describe() -> Description:
    """Who this generator is and what it offers."""
    from gan_digits.description import DESCRIPTION

    return DESCRIPTION


train = hookimpl(".learning:train_pictures")
generate = hookimpl(".generating:generate_pictures")
edit = hookimpl(".editing:edit_pictures")
evaluate = hookimpl(".evaluating:evaluate_model")
