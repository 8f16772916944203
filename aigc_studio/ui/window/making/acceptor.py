"""Accepting: a few candidates at once, many in slices with progress, and always as one step."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal, Slot

from aigc_studio.translation import _
from aigc_studio.ui.window.making.placing import natural_size

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.project import Command, Project
    from aigc_studio.project.accepting import Acceptance, Accepting
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.artifacts import Artifacts

ACCEPTED = "accepted"
"""The subject of what is remarked on where something accepted went."""
FEW = 16
"""So many are accepted before the key comes up again; more in slices."""
_TRIES = 8
"""How often a result is joined anew because the board changed meanwhile."""
_SLICE = 0.012
"""Seconds of work between two turns of the event loop."""
_QUIET = 0.3
"""Seconds after which progress is shown."""

_LOOK_MS = 30
"""Milliseconds between two looks at what is made beside the window."""

Place = tuple[float, float]
_Size = tuple[float, float]
Boxes = Mapping[str, tuple[float, float, float, float]]
"""Left, top, width and height of new items, by candidate id."""
Make = Callable[[list[str], "dict[str, _Size]"], "Accepting"]
"""What accepting these would do, where texts are so large."""


class _GivenUp(Exception):
    """What making a command ends with when nobody wants it any more."""


class _Wish:
    """That these are accepted: `given_up` on this thread, seen on the one that makes it."""

    def __init__(self, project: Project, ids: list[str]) -> None:
        self.project = project
        self.ids = frozenset(ids)
        self.count = len(ids)
        self.made = 0
        self.given_up = False
        self.began = time.monotonic()

    def note(self, made: int) -> None:
        """So many are made. Ends the making when nobody wants it any more."""
        self.made = made
        if self.given_up:
            raise _GivenUp


DONE = 1.0

Steps = Generator["float | None", None, bool]
"""Work in small steps, each of which yields how far it is (0 to 1; at 1 the window has a turn), or
None: something is under way beside the window, and there is nothing to do until it has ended. At
the end, whether something was accepted."""


class Acceptor(QObject):
    """Puts candidates on the board: of those that are many, what was asked for first comes first.

    `progressed` carries how many of how many are done (0, 0: nothing is under way any more), once
    it has taken a while. `accepted` carries what was done.
    """

    progressed = Signal(int, int)
    accepted = Signal(object)

    def __init__(self, studio: Studio, artifacts: Artifacts[Artifact], parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._artifacts = artifacts
        self._under_way: set[str] = set()
        self._steps: Steps | None = None
        self._wish = _Wish(studio.project, [])
        self._queue: deque[tuple[_Wish, Steps]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether many are being accepted."""
        return self._steps is not None

    def waits(self, id: str) -> bool:
        """Whether a candidate waits, and is not being accepted while the window goes on."""
        return id not in self._under_way and self._studio.project.candidates.waits(id)

    def accept(
        self, ids: list[str], place: Place | None = None, spots: Boxes | None = None
    ) -> bool:
        """Accept these: now when they are few, else soon. False when nothing comes of it.

        With a `place` they become new items, the first with its middle there; `spots` (by candidate
        id) are whole places of new items. Many that are asked for while others are under way come
        after those.
        """
        if len(ids) > FEW and self._steps is not None:
            wishes = [self._wish, *(wish for wish, _steps in self._queue)]
            ids = [id for id in ids if not any(id in wish.ids for wish in wishes)]
            if not ids:
                return False
            self._queue.append(self._wished(ids, place, spots))
            return True
        wish, steps = self._wished(ids, place, spots)
        if len(ids) <= FEW:
            return self._at_once(steps)
        self._steps, self._wish = steps, wish
        self._timer.start(0)
        return True

    def _wished(
        self, ids: list[str], place: Place | None, spots: Boxes | None
    ) -> tuple[_Wish, Steps]:
        wish = _Wish(self._studio.project, ids)
        make = partial(self.accepting, place=place, spots=spots)
        return wish, self._all_steps(wish, ids, make)

    @Slot()
    def cancel(self) -> None:
        """Leave all as it is, if many are being accepted; those that come after them too."""
        self._queue.clear()
        if self._steps is not None:
            self._wish.given_up = True
            self._steps.close()
            self._end()

    def accepting(
        self,
        ids: list[str],
        sizes: dict[str, _Size] | None = None,
        place: Place | None = None,
        spots: Boxes | None = None,
    ) -> Accepting:
        """What accepting these candidates would do now; nothing is done yet."""
        tray = self._studio.project.candidates
        if sizes is None:
            known = {id: self.size(id) for id in ids}
            sizes = {id: size for id, size in known.items() if size is not None}
        places = dict(spots or {})
        if place:
            # What is dropped hangs at the pointer by its middle.
            first = tray.record(ids[0]).content
            width, height = natural_size(first, self._artifacts.get(ids[0]))
            places[ids[0]] = (place[0] - width / 2, place[1] - height / 2, width, height)
        return tray.accepting(*ids, places=places, sizes=sizes, use="add" if place else None)

    # The steps of it

    def _all_steps(self, wish: _Wish, ids: list[str], make: Make) -> Steps:
        acceptance = yield from self._accepted(wish, ids, make)
        if acceptance is None or not self._studio.do(acceptance.command):
            return False
        # What follows from it, such as selecting what came, is work enough for a turn of its own.
        yield DONE
        self.accepted.emit(acceptance)
        return True

    def _accepted(
        self, wish: _Wish, ids: list[str], make: Make
    ) -> Generator[float | None, None, Acceptance | None]:
        """The command that accepts, for the board as it is when it has been made.

        None when nothing of it waits: while it is joined, they may be accepted or thrown away.
        """
        project = wish.project
        for _time in range(_TRIES):
            if project is not self._studio.project:
                return None
            asked = [id for id in dict.fromkeys(ids) if self.waits(id)]
            if not asked:
                return None
            self._under_way.update(asked)
            try:
                acceptance = yield from self._made(wish, project, asked, make)
            finally:
                self._under_way.difference_update(asked)
            if acceptance is None or project is not self._studio.project:
                return None
            command = acceptance.command
            try:
                command.check(project.board)
            except ValueError:
                continue  # a stroke came in between: it is kept as well
            if all(self.waits(id) for id in asked):
                return acceptance
        self._studio.say(
            _("The board changed again and again while this was kept: keep it once more."),
            "warning",
        )
        return None

    def _made(
        self, wish: _Wish, project: Project, asked: list[str], plan: Make
    ) -> Generator[float | None, None, Acceptance | None]:
        sizes = yield from self._sizes(project, asked)
        accepting = plan(asked, sizes)
        few = len(asked) <= FEW
        if accepting.quick and few:
            acceptance: Acceptance | None = accepting.make()
        else:
            make = accepting.make if few else partial(accepting.make, wish.note)
            acceptance = yield from self._beside(make)
        if acceptance is None:
            return None
        command = yield from self._fitted(project, acceptance.command)
        yield DONE
        return replace(acceptance, command=command)

    def _sizes(
        self, project: Project, ids: list[str]
    ) -> Generator[float | None, None, dict[str, _Size]]:
        """How large new texts are: as high as their lines. Those of other media are known."""
        sizes: dict[str, _Size] = {}
        store = project.store
        texts = [id for id in ids if project.candidates.record(id).content.medium == "text"]
        for number, id in enumerate(texts):
            content = project.candidates.record(id).content
            artifact = self._artifacts.get(id)
            if artifact is None:
                artifact = yield from self._beside(partial(store.get, content))
            if artifact is not None:
                sizes[id] = natural_size(content, artifact)
            yield 0.5 * number / len(texts)
        return sizes

    def _fitted(self, project: Project, command: Command) -> Generator[float | None, None, Command]:
        """The command completed, item by item: a text that is another one needs another height."""
        fit, after = project.candidates.fit, dict(command.after)
        changed = [id for id, former in command.before.items() if former is not None]
        for number, id in enumerate(changed):
            one = replace(command, before={id: command.before[id]}, after={id: after[id]})
            after[id] = fit(one).after[id]
            yield 0.9 + 0.1 * number / len(changed)
        return replace(command, after=after)

    def _beside(self, function: Callable[[], Any]) -> Generator[float | None, None, Any]:
        """What a function gives that runs beside the window; None when it failed (that is told)."""
        found: list[Any] = []

        def done(value: Any) -> None:
            found.append(value)
            self._timer.start(0)

        def failed(error: Exception) -> None:
            found.append(None)
            if not isinstance(error, _GivenUp):
                self._studio.say_error(error)
            self._timer.start(0)

        self._studio.errands.run(function, done, failed)
        while not found:
            if self._studio.closed:
                return None
            yield None
        return found[0]

    def size(self, id: str) -> _Size | None:
        """How large a new text is whose letters are at hand; None for all else."""
        artifact = self._artifacts.get(id)
        if artifact is None or artifact.medium != "text":
            return None
        return natural_size(self._studio.project.candidates.record(id).content, artifact)

    # How they are taken

    def _at_once(self, steps: Steps) -> bool:
        """All of them; as long as something is read and joined, the window waits."""
        while True:
            try:
                if next(steps) is None:
                    flags = QEventLoop.ProcessEventsFlag
                    QCoreApplication.processEvents(
                        flags.ExcludeUserInputEvents | flags.WaitForMoreEvents
                    )
            except StopIteration as ended:
                return bool(ended.value)

    @Slot()
    def _go_on(self) -> None:
        """Some of them, as long as a slice is."""
        steps, wish, until = self._steps, self._wish, time.monotonic() + _SLICE
        if steps is None:
            return
        try:
            how_far = next(steps)
            while how_far is not None and how_far < DONE and time.monotonic() < until:
                how_far = next(steps)
        except StopIteration:
            self._end()
            return
        except Exception:
            self._end()
            raise
        self._timer.start(0 if how_far is not None else _LOOK_MS)
        if how_far is None:
            how_far = 0.5 + 0.4 * wish.made / wish.count
        if time.monotonic() - wish.began > _QUIET:
            self.progressed.emit(round(how_far * wish.count), wish.count)

    def _end(self) -> None:
        self._steps = None
        if self._queue:
            self._wish, self._steps = self._queue.popleft()
            self._wish.began = time.monotonic()
            self._timer.start(0)
            return
        self.progressed.emit(0, 0)
