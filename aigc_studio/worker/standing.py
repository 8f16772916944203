"""Where an action stands that does not come to a `yield`: its stack, in the log, before its end."""

from __future__ import annotations

import faulthandler

SECONDS = 0.4
"""So long after *Cancel*: well before the parent's patience (`host.run.CANCEL_SECONDS`) is over."""
_STDERR = 2


class Standing:
    """Writes the stack of all threads unless it is told in time that the action has ended.

    A thread of C does it: one of Python would never come to it where C code holds the interpreter.
    """

    def begin(self) -> None:
        """The action is to end."""
        faulthandler.dump_traceback_later(SECONDS, file=_STDERR)

    def end(self) -> None:
        """It has, or another one begins."""
        faulthandler.cancel_dump_traceback_later()
