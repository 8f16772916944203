"""What in texts looks like data of a person: a model that learns it may write it again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from aigc_studio.translation import _, enumerated, ngettext

# Letters that Latin words are made of: Chinese stands beside a number without a space.
_BEFORE, _AFTER = r"(?<![A-Za-z\d_.])", r"(?![A-Za-z\d_])"
_email = re.compile(
    rf"@(?<=[\w.+-]@)[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{0,4}}\.[A-Za-z]{{2,24}}{_AFTER}"
)
_phone = re.compile(
    rf"(?<![+-]){_BEFORE}(?:(?:\+86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}|0\d{{2,3}}-\d{{7,8}})"
    r"(?![A-Za-z\d_.-]?\d)"
    r"|(?<![A-Za-z\d_+])\+(?:\d{9,15}|\d{1,3}(?:[ -]\d{7,12}|(?:[ -]\d{2,8}){2,4}))(?!\.?\d)"
)
_numbers = re.compile(r"[\d+][\d +-]{8,}")
"""Where a number may stand: `re` looks for signs quickly, but tries what looks back everywhere."""
_identity = re.compile(rf"{_BEFORE}\d{{17}}[\dXx]{_AFTER}")
_BEHIND = 3
"""So many signs after a place decide as well whether a number ends there."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class PersonalData:
    """Counts what in texts looks like an address, a telephone number or an identity number."""

    def __init__(self) -> None:
        self._found: Counter[str] = Counter()

    def look(self, texts: Iterable[str]) -> None:
        """Take up these texts as well."""
        for text in texts:
            self._found["email"] += sum(1 for _each in _email.finditer(text))
            for place in _numbers.finditer(text):
                begin, end = place.start(), place.end() + _BEHIND
                self._found["phone"] += sum(1 for _each in _phone.finditer(text, begin, end))
                found = _identity.finditer(text, begin, end)
                self._found["identity"] += sum(is_identity(each.group()) for each in found)

    @property
    def remarks(self) -> tuple[str, ...]:
        """One sentence on what was found; none where there is nothing."""
        kinds = [
            (self._found["email"], ngettext("{n} e-mail address", "{n} e-mail addresses",
                                            self._found["email"])),
            (self._found["phone"], ngettext("{n} telephone number", "{n} telephone numbers",
                                            self._found["phone"])),
            (self._found["identity"], ngettext("{n} identity number", "{n} identity numbers",
                                               self._found["identity"])),
        ]  # fmt: skip
        told = [words.format(n=f"{count:,}") for count, words in kinds if count]
        if not told:
            return ()
        sentence = _(
            "It seems to hold personal data ({kinds}). A model may write them again: take "
            "them out, unless you may use them."
        )
        return (sentence.format(kinds=enumerated(told)),)


def is_identity(number: str) -> bool:
    """Whether 18 signs are a number of a Chinese identity card, by its date and its check sign."""
    total = sum(weight * int(sign) for weight, sign in zip(_WEIGHTS, number, strict=False))
    month, day = int(number[10:12]), int(number[12:14])
    return _CHECKS[total % 11] == number[17].upper() and 1 <= month <= 12 and 1 <= day <= 31
