"""The forms that poems have: how many lines, and how many characters in each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from aigc_studio import api

_break = re.compile(r"[\s，。？！；：、,.?!;:·…—「」『』《》“”‘’（）()\[\]]+")
_least_share = 0.01
"""A form is one of its own when at least this share of the poems has it."""
_most = 12
"""So many forms are offered, and the lengths of so many lines named."""
_title = {"5x4": "五绝", "7x4": "七绝", "5x8": "五律", "7x8": "七律"}
_pinyin = {"5x4": "Wujue", "7x4": "Qijue", "5x8": "Wulü", "7x8": "Qilü"}


@dataclass(frozen=True)
class Form:
    """The lengths of a poem's lines in characters, in order."""

    lengths: tuple[int, ...]

    @classmethod
    def named(cls, name: str) -> Form:
        """The form of a name: `7x4` (four lines of seven), or `7-5-7-5`. Raises `ValueError`."""
        if "x" in name:
            width, count = map(int, name.split("x"))
            lengths = (width,) * count
        else:
            lengths = tuple(map(int, name.split("-")))
        if not lengths or min(lengths) < 1:
            raise ValueError(name)
        return cls(lengths)

    @property
    def name(self) -> str:
        """What it is called in files: see `named`."""
        if len(set(self.lengths)) == 1:
            return f"{self.lengths[0]}x{len(self.lengths)}"
        return "-".join(map(str, self.lengths))

    @property
    def title(self) -> api.Localized:
        """What a person calls it."""
        if len(set(self.lengths)) > 1:
            if len(self.lengths) > _most:
                count = len(self.lengths)
                return {"en": f"{count} lines of different lengths", "zh": f"{count} 句，长短不一"}
            english, chinese = (mark.join(map(str, self.lengths)) for mark in (", ", "、"))
            return {"en": f"Lines of {english} characters", "zh": f"各句 {chinese} 字"}
        width, count = self.lengths[0], len(self.lengths)
        english = f"{count} lines of {width} characters"
        if self.name in _title:
            return {"en": f"{_pinyin[self.name]}: {english}", "zh": _title[self.name]}
        return {"en": english, "zh": f"{count} 句，每句 {width} 字"}

    @property
    def size(self) -> int:
        """Characters in all, without punctuation."""
        return sum(self.lengths)

    @property
    def is_regular(self) -> bool:
        """Whether it is one of the four whose rhymes and tones have rules."""
        return self.name in _title

    @property
    def ends(self) -> tuple[int, ...]:
        """The number of each line's last character, counted through the poem from 0."""
        return tuple(sum(self.lengths[: line + 1]) - 1 for line in range(len(self.lengths)))


def lines_of(text: str) -> list[str]:
    """The lines of a poem without its punctuation."""
    return [line for line in _break.split(text) if line]


def form_of(text: str) -> Form | None:
    """The form of a poem, or None where it has no line."""
    return Form(tuple(map(len, lines))) if (lines := lines_of(text)) else None


def forms_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The names of the forms that poems share, most frequent first; twelve at most."""
    counts = Counter(form.name for text in texts if (form := form_of(text)) is not None)
    least = max(2.0, _least_share * counts.total())
    return tuple(name for name, count in counts.most_common(_most) if count >= least)


def form_control(names: Iterable[str]) -> api.Control:
    """The choice of a form, as the card of a model of verse offers it; none chosen is any."""
    options = tuple(names)
    return api.Control(
        name="form",
        title={"en": "Form", "zh": "体裁"},
        options=options,
        titles={name: Form.named(name).title for name in options},
    )
