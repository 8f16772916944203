"""Reading prompts: what a person asks for in words, as values of the model's controls.

A model says on its card what it can be steered by, and what that is called in each language; a
prompt is read with those words, and with what else the card has under `words`:
`{"smiling": {"mouth": "smile"}, "微笑": {"mouth": "smile"}}`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aigc_studio.api import Control, Controls, GeneratorError
from vae_faces.words.vocabulary import EXAMPLE, usual_words

Value = float | str
Wish = Mapping[str, Value]
_NUMBERED = re.compile(r"axis-\d+")
_CUTS = re.compile(r"[,;、，；。.\n/+&]+")
_FILLERS = frozenset((
    "a", "an", "the", "with", "and", "of", "has", "have", "having", "is", "are", "face", "faces",
    "person", "people", "someone", "who", "in", "very", "的", "和", "与", "有", "是", "脸", "人",
    "一张", "一个", "一位", "带", "着", "并", "且", "很", "头像", "人脸",
))  # fmt: skip
_REFUSALS = frozenset(("no", "not", "without", "non", "没有", "没", "无", "不", "不要", "不带"))
_NOTHING = frozenset(("none", "no", "nothing", "无", "没有"))
_SAME = (
    ("胡子", "胡须"), ("头发颜色", "发色"), ("色的头发", "发"), ("色头发", "发"), ("头发", "发"),
    ("色的发", "发"), ("嘴巴", "嘴"), ("衣服", "服装"), ("衣着", "服装"), ("裙子", "连衣裙"),
    ("t 恤", "t恤"),
)  # fmt: skip
"""Chinese words for the same thing; the second stands for both."""
_SHOWN = 24
"""So many controls, and options of each, are listed."""
_ASIAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Words:
    """What can be said to a model.

    `meant` has for each phrase what it stands for, and `controls` are those by their names.
    """

    meant: Mapping[str, Wish]
    controls: Mapping[str, Control]

    def refused(self, phrase: str) -> dict[str, Value]:
        """What it stands for that something is not wanted ("no beard")."""
        return {
            name: _opposite(self.controls[name], value)
            for name, value in self.meant[phrase].items()
        }

    def shown(self, chinese: bool) -> str:
        """What can be said, by control, in one language where there are words of it."""
        groups = [_group(control, chinese) for control in self.controls.values()]
        more = [*groups[:_SHOWN], *(["…"] if len(groups) > _SHOWN else [])]
        return ("；" if chinese else "; ").join(more)


def words_of(card: Mapping[str, Any]) -> Words:
    """What can be said to the model with this card, whoever wrote it."""
    controls = Controls.of_card(card)
    known = {each.name: each for each in controls.controls if not _NUMBERED.fullmatch(each.name)}
    meant: dict[str, Wish] = {}
    for control in known.values():
        _add_control(control, meant)
    for phrase, wish in (*usual_words(known), *_own_words(card, known)):
        meant[plain(phrase)] = wish
    return Words(meant, known)


def told_words(card: Mapping[str, Any]) -> dict[str, str] | None:
    """What stands beside the prompt of the model with this card, in place of what is said of all:
    the words that it knows. None where it is one of faces, and knows what faces have."""
    words = words_of(card)
    try:
        read_prompt(EXAMPLE["en"], words)
    except GeneratorError:
        return {
            "en": f"Words that this model knows: {words.shown(chinese=False)}.",
            "zh": f"该模型认识的词：{words.shown(chinese=True)}。",
        }
    return None


def read_prompt(prompt: str, words: Words) -> dict[str, Value]:
    """The controls that a prompt asks for; {} for an empty one.

    Commas separate phrases, and need not stand where it is clear without. Raises GeneratorError for
    words that are not known, and for two that contradict each other.
    """
    found: dict[str, Value] = {}
    for wish, phrase in _phrases(prompt, words):
        for name, value in wish.items():
            if found.setdefault(name, value) != value:
                raise _contradiction(phrase, words.controls[name])
    return found


def plain(text: str) -> str:
    """A phrase as it is compared: no capitals, no differences of width, single spaces, and one
    Chinese word for each thing.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    for said, meant in _SAME:
        folded = folded.replace(said, meant)
    return " ".join(re.sub("[-_:]", " ", folded).split())


# -- what a card says ---------------------------------------------------------------------------


def _add_control(control: Control, meant: dict[str, Wish]) -> None:
    titles = _spoken(control.title) or [control.name]
    if not control.options:
        meant.update({plain(title): {control.name: control.high} for title in titles})
        meant.setdefault(plain(control.name), {control.name: control.high})
        return
    nothing = _nothing_in(control)
    for option in control.options:
        called = _spoken(control.titles.get(option, "")) or [option]
        for word in dict.fromkeys([option, *called]):
            for phrase in _with_title(word, [control.name, *titles]):
                # Where two controls have such an option, the first is meant.
                meant.setdefault(phrase, {control.name: option})
    if nothing is not None:
        wish = {control.name: _opposite(control, nothing)}
        for title in (control.name, *titles):
            meant.setdefault(plain(title), wish)


def _nothing_in(control: Control) -> str | None:
    """The option that stands for having none of it."""
    for option in control.options:
        words = plain(option)
        if words in _NOTHING or words.startswith(("no ", "without ", "无", "没有")):
            return option
    return None


def _opposite(control: Control, value: Value) -> Value:
    """The other end of a slider; of a choice that there is none of it, or else another option."""
    if not control.options:
        return control.low if float(value) > control.default else control.high
    nothing = _nothing_in(control)
    if nothing is not None and value != nothing:
        return nothing
    return next((each for each in control.options if each != value), value)


