"""What attributes and their options are called, in two languages, and what people say instead.

A dataset's own titles come first (`dataset.json`: `options.words`, as sample packs have them), then
the studio's words for what faces often have, then the word itself, as the data spells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Control

if TYPE_CHECKING:
    from vae_faces.traits import Traits

EXAMPLE = {"en": "long hair, blond", "zh": "长发，金发"}
"""What is typed to a model of faces, for example."""
_LONGEST = 200
"""Characters of a title, at most."""
Words = Mapping[str, Any]
"""Titles by the word that the data has: `{"beard": {"en": "beard", "zh": "胡须"}}`."""

_USUAL = {
    "age": "年龄", "beard": "胡须", "class": "类别", "eyeglasses": "眼镜", "eyes": "眼睛",
    "folder": "文件夹", "gender": "性别", "glasses": "眼镜", "hair": "发型", "hair color": "发色",
    "hair colour": "发色", "hat": "帽子", "kind": "种类", "male": "男性", "mouth": "嘴",
    "moustache": "八字胡", "mustache": "八字胡", "skin": "肤色", "skin color": "肤色",
    "skin colour": "肤色", "smile": "微笑", "smiling": "微笑", "sunglasses": "墨镜",
    "young": "年轻",
}  # fmt: skip
"""Chinese for attributes that faces often have, where the data says nothing."""

_SAID: tuple[tuple[str, str, str], ...] = (
    ("beard", "full beard", "beard, bearded, 胡子, 有胡子, 留胡子, 大胡子"),
    ("beard", "no beard", "shaven, clean-shaven, beardless, 没胡子, 不留胡子"),
    ("beard", "chin beard", "goatee, 下巴胡, 山羊须"),
    ("beard", "moustache", "mustache, 小胡子, 髭须"),
    ("hair", "bun", "topknot, 丸子头, 盘发"),
    ("hair", "spiky", "spiky hair, 刺猬头"),
    ("hair", "combed aside", "side parting, 偏分"),
    ("hair colour", "blond hair", "blond, blonde, fair, 金色头发"),
    ("hair colour", "black hair", "black-haired, 黑色头发"),
    ("hair colour", "dark brown hair", "brunette, brown hair, brown, 棕发, 棕色头发"),
    ("hair colour", "red hair", "ginger, redhead, 红头发"),
    ("eyes", "closed eyes", "asleep, sleeping, eyes closed, 睡着, 闭着眼, 闭眼睛"),
    ("eyes", "wide eyes", "staring, eyes wide open, 睁大眼, 睁大眼睛, 大眼睛"),
    ("eyes", "winking", "wink, 眨眼, 眨眼睛"),
    ("mouth", "smiling", "smile, happy, 微笑, 笑, 开心, 高兴"),
    ("mouth", "laughing", "laugh, 大笑"),
    ("mouth", "sad", "unhappy, 难过, 伤心, 不开心"),
    ("mouth", "angry", "cross, 愤怒"),
    ("mouth", "open mouth", "surprised, astonished, 惊讶"),
    ("skin colour", "light skin", "pale, fair skin, 白皙, 浅肤色, 白皮肤"),
    ("skin colour", "dark skin", "dark-skinned, 深肤色, 黑皮肤"),
    ("skin colour", "tan skin", "tanned, 小麦色"),
)
"""What people say (both languages, in a row) for an option of an attribute."""

_SAID_SLIDERS = (
    ("long hair", -1.0, "short hair, short-haired, 短发"),
    ("long hair", 1.0, "long-haired, 长头发"),
    ("glasses", -1.0, "without glasses, 不戴眼镜"),
    ("glasses", 1.0, "spectacles, with glasses, 戴眼镜"),
)


def dataset_words(about: Mapping[str, Any]) -> Words:
    """The titles that a dataset has for its own words; none where it has none."""
    options = about.get("options")
    words = options.get("words") if isinstance(options, Mapping) else None
    return words if isinstance(words, Mapping) else {}


def title_of(name: str, words: Words) -> dict[str, str] | str:
    """What an attribute or an option is called, as the words of an interface begin: `Beard`."""
    told = words.get(name)
    if isinstance(told, Mapping):
        found = {k: v for k, v in told.items() if isinstance(k, str) and isinstance(v, str)}
        if found:
            return {language: _begun(word) for language, word in found.items()}
    usual = _USUAL.get(name.casefold().replace("_", " "))
    plain = _begun(name.replace("_", " "))
    return {"en": plain, "zh": usual} if usual else plain


def option_titles(options: Iterable[str], words: Words) -> dict[str, dict[str, str] | str]:
    """What the options of a choice are called."""
    return {option: title_of(option, words) for option in options}


def words_of(traits: Traits) -> dict[str, dict[str, float | str]]:
    """What people say for the attributes of a model, `{word: {control: option or number}}`."""
    found: dict[str, dict[str, float | str]] = {}
    for name, option, said in _SAID:
        trait = traits.find(name)
        if trait is not None and option in trait.options:
            found |= {word: {name: option} for word in said.split(", ")}
    for name, value, said in _SAID_SLIDERS:
        trait = traits.find(name)
        if trait is not None and trait.kind == "yes_no":
            found |= {word: {name: value} for word in said.split(", ")}
    return found


def usual_words(
    controls: Mapping[str, Control],
) -> Iterator[tuple[str, dict[str, float | str]]]:
    """What people say for the controls of a model, whoever trained it and when."""
    for name, option, said in _SAID:
        control = controls.get(name)
        if control is not None and option in control.options:
            for word in said.split(", "):
                yield word, {name: option}
    for name, value, said in _SAID_SLIDERS:
        control = controls.get(name)
        if control is not None and not control.options:
            end = control.high if value > 0 else control.low
            for word in said.split(", "):
                yield word, {name: end}


def _begun(word: str) -> str:
    """With a capital at its beginning, cut to what a title may have."""
    return (word[:1].upper() + word[1:])[:_LONGEST]
