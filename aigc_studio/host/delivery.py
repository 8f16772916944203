"""The way back: replies of a worker become events, states and the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aigc_studio.api.fitting import Misfit
from aigc_studio.host.run import Run, RunState
from aigc_studio.host.run_errors import RunError, error_of
from aigc_studio.translation import _, in_a_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.host.leftovers import Workplace
    from aigc_studio.host.worker import Worker
    from aigc_studio.host.workplaces import Workplaces


class Delivery:
    """What a reader thread does with the replies to one run, until the run ends.

    `give_back` takes its worker, which is of no more use where it is `spent`.
    """

    def __init__(
        self,
        run: Run,
        worker: Worker,
        place: Workplace,
        workplaces: Workplaces,
        give_back: Callable[..., None],
        *,
        fresh: bool,
    ) -> None:
        self._run = run
        self._worker = worker
        self._place = place
        self._workplaces = workplaces
        self._give_back = give_back
        self._exchange = place.folder
        self._fresh = fresh
        worker.process.note(f"{run.verb}, run {run.id}")
        self._log_start = worker.process.log_size()
        self._keeps_folder = False

    def hear(self, reply: dict[str, Any] | None) -> None:
        """Take one reply (as `wire.lines` parsed it); None when the worker has ended by itself.

        Raises `Misfit` for what does not belong to the run: its worker is ended then.
        """
        if reply is None:
            self._worker_ended()
        elif reply["is"] in ("hello", "warmed"):
            return
        elif reply.get("run") != self._run.ticket:
            raise Misfit(_("it reported on a run that is not under way"))
        elif reply["is"] == "events":
            self._take(reply["events"])
        elif reply["is"] == "ended":
            self._action_ended(reply)
        else:
            self._run.take_state(reply["is"])

    def _take(self, documents: list[dict[str, Any]]) -> None:
        folder = str(self._exchange)
        kept = (str(document.get("path", "")).startswith(folder) for document in documents)
        self._keeps_folder = self._keeps_folder or any(kept)
        self._run.take_events(documents, self._exchange)

    def _action_ended(self, reply: dict[str, Any]) -> None:
        state = RunState(reply["state"])
        log = self._worker.process.log_tail(self._log_start)
        path = self._worker.process.log
        failed = state is RunState.FAILED
        self._run.outdated = tuple(reply["outdated"])
        self.end(state, error_of(reply, self._run.record, log, path) if failed else None)

    def _worker_ended(self) -> None:
        details = self._worker.process.log_tail(self._log_start)
        self._run.worker_ended = True
        if self._workplaces.closing:  # it took too long over its end, and was asked to leave
            self.end(RunState.STOPPED)
            return
        self.end(RunState.FAILED, self._crash(details))

    def _crash(self, log: str) -> RunError:
        """The error for a worker that is gone; a crash of C code leaves its stack in the log."""
        from aigc_studio.wire.places import own_code, place_in_log

        sentence, record = self._worker.how_it_ended(), self._run.record
        path = str(self._worker.process.log)
        place = place_in_log(log, own_code(record.source.to_json(), record.home))
        if place is None:
            return RunError(sentence, details=log, log=path)
        where = _("It happened in {place}.").format(place=place)
        return RunError(in_a_row([sentence, where]), details=log, log=path, **place.to_json())

    def end(self, state: RunState, error: RunError | None = None) -> None:
        """Worker and folder go back before anybody is told: the next run finds both ready.

        One whose action left other processes running ends instead, and they with it.
        """
        spent = self._fresh or not self._worker.process.alive
        spent = spent or self._worker.process.guard.left_running()
        self._give_back(spent=spent)
        stays = self._keeps_folder or self._workplaces.keep_clean(self._place)
        self._run.finish(state, error)
        if not stays:
            self._workplaces.leave(self._place)