def _with_title(word: str, titles: list[str]) -> Iterator[str]:
    """An option alone, unless that says nothing, and with its title: `hair colour: blond`."""
    option = plain(word)
    if option not in _NOTHING:
        yield option
    for title in map(plain, titles):
        yield f"{option} {title}"
        yield f"{title} {option}"
        yield f"{title}{option}"
        yield f"{option}{title}"
        yield from (f"{option} {each}" for each in title.split()[:1])
        if title.endswith("颜色"):
            of_what = title.removesuffix("颜色")
            yield from (f"{option}{of}{of_what}" for of in ("", "的"))
            yield f"{option.removesuffix('色')}{of_what}"


def _own_words(
    card: Mapping[str, Any], known: Mapping[str, Control]
) -> Iterator[tuple[str, dict[str, Value]]]:
    """What stands under `words`, as far as the model has such controls and options."""
    given = card.get("words")
    controls = Controls(controls=tuple(known.values()))
    for phrase, wish in given.items() if isinstance(given, Mapping) else ():
        fits = isinstance(phrase, str) and plain(phrase) and isinstance(wish, Mapping) and wish
        if fits and all(isinstance(each, str) for each in wish) and not controls.problems(wish):
            yield phrase, dict(wish)


def _group(control: Control, chinese: bool) -> str:
    """What can be said of one control: its title, with its options where it has some."""
    title = _begun_small(_both(control)[chinese])
    if not control.options:
        return title
    options = []
    for option in control.options[:_SHOWN]:
        spoken = _spoken(control.titles.get(option, "")) or [option]
        own = [word for word in spoken if bool(_ASIAN.search(word)) == chinese]
        options.append(_begun_small((own or spoken)[0]))
    told = ("、" if chinese else ", ").join(options)
    return f"{title}：{told}" if chinese else f"{title}: {told}"


def _begun_small(phrase: str) -> str:
    """As within a sentence: `Beard` is `beard`, and `T-shirt` stays."""
    return phrase[:1].lower() + phrase[1:] if phrase[1:2].islower() else phrase


def _spoken(title: Any) -> list[str]:
    words = title.values() if isinstance(title, Mapping) else [title]
    return [word for word in dict.fromkeys(words) if isinstance(word, str) and word.strip()]


def _both(control: Control) -> tuple[str, str]:
    """A control's title in English and in Chinese."""
    title = control.title if isinstance(control.title, Mapping) else {"en": control.title}
    english = title.get("en") or control.name
    return english, title.get("zh") or english


# -- what a person says -------------------------------------------------------------------------


def _phrases(prompt: str, words: Words) -> Iterator[tuple[Wish, str]]:
    rest, refusal = plain(prompt.replace("\n", ",")), ""
    while rest:
        what, said = _next(rest, words)
        if what == "phrase":
            yield words.refused(said) if refusal else words.meant[said], said
            refusal = ""
        elif what == "refusal":
            refusal = said
        elif what == "cut" and refusal:
            break
        rest = rest[len(said) :].lstrip()
    if refusal:
        raise _unknown(refusal, words)


def _next(rest: str, words: Words) -> tuple[str, str]:
    """What stands first, and what that is. Raises GeneratorError for a word that is not known."""
    # First what is known: names may have commas and dots in them (St. Bernard, cats/persian).
    if phrase := _first(rest, words.meant):
        return "phrase", phrase
    if cut := _CUTS.match(rest):
        return "cut", cut[0]
    if refusal := _first(rest, _REFUSALS):
        return "refusal", refusal
    if filler := _first(rest, _FILLERS):
        return "filler", filler
    raise _unknown(rest, words)


def _first(text: str, phrases: Any) -> str:
    """The longest of the phrases that a text begins with, up to the end of a word."""
    for end in range(min(len(text), 200), 0, -1):
        if text[:end] in phrases and (end == len(text) or _is_end(text, end)):
            return text[:end]
    return ""


def _is_end(text: str, place: int) -> bool:
    """Whether a word may end here: at a space or a comma, and anywhere in Chinese."""
    before, after = text[place - 1], text[place]
    ends = after == " " or _CUTS.match(after) or _ASIAN.match(before) or _ASIAN.match(after)
    return bool(ends)


def _unknown(rest: str, words: Words) -> GeneratorError:
    word = _CUTS.split(rest.split()[0])[0]
    # Chinese has no spaces: what is not known ends where something known begins.
    starts = (n for n in range(1, len(word)) if _ASIAN.match(word[n]))
    word = word[: next((n for n in starts if _first(word[n:], words.meant)), len(word))]
    short = word if len(word) <= 24 else word[:24] + "…"
    if not words.controls:
        return GeneratorError(
            "This model understands no words, for its pictures had neither attributes nor kinds: "
            "leave the prompt empty, or choose another model.",
            zh="该模型不理解文字，因为它的图像既没有属性，也没有种类：请将提示词留空，或选择其他模型。",
            parameter="prompt",
        )
    return GeneratorError(
        f"The model knows no “{short}”. It understands: {words.shown(chinese=False)}.",
        zh=f"该模型不认识“{short}”。它理解：{words.shown(chinese=True)}。",
        parameter="prompt",
    )


def _contradiction(phrase: str, control: Control) -> GeneratorError:
    english, chinese = _both(control)
    return GeneratorError(
        f"“{phrase}” contradicts what stands before it ({english}): name one of them.",
        zh=f"“{phrase}”与前面的内容矛盾（{chinese}）：请只写其中一个。",
        parameter="prompt",
    )
