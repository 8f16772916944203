"""The end of a tune: what is drawn last leans to the keynote, as the ends of real tunes do.

Three in four tunes that were learnt begin with an upbeat, and their last bar is as much shorter.
What is written here has whole bars: a net that has mostly seen the others puts silence, or an
upbeat to the beginning, into what is left of the last bar. How much each lean is was measured: the
share of tunes that end on the keynote, and how long they rest at the end, are those of real tunes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnn_melody.signs import FIRST_TONE, REST_SIGN

if TYPE_CHECKING:
    from rnn_melody.composing.page import Page, Part
    from rnn_melody.network.steps import Floats

_HOME = 3.5
"""How much likelier (nats) the keynote is as the last note of a tune."""
_SILENCE = 4.0
"""How much less likely it is that a tune ends in silence."""
_REMNANT = 2.0
"""How much less likely a note is that leaves less than a third of the last bar for what comes."""


def close(page: Page, part: Part, logits: Floats) -> None:
    """Change the logits of a "length" or a "tone" where the tune ends, in place.

    Nothing is changed where it goes on behind what is being written.
    """
    if not page.frame.bars or page.sheet.end != page.frame.length:
        return
    last = page.bars == len(page.frame.bars) - 1
    if not last.any():
        return
    units = page.pen.units
    if part == "length":
        left = page.remaining[:, None] - units
        remnant = (left > 0) & (left < page.frame.bars[-1].nominal / 3)
        logits[last[:, None] & remnant] -= _REMNANT
        return
    ends = last & (page.remaining == units[page.lengths])
    logits[ends, REST_SIGN] -= _SILENCE
    if page.sheet.voice.tonic is not None:
        signs = page.pen.model.signs
        tones = np.arange(FIRST_TONE, signs.tones)
        home = tones[(tones - FIRST_TONE + signs.lowest) % 12 == 0]
        logits[np.ix_(ends, home)] += _HOME
