"""How plausible a reading of bytes is: how many bits it would take to say it, letter by letter.

What the writing of a language often has costs little, what no writing has much: the reading that
costs least is the right one. The figures are rounded logarithms of how often things come.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import log2

from aigc_studio.library.texts.languages import EAST, ENGLISH, EVERY_LETTER, Language

_replaced = "\ufffd"
_utf8_character = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_points = "“”„‘’«»–—…•·¡¿\xa0"
_signs = "×±µ²³¹½¼¾ºª´™¤§©®°€£¢¥÷†‡‰№‹›‚\xad\u200e\u200f־"

_ascii, _odd_ascii = 4.5, 3.0
_point, _sign, _odd_sign, _never = 5.0, 8.0, 13.0, 22.0
_foreign, _large = 10.0, 3.5
# By the number of a word's letters.
_word_bits = (0.0, 0.5, 1.0, 2.0, 3.0)
_most_words = 40.0
"""No more bits than that are won by words in ASCII: they say little of the bytes beyond it."""

_letter = r"[^\W\d_]"
_high = rf"(?:(?![\x00-\x7f]){_letter})"
_Rule = tuple[re.Pattern[str], float]


def _rules(*rules: tuple[str, float]) -> tuple[_Rule, ...]:
    return tuple((re.compile(pattern), bits) for pattern, bits in rules)


# Signs where they are usual are cheaper than elsewhere, any of them inside a word is dearer.
_sign_rules = _rules(
    (r"\d[ \xa0]?[²³¹½¼¾ºª°€£¤‰%×±÷]|\b[a-zA-Z]{1,3}[²³]\b|\b[nN][º°]", -3.5),
    (r"[a-z]´[a-z]|\w[®™]|(?<!\w)[¿¡]\w", -3.5),
    (r"[±×÷£€§©¤¼½¾][ \xa0]?\d|µ[a-zA-Z]|\d[ \xa0]µ|\d\xa0\d|[^\W\d_]’[^\W\d_]", -3.0),
    (r"(?:^|[\s(\xa0])[“„‘«]|(?<!\w)[“„‘][^\W_]|[^\W_][.,!?]?[”’»…]|[ \xa0][–—»][\s\xa0]", -1.0),
    (rf"(?<={_letter})[^\w\x00-\x7f’·´\xad–—…°º](?={_letter})", 7.0),
    # Signs that begin a word or follow a number, behind a word.
    (
        rf"(?<={_letter})[“„‘«‚¿¡©§±£](?!\w)|(?<={_letter}{{3}})[²³¹¼½¾µ¶](?!\w)",
        5.0,
    ),
    (r"(?<=\w)–(?=[a-z])", 5.0),
    (r"(?<![\w.,!?…])[’”»](?=\w)|[¿¡](?!\w)", 3.0),
)
_latin_rules = _rules(
    (rf"(?={_high}{_high})", 2.5),
    (rf"(?={_high}{{3}})", 6.0),
    (r"(?<=[a-zß-öø-ÿ])[À-ÖØ-ÞĀĂĄĆČĎĐĘĚĞĢĪĶĹĻĽŁŃŇŐŒŘŚŞŠŢŤŪŮŰŸŹŻŽİ]", 8.0),
    (r"(?<![^\W_])[ß-öø-ÿāăąćčďđęěğĺľłńňőœřśşšţťůűźżž](?=[A-Z])", 8.0),
)
_script_rules = _rules(
    (rf"(?<=[A-Za-z]){_high}|{_high}(?=[A-Za-z])", 8.0),
    (rf"(?<=\d){_high}|{_high}(?=\d)", 4.0),
    (rf"(?<!\w){_high}", 2.0),
    (r"(?<=[а-яёђ-џґα-ώ])[А-ЯЁЂ-ЏҐΑ-Ϋ]", 8.0),
    (r"(?<=[А-ЯЁЂ-ЏҐΑ-Ϋ])[А-ЯЁЂ-ЏҐΑ-Ϋ]", -3.0),
    (r"(?<![^\W_])[ьъыЬЪЫ]|[бвгджзклмнпрстфхцчшщ]{5}", 6.0),
    (r"ς(?=[α-ώ])|[ךםןףץ](?=[א-ת])|[ىة](?=[ء-ي])", 6.0),
    (r"(?<![ก-๏])[ะัาำิีึืฺุู็่้๊๋์]|[เแโใไ](?![ก-ฮ])", 8.0),
)
_wide_rules = _rules(
    (r"(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])", 6.0),
    (r"(?<=[A-Za-z])[\u3400-\ud7ff]|[\u3400-\ud7ff](?=[A-Za-z])", 3.0),
    (r"(?<=[｡-ﾟ])[｡-ﾟ]", -2.0),
    (r"(?<![｡-ﾟ])[ﾞﾟｰ]", 6.0),
)
_kind_rules = {
    "latin": (*_sign_rules, *_latin_rules),
    "script": (*_sign_rules, *_script_rules),
    "wide": _wide_rules,
    "any": (),
}


@dataclass(frozen=True)
class Candidate:
    """An encoding, what it is called, and what is written in it.

    `kind`: `latin` letters stand among ASCII ones, those of a `script` seldom touch them, `wide`
    ones are drawn from thousands, of which `usual` are the most frequent and those whose first
    byte is in `common` no rarities, and `any` is for all writing. `doubt` (bits) is held against
    an encoding that few files are in.
    """

    encoding: str
    title: str
    kind: str
    doubt: float = 0.0
    languages: tuple[Language, ...] = (ENGLISH,)
    usual: str = ""
    common: range = range(0)


def cost(data: bytes, candidate: Candidate) -> float:
    """The bits that it takes to say what the candidate makes of the bytes."""
    text = data.decode(candidate.encoding, "replace")
    counts = Counter(text)
    plain = sum(count for each, count in counts.items() if each < "\x80")
    odd = sum(counts[each] for each in "@[\\]^`{|}~\x7f")
    bits = candidate.doubt + _ascii * plain + _odd_ascii * odd
    if candidate.kind in ("latin", "script"):
        # Two or three such bytes in a row are no accident: "Ã©" is in no word.
        bits += 6.0 * len(_utf8_character.findall(data))
    for pattern, each in _kind_rules[candidate.kind]:
        bits += each * len(pattern.findall(text))
    beyond = [(each, count) for each, count in counts.items() if each >= "\x80"]
    words = Counter(re.findall(rf"{_letter}+", text.lower()))
    letters = _ascii_letters(words)
    latin = candidate.kind == "latin"
    return bits + min(
        sum(_price(each, candidate, language) * count for each, count in beyond)
        - _won_beyond(words, language)
        - _won_in_ascii(words, letters, language if latin else ENGLISH)
        for language in candidate.languages
    )


def _ascii_letters(words: Counter[str]) -> Counter[str]:
    letters: Counter[str] = Counter()
    for word, count in words.items():
        for each in word:
            if each < "\x80":
                letters[each] += count
    return letters


def _won_beyond(words: Counter[str], language: Language) -> float:
    """The bits that frequent words with letters beyond ASCII save."""
    return sum(
        words[word] * (1.0 + 1.5 * sum(each >= "\x80" for each in word))
        for word in language.words & words.keys()
        if not word.isascii()
    )


def _won_in_ascii(words: Counter[str], letters: Counter[str], language: Language) -> float:
    """The bits that frequent words and letters in ASCII save, where they are the language's."""
    won = sum(_ascii_gain(each, language) * count for each, count in letters.items())
    for word in language.words & words.keys():
        if word.isascii():
            won += words[word] * _word_bits[min(len(word), 4)]
    return max(0.0, min(won, _most_words))


