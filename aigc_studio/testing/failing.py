"""What came of actions that had to go well, or to say why not."""

from __future__ import annotations

from aigc_studio.host import Run, RunError, RunState
from aigc_studio.testing.report import Violation
from aigc_studio.translation import _


def broken(verb: str, error: RunError) -> Violation:
    """What an action that must go well failed with."""
    told = f"{verb}: {error.sentence}"
    return Violation(told, error.details, error.sentence, refused=error.mendable)


def helped(error: Violation) -> Violation:
    """The same; with what to do, where what it should have learnt from was refused."""
    if not error.refused:
        return error
    hint = _(
        "If it cannot learn from what the kit draws (grey pictures of 28 pixels, short texts, "
        "short tunes), name a dataset that it can learn from: --data NAME, or data = … in a test."
    )
    return Violation(f"{error} {hint}", error.details, error.cause, refused=True)


def check_explained(run: Run, what: str) -> None:
    """Raise `Violation` for a run that broke over `what`, and had no sentence for the person."""
    if run.state is RunState.FAILED and run.error and not run.error.mendable:
        sentence = _(
            "With {what}, {verb} broke instead of raising a GeneratorError that says what to do: "
            "{problem}"
        )
        told = sentence.format(what=what, verb=run.verb, problem=run.error.sentence)
        raise Violation(told, run.error.details, run.error.sentence)
