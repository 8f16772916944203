"""What a training has told so far: its steps, samples and measures, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from aigc_studio.library.course import course_of, note
from aigc_studio.library.measures import is_measure
from aigc_studio.translation import _
from aigc_studio.ui.training.outlook import Standing, change_between, measured_words
from aigc_studio.ui.training.pace import Pace, left_words, pace_words

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Metric, Progress
    from aigc_studio.library.course import Look
    from aigc_studio.library.measures import Own


class SoFar:
    """One training, by what its plugin tells of it.

    `clock` gives seconds. `timed`: it has minutes, so that the number of its steps is a guess of
    its own, and is not told. `own` are the plugin's words for measures of its own, `minutes` how
    long it is to last, where it goes by time.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        timed: bool = False,
        own: Own | None = None,
        minutes: float | None = None,
    ) -> None:
        self.own: Own = dict(own or {})
        self.change: float | None = None
        """By how much the newest sample differs from that of half its steps."""
        self._timed, self._minutes = timed, minutes
        self._pace = Pace(clock)
        self._learns = self._is_plain = False
        self._looks, self._step, self._total = 0, 0, 0
        self._measured: dict[str, float] = {}
        self._course: list[Look] = []

    def note_metrics(self, metrics: Sequence[Metric]) -> None:
        """Numbers that came together."""
        if metrics:
            self.begin_to_learn()
        told = [each for each in metrics if is_measure(each.name, self.own)]
        self._measured |= {each.name: each.value for each in told}

    def note_look(self, step: int, measured: Mapping[str, float]) -> None:
        """It was measured on what it has not seen."""
        self._course = note(self._course, step, measured)

    def note_measured(self, metrics: Mapping[str, float]) -> None:
        """So good the model was found to be that came of it."""
        self._measured = dict(metrics)

    def note_sample(self, former: Artifact | None, newest: Artifact) -> None:
        """A sample more; `former` is that of half its steps, if there is one."""
        self._looks += 1
        self.change = change_between(former, newest) if former is not None else None

    def begin_to_learn(self) -> None:
        """What was counted before its first number or sample was something else than steps."""
        if not self._learns:
            self._learns, self._is_plain = True, False
            self._pace.forget()
            self._step = self._total = 0

    def note_progress(self, progress: Progress, words: str) -> None:
        """How far it is, with these words: the time left comes from the last 20 seconds."""
        if self._learns and self._counts_steps(words):
            self._step, self._total = progress.step, progress.total
            self._pace.note(progress.step)

    def stand_still(self) -> None:
        """Pace and time left were those of a moment that is over."""
        self._pace.forget()

    def _counts_steps(self, words: str) -> bool:
        """Whether a progress with these words counts what it learnt. Where steps come without
        words, or with their pace, one that has a name counts something else: pictures it measures.
        """
        is_plain = not words or any(letter.isdigit() for letter in words)
        self._is_plain = self._is_plain or is_plain
        return is_plain or not self._is_plain

    def phase(self, words: str) -> str:
        """What the plugin is doing; how fast it learns is told already, in steps."""
        is_pace = self._learns and any(letter.isdigit() for letter in words)
        return "" if is_pace else words

    def standing(self, state: str) -> Standing:
        """How it stands, in this state."""
        share = self._step / self._total if self._total > 0 else None
        course = course_of(self._course, self.own, steps=self._total, minutes=self._minutes)
        verdict = course.told(over=state in ("done", "stopped"))
        return Standing(
            state, self._learns, self._looks, self.change, share, self._measured, verdict
        )

    def readout(self) -> str:
        """Time left, step and pace, and what was measured; empty before it learns."""
        if not self._learns:
            return ""
        counted = _("step {n}").format(n=f"{self._step:,}")
        if self._total and not self._timed:
            counted = _("step {n} of {total}").format(n=f"{self._step:,}", total=f"{self._total:,}")
        words = [
            left_words(self._pace.seconds_left(self._step, self._total)),
            counted if self._step or self._total else "",
            pace_words(self._pace.per_second),
            measured_words(self._measured, self.own),
        ]
        return " · ".join(word for word in words if word)
