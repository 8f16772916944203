"""The schema of what a plugin says, in its smallest parts: words, names, numbers, plain JSON.

The same is asked on both sides of the border: in the worker, where the sentence is for the plugin's
author, and by the window, which trusts no worker. What fits comes back plain: exact built-in types,
words cut and without what would not show, numbers that fit 64 bits.
"""

from __future__ import annotations

import itertools
import math
import operator
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from aigc_studio.api.limits import DEPTH, DETAILS, SENTENCE, TITLE
from aigc_studio.translation import Localized, _, enumerated

MOST = 2**63 - 1
"""The largest whole number: what 64-bit integers everywhere can hold."""

MOST_PARTS = 500_000
"""Values in one document that a plugin gives, all levels together."""

MOST_REMARKS = 64
"""Phrases for an author that are kept: each new one is compared with them."""

LANGUAGES = 16
"""Languages of one string."""

LINES = 20
"""Lines of words that may have several."""

_unseen = re.compile(
    # Control characters, what turns the direction of all that follows it, and halves of pairs.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
_line_ends = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_gaps = re.compile(r"(?<![ \t])[ \t]*\n\s*|\t+")
"""Looked for only where a gap begins: else a long one costs the square of its length."""


class Misfit(ValueError):
    """What a plugin said does not fit. `str()` is a phrase in the spoken language, without the
    plugin's name and without a dot: it is to stand in a sentence."""


def plain_words(text: str, most: int = TITLE, lines: int = 1) -> str:
    """Words as they can be shown: at most so many characters and lines, an ellipsis at a cut.

    Of one line, when `lines` is 1: ends of lines are spaces then. What is left out and what takes
    its place is U+FFFD for half a pair or a character that has no form, and nothing for controls.
    """
    # Cut first: what follows looks at every character, and there may be hundreds of millions.
    cut = str.__str__(text[: 4 * most])
    cut = _unseen.sub(_in_place_of, _line_ends.sub("\n", cut))
    if lines == 1:
        cut = _gaps.sub(" ", cut)
    elif cut.count("\n") >= lines:
        rows = cut.split("\n")
        cut = "\n".join([*rows[: lines - 1], _gaps.sub(" ", "\n".join(rows[lines - 1 :]))])
    cut = cut.strip()
    whole = len(cut) <= most and len(text) <= 4 * most
    return cut if whole else cut[: most - 1].rstrip() + "…"


def _in_place_of(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud7ff" < found[0] < "\ue000" or found[0] > "\uffef" else ""


def words(
    value: Any,
    owner: str,
    field: str,
    remarks: list[str] | None = None,
    *,
    most: int = TITLE,
    lines: int = 1,
    needed: bool = False,
) -> Localized:
    """A string, or one for each language, made plain.

    A language without words is left out, words of another type altogether are an empty string, and
    `remarks` gets a phrase about it: nobody loses a result for a translation. `needed` words raise
    `Misfit` instead when nothing is left of them.
    """
    if isinstance(value, str):
        said = plain_words(value, most, lines)
        if needed and not _is_seen(said):
            raise _wordless(owner, field, _("any language"))
        return said
    if not isinstance(value, Mapping):
        problem = wrong_type(owner, field, value)
        if needed:
            raise problem
        remark(remarks, str(problem))
        return ""
    kept, missing = _by_language(value, most, lines)
    seen = any(map(_is_seen, kept.values()))
    if missing is not None or (needed and not seen):
        problem = _wordless(owner, field, enumerated(missing or ()) or _("any language"))
        if needed and not seen:
            raise problem
        remark(remarks, str(problem))
    return kept or ""


def _by_language(
    value: Mapping[Any, Any], most: int, lines: int
) -> tuple[dict[str, str], list[str] | None]:
    """The words that there are, made plain; and some of the languages whose words are none, where
    any are not kept."""
    pairs = list(itertools.islice(value.items(), LANGUAGES))
    kept = {
        plain_words(key, 20): plain_words(each, most, lines)
        for key, each in pairs
        if isinstance(key, str) and isinstance(each, str)
    }
    missing = [plain_words(str(key), 20) for key, each in pairs if not isinstance(each, str)]
    return kept, missing[:5] if len(kept) < len(pairs) else None


def _wordless(owner: str, field: str, languages: str) -> Misfit:
    sentence = _("the {field} of its {owner} has no words in {languages}")
    return Misfit(sentence.format(field=field, owner=owner, languages=languages))


def _is_seen(text: str) -> bool:
    """Whether any letter, digit or sign can be seen, and not only spaces of no width."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def remark(remarks: list[str] | None, phrase: str) -> None:
    """Note a phrase for the plugin's author, once; `MOST_REMARKS` are enough to mend."""
    if remarks is not None and len(remarks) < MOST_REMARKS and phrase not in remarks:
        remarks.append(phrase)


def name(value: Any, owner: str, field: str) -> str:
    """A string that something is told apart by. One that is long or cannot be shown as it is gets
    a digest at its end, so that two never become one. Raises `Misfit` for another type."""
    import hashlib

    if not isinstance(value, str):
        raise wrong_type(owner, field, value)
    shown = plain_words(value)
    if shown == value:
        return shown
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{shown[: TITLE - 9]}-{digest}"


def text(value: Any, owner: str, field: str, *, most: int = TITLE, lines: int = 1) -> str:
    """A string for a person, made plain. Raises `Misfit` for another type."""
    if not isinstance(value, str):
        raise wrong_type(owner, field, value)
    return plain_words(value, most, lines)


def typed(value: Any, owner: str, field: str, remarks: list[str] | None, lines: int) -> Localized:
    """What a person may type into a prompt, or one for each language, made plain.

    Raises `Misfit` for another type.
    """
    if not isinstance(value, Mapping):
        return text(value, owner, field, most=SENTENCE, lines=lines)
    return words(value, owner, field, remarks, most=SENTENCE, lines=lines)


def whole(value: Any, owner: str, field: str, low: int = -MOST - 1, high: int = MOST) -> int:
    """A whole number in a range (both included), also one of numpy or torch. True is none.

    Raises `Misfit`.
    """
    try:
        number = None if isinstance(value, bool) else int(operator.index(value))
    except TypeError:
        number = None
    if number is None:
        raise wrong_type(owner, field, value)
    if not low <= number <= high:
        sentence = _("its {event} has a {field} of {value}, and it must be from {low} to {high}")
        about = {"event": owner, "field": field, "value": _short(number)}
        raise Misfit(sentence.format(**about, low=low, high=high))
    return number


def _short(number: int) -> str:
    """A number in a sentence: all its digits would be too many."""
    if abs(number) < 10**20:
        return str(number)
    return f"{number:.3e}" if abs(number) < 10**300 else "…"


def number(value: Any, owner: str, field: str) -> float:
    """A float, also one of numpy or torch; it may be infinite or none (NaN). Raises `Misfit`."""
    try:
        if isinstance(value, bytes | bytearray):
            raise TypeError
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise wrong_type(owner, field, value) from None


def truth(value: Any, owner: str, field: str) -> bool:
    """True or False, also of numpy or torch. Raises `Misfit`."""
    try:
        return bool(value)
    except (TypeError, ValueError, RuntimeError):
        raise wrong_type(owner, field, value) from None


def count(given: int, most: int, owner: str, field: str) -> None:
    """Raise `Misfit` for more things than are allowed."""
    if given > most:
        sentence = _("its {event} has {given} {field}, and {limit} are allowed")
        raise Misfit(sentence.format(event=owner, given=given, field=field, limit=most))


def listed(value: Any, owner: str, field: str, most: int) -> list[Any]:
    """The values of a list or tuple, at most so many. Raises `Misfit`."""
    if not isinstance(value, list | tuple):
        raise wrong_type(owner, field, value)
    count(len(value), most, owner, field)
    return list(itertools.islice(value, most))


def one_of(value: Any, allowed: Sequence[str], owner: str, field: str) -> str:
    """A string that is one of those allowed. Raises `Misfit`."""
    if not isinstance(value, str):
        raise wrong_type(owner, field, value)
    if value not in allowed:
        sentence = _("its {event} has a {field} of {value}, and it must be one of {choices}")
        about = {"event": owner, "field": field, "value": plain_words(value, 60)}
        raise Misfit(sentence.format(**about, choices=enumerated(allowed)))
    return str.__str__(value)


def wrong_type(owner: str, field: str, value: Any) -> Misfit:
    """The phrase for a value of a type that it must not have."""
    sentence = _("the {field} of its {event} is of the type {kind}")
    kind = plain_words(type(value).__name__, 60)
    return Misfit(sentence.format(event=owner, field=field, kind=kind))


def plain_json(value: Any, owner: str, field: str, longest: int = DETAILS) -> Any:
    """A copy that is JSON for sure: names are strings, numbers finite and of 64 bits, no more than
    `limits.DEPTH` levels and `MOST_PARTS` values. Raises `Misfit`."""
    return _Copy(owner, field, longest).of(value, 0)


class _Copy:
    """Counts the values of one document while they are copied."""

    def __init__(self, owner: str, field: str, longest: int) -> None:
        self._about = (owner, field)
        self._longest = longest
        self._left = MOST_PARTS

    def of(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if depth > DEPTH or self._left < 0:
            sentence = _("the {field} of its {owner} is too large or too deep")
            owner, field = self._about
            raise Misfit(sentence.format(field=field, owner=owner))
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            count(len(value), self._longest, self._about[0], _("characters in one text"))
            return _without_halves(value)
        if isinstance(value, int):
            return whole(value, *self._about)
        if isinstance(value, float):
            return self._finite(value)
        if isinstance(value, Mapping):
            return {self._key(key): self.of(each, depth + 1) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(each, depth + 1) for each in value]
        raise wrong_type(*self._about, value)

    def _key(self, key: Any) -> str:
        if isinstance(key, int) and not isinstance(key, bool):
            return str(whole(key, *self._about))  # as `json` does
        if not isinstance(key, str) or len(key) > self._longest:
            raise wrong_type(*self._about, key)
        return _without_halves(key)

    def _finite(self, value: float) -> float:
        if not math.isfinite(value):
            sentence = _("its {event} has a {field} that is no finite number")
            raise Misfit(sentence.format(event=self._about[0], field=self._about[1]))
        return float(value)


def _without_halves(value: str) -> str:
    """The exact string, with U+FFFD for halves of surrogate pairs: UTF-8 cannot hold them."""
    return str.__str__(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