def _ascii_gain(letter: str, language: Language) -> float:
    rank = language.plain.find(letter)
    return 1.5 - 7.0 * (rank / 25) ** 1.5 if rank >= 0 else 0.0


@cache
def _price(character: str, candidate: Candidate, language: Language) -> float:
    kinds: dict[str, Callable[[], float]] = {
        "latin": lambda: _latin_price(character, language),
        "script": lambda: _script_price(character, language),
        "wide": lambda: _wide_price(character, candidate),
        "any": lambda: _any_price(character),
    }
    if character == _replaced or "\x80" <= character <= "\x9f":
        return _never
    if "\ue000" <= character <= "\uf8ff":
        return _never
    return kinds[candidate.kind]()


def _sign_price(character: str) -> float:
    if character in _points:
        return _point
    return _sign if character in _signs else _odd_sign


def _latin_price(character: str, language: Language) -> float:
    if not character.isalpha() or character in "ºªµ":
        return _sign_price(character)
    rank = language.letters.find(character)
    if rank >= 0:
        return 4.0 + log2(rank + 1.5)
    small = language.letters.find(character.lower())
    return 4.0 + _large + log2(small + 1.5) if small >= 0 else _foreign + 4.0


def _script_price(character: str, language: Language) -> float:
    rank = language.letters.find(character)
    if rank < 0 and not character.isalpha():
        return _sign_price(character)
    if rank >= 0:
        return 3.0 + 5.5 * rank / len(language.letters)
    small = language.letters.find(character.lower())
    return 3.0 + _large + 5.5 * small / len(language.letters) if small >= 0 else _foreign


def _wide_price(character: str, candidate: Candidate) -> float:
    if character in EAST:
        return 6.5
    rank = candidate.usual.find(character)
    if rank >= 0:
        return 1.0 + log2(rank + 24)
    if "\uff61" <= character <= "\uff9f":  # half-width katakana
        return 8.5
    written = character.encode(candidate.encoding, "replace")
    if len(written) == 2 and written[0] in candidate.common and character.isalpha():
        rare = written[1] < 0xA1 and candidate.encoding == "gb18030"
        return 17.0 if rare else 12.5
    return 17.0 if len(written) == 2 else 26.0


def _any_price(character: str) -> float:
    usual = character in EVERY_LETTER
    if character < "\u0800":
        return 6.0 if usual else 11.0
    return 9.0 if usual else 13.0 if character.isalpha() else 14.0
