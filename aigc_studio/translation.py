"""Every sentence the studio says, in the person's language (GNU gettext, standard library).

One catalogue serves the window, the shell and the errors of every floor. `_` marks and translates.
"""

import functools
import gettext as _gettext
import locale
import os
from collections.abc import Iterable, Mapping

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
DOMAIN = "aigc_studio"

Localized = str | Mapping[str, str]
"""A string, or one for each language: `{"en": "Digits", "zh": "数字"}`."""

_WIDE_ENDS = ("。", "！", "？", "；", "：")

_active: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def system_language() -> str:
    """The language asked for by `AIGC_STUDIO_LANGUAGE` or the system: `en` or `zh_CN`."""
    wanted = os.environ.get("AIGC_STUDIO_LANGUAGE") or os.environ.get("LANGUAGE")
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = wanted or os.environ.get(variable)
    if not wanted:
        wanted = locale.getlocale()[0] or "en"
    return "zh_CN" if wanted.lower().startswith(("zh", "chinese")) else "en"


def set_language(language: str) -> None:
    """Speak `language` (a key of `LANGUAGES`) from now on; anything else means English."""
    global _active, _language
    _language = language if language in LANGUAGES else "en"
    _active = _catalogue(_language)


@functools.cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    """The sentences of a language; a worker asks for them before each action."""
    from aigc_studio.folders import resources_folder

    folder = str(resources_folder() / "translations")
    return _gettext.translation(DOMAIN, folder, [language], fallback=True)


def language() -> str:
    """The language spoken now, a key of `LANGUAGES`."""
    return _language


def _(message: str) -> str:
    """Translate one sentence; fill its `{names}` with `str.format` afterwards."""
    return _active.gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a sentence whose form depends on a number."""
    return _active.ngettext(singular, plural, number)


def localized(value: object, spoken: str | None = None) -> str:
    """The string of `value` in the spoken language, in English when it has no other.

    Of what is no such value, whoever said it, an empty string: nothing breaks over a title.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return ""
    spoken = spoken or _language
    wanted = [value.get(key) for key in (spoken, spoken.split("_")[0], "en")]
    return next((words for words in (*wanted, *value.values()) if isinstance(words, str)), "")


def enumerated(words: Iterable[str], most: int | None = None) -> str:
    """Words as a list in a sentence, as the language spoken divides them: `one, two`.

    Only the first `most` of them; an ellipsis stands for the others.
    """
    named = list(words)
    if most is not None and len(named) > most:
        named = [*named[:most], "…"]
    return _(", ").join(named)


def in_a_row(sentences: Iterable[str]) -> str:
    """Sentences one after another: there is no space after the full-width marks of Chinese."""
    row = ""
    for sentence in sentences:
        row += sentence if not row or row.endswith(_WIDE_ENDS) else f" {sentence}"
    return row


def labelled(title: str, words: str) -> str:
    """Words with what they are about before them: `Seed: 3`."""
    return _("{title}: {value}").format(title=title, value=words)
