"""The instruments of the synthesiser, and which of them each General MIDI program is played on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aigc_studio.translation import _


@dataclass(frozen=True)
class Instrument:
    """An instrument: `name` is an identifier, `program` the General MIDI one that stands for it."""

    name: str
    program: int

    @property
    def title(self) -> str:
        """What a person calls it, in their language."""
        return _titles[self.name]()


_titles: Mapping[str, Callable[[], str]] = {
    "piano": lambda: _("Piano"),
    "music box": lambda: _("Music box"),
    "bell": lambda: _("Bell"),
    "organ": lambda: _("Organ"),
    "accordion": lambda: _("Accordion"),
    "guitar": lambda: _("Guitar"),
    "bass": lambda: _("Bass"),
    "fiddle": lambda: _("Fiddle"),
    "harp": lambda: _("Harp"),
    "flute": lambda: _("Flute"),
    "whistle": lambda: _("Whistle"),
}

INSTRUMENTS = (
    Instrument("piano", 0),
    Instrument("fiddle", 40),
    Instrument("flute", 73),
    Instrument("whistle", 78),
    Instrument("accordion", 21),
    Instrument("guitar", 24),
    Instrument("harp", 46),
    Instrument("organ", 19),
    Instrument("music box", 10),
    Instrument("bell", 14),
    Instrument("bass", 32),
)
"""All there are; the first is the usual one."""

_ranges = (
    (7, "piano"), (8, "bell"), (10, "music box"), (13, "music box"), (14, "bell"), (15, "guitar"),
    (20, "organ"), (23, "accordion"), (31, "guitar"), (39, "bass"), (44, "fiddle"), (46, "harp"),
    (47, "bass"), (51, "fiddle"), (54, "organ"), (55, "piano"), (63, "accordion"),
    (67, "accordion"), (71, "accordion"), (77, "flute"), (79, "whistle"), (87, "organ"),
    (95, "organ"), (98, "bell"), (103, "organ"), (108, "guitar"), (109, "accordion"),
    (110, "fiddle"), (111, "accordion"), (115, "bell"), (127, "bell"),
)  # fmt: skip
"""The last program of each family, and the instrument that comes nearest to it."""

_exact = {each.program: each.name for each in INSTRUMENTS}
_named = {each.name: each for each in INSTRUMENTS}


def instrument_of(program: int) -> Instrument:
    """The instrument that a General MIDI program (0 to 127) is played on: the nearest there is."""
    name = _exact.get(program)
    if name is None:
        name = next(name for last, name in _ranges if program <= last)
    return _named[name]
