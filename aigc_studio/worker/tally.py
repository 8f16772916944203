"""How many results an action gave, beside how many were asked for."""

from __future__ import annotations

from aigc_studio.api.events import Candidate, Event, Partial
from aigc_studio.api.requests import EditRequest, GenerateRequest, Request
from aigc_studio.translation import _, ngettext
from aigc_studio.worker.results import BadResult


class Tally:
    """Counts the seeds of candidates: one number may be several pictures, or a strip."""

    def __init__(self, request: Request) -> None:
        self._asked = request.count if isinstance(request, GenerateRequest | EditRequest) else 0
        self._made = 0
        self._shown = False
        self._seed: int | None = None

    def count(self, event: Event) -> None:
        """Take note of an event that has passed the fence."""
        if isinstance(event, Candidate) and (self._made == 0 or event.seed != self._seed):
            self._made += 1
            self._seed = event.seed
        self._shown = self._shown or isinstance(event, Partial)

    def check(self) -> None:
        """Raise `BadResult` for an action that ended, was to make something and made nothing."""
        if self._asked and not self._made and self._shown:
            sentence = _("it showed a result that is being made, and ended without a Candidate")
            raise BadResult(sentence)
        if self._asked and not self._made:
            sentence = ngettext(
                "it made nothing, and {count} result was asked for",
                "it made nothing, and {count} results were asked for",
                self._asked,
            )
            raise BadResult(sentence.format(count=self._asked))

    def remark(self, title: str) -> str:
        """A sentence when the plugin of this title made more than was asked for, else nothing."""
        if not self._asked or self._made <= self._asked:
            return ""
        sentence = _("The plugin {name} made more than it was asked for: {made}, and not {asked}.")
        return sentence.format(name=title, made=self._made, asked=self._asked)
