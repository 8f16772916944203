"""How far an edit is that takes its time, told across threads; and whether it is still wanted."""

from __future__ import annotations


class GivenUp(Exception):
    """An edit is not wanted any more."""


class Progress:
    """Made for one edit. `share` goes from 0 to 1; `title` says what is done, in a phrase.

    Whoever works calls `tell`, on any thread; whoever waits reads `share`, and may call `give_up`.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.share = 0.0
        self.is_given_up = False

    def tell(self, share: float) -> None:
        """So much of it is done. Raises `GivenUp` when it is not wanted any more."""
        self.share = share
        if self.is_given_up:
            raise GivenUp

    def give_up(self) -> None:
        """Have it stop at its next word; what was there before stays."""
        self.is_given_up = True
