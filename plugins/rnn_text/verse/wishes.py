"""What a person wants of a poem, read from what they typed: a beginning, a theme, an acrostic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aigc_studio.api import GeneratorError, Localized
from aigc_studio.toolkit.sequences import simplified
from rnn_text.verse.forms import Form, lines_of
from rnn_text.verse.parameters import Words
from rnn_text.verse.voice import Voice, not_known
from rnn_text.writing.ends import stands_alone

_usual = ("5x8", "7x4", "7x8", "5x4")
_most_theme = 6
_quoted, _named = 24, 3
"""So many characters of what was typed stand in a sentence about it, and so many that would do."""


@dataclass(frozen=True)
class Wish:
    """A poem to be made: its form, the characters that stand (as typed, by their number in the
    poem), what it is about, in which script, and what the person should know."""

    form: Form
    given: Mapping[int, str] = field(default_factory=dict)
    theme: str = ""
    is_traditional: bool = False
    notices: tuple[Localized, ...] = ()


def wish_of(voice: Voice, words: str, kind: Words, form: str = "", number: int = 0) -> Wish:
    """Read a wish; `form` is the name of the one asked for, empty for any: then the poem with this
    `number` has what fits best, or one form after another. Raises `GeneratorError`."""
    forms = [Form.named(name) for name in voice.forms or _usual]
    asked = Form.named(form) if form else None
    lines = lines_of(words)
    letters = "".join(lines)
    is_traditional = simplified(letters) != letters
    if not letters:
        return Wish(asked or forms[number % len(forms)])
    if not any(voice.number(each) or stands_alone(each) for each in letters):
        raise _of_another_script(voice, letters)
    if kind == "theme":
        made = _about(voice, lines, asked or forms[number % len(forms)])
    elif kind == "acrostic":
        made = _acrostic(letters, forms, asked, number)
    else:
        made = _begun(lines, forms, asked, number)
    unknown = "".join(dict.fromkeys(c for c in made.given.values() if not voice.number(c)))
    notices = [*made.notices, *([not_known(unknown)] if unknown else [])]
    return Wish(made.form, made.given, made.theme, is_traditional, tuple(notices))


def _of_another_script(voice: Voice, letters: str) -> GeneratorError:
    """Why nothing can begin with English words, say, with some characters that would do."""
    known = [each for each in voice.symbols if each.isalpha()][:_named]
    quoted = _short(letters)
    return GeneratorError(
        f"The model does not know a character of “{quoted}”: type what stands in the verse that it "
        f"learnt, such as {', '.join(known)}.",
        zh=f"模型不认识“{quoted}”中的任何字符：请输入它学过的诗中的字，如{'、'.join(known)}。",
        parameter="prompt",
    )


def _about(voice: Voice, lines: Sequence[str], form: Form) -> Wish:
    letters = simplified("".join(lines))
    known = "".join(dict.fromkeys(each for each in letters if voice.number(each)))
    if not known:
        quoted = _short(letters)
        raise GeneratorError(
            f"The model does not know a character of “{quoted}”: name the theme in others.",
            zh=f"模型不认识“{quoted}”中的任何字：请换用其他字表示主题。",
            parameter="prompt",
        )
    notices = []
    if left := "".join(dict.fromkeys(each for each in letters if not voice.number(each))):
        notices.append(not_known(left))
    if len(known) > _most_theme:
        notices.append(_many_words(known[:_most_theme]))
    return Wish(form, theme=known[:_most_theme], notices=tuple(notices))


def _acrostic(letters: str, forms: Sequence[Form], asked: Form | None, number: int) -> Wish:
    """Lines that begin with the letters: of the asked width, with as many lines as they need."""
    notices: list[Localized] = []
    width = asked.lengths[0] if asked else 0
    counts = sorted({len(each.lengths) for each in forms})
    most = counts[-1]
    if len(letters) > most:
        notices.append(_too_many(letters[:most]))
        letters = letters[:most]
    if asked and len(asked.lengths) >= len(letters):
        form = asked
    else:
        needed = next(each for each in counts if each >= len(letters))
        fitting = [each for each in forms if len(each.lengths) == needed]
        same = [each for each in fitting if each.lengths[0] == width]
        form = (same or fitting)[0 if same else number % len(fitting)]
        if asked:
            notices.append(_other_form(form, asked))
    if len(letters) < len(form.lengths):
        notices.append(_too_few(len(letters), len(form.lengths)))
    starts = [0, *(end + 1 for end in form.ends)]
    given = dict(zip(starts, letters, strict=False))
    return Wish(form, given, notices=tuple(notices))


def _begun(lines: Sequence[str], forms: Sequence[Form], asked: Form | None, number: int) -> Wish:
    """A poem whose first lines stand; the last of them may be a part of a line."""
    fitting = [form for form in forms if _fits(lines, form)]
    if not fitting and (cut := _cut(lines, forms)):
        lines = cut
        fitting = [form for form in forms if _fits(lines, form)]
    if not fitting:
        quoted = _short(lines[0])
        raise GeneratorError(
            f"“{quoted}” fits no form of this model, whose lines have {_widths(forms, ' or ')} "
            "characters: begin with such a line or with less.",
            zh=f"“{quoted}”不合此模型的任何体裁（每句{_widths(forms, '或')}字）："
            "请以这样的句子或更少的字开头。",
            parameter="prompt",
        )
    whole = [form for form in fitting if sum(form.lengths[: len(lines)]) == sum(map(len, lines))]
    likely = whole or fitting  # five characters are a line of five, unless seven were asked for
    form = asked if asked in fitting else likely[number % len(likely)]
    notices: list[Localized] = []
    if asked and form != asked:
        as_many = [each for each in likely if len(each.lengths) == len(asked.lengths)]
        form = (as_many or likely)[0]
        notices.append(_other_form(form, asked))
    return Wish(form, dict(enumerate("".join(lines))), notices=tuple(notices))


def _fits(lines: Sequence[str], form: Form) -> bool:
    if len(lines) > len(form.lengths) or sum(map(len, lines)) >= form.size:
        return False
    *whole, last = zip(lines, form.lengths, strict=False)
    return all(len(line) == length for line, length in whole) and len(last[0]) <= last[1]


def _cut(lines: Sequence[str], forms: Sequence[Form]) -> list[str]:
    """A beginning without punctuation, cut into lines; empty where it is none."""
    letters = "".join(lines)
    widths = [width for width in {form.lengths[0] for form in forms} if len(letters) % width == 0]
    if len(lines) > 1 or len(widths) != 1:
        return []
    width = widths[0]
    return [letters[at : at + width] for at in range(0, len(letters), width)]


def _widths(forms: Iterable[Form], between: str) -> str:
    return between.join(map(str, sorted({form.lengths[0] for form in forms})))


def _name(form: Form, language: str) -> str:
    title = form.title
    return title if isinstance(title, str) else str(title[language])


def _short(words: str) -> str:
    """Words as a sentence quotes them, however many were typed."""
    return words if len(words) <= _quoted else f"{words[:_quoted]}…"


def _many_words(letters: str) -> Localized:
    return {
        "en": f"A theme has six characters at most: {letters} was taken.",
        "zh": f"主题最多六个字：取“{letters}”。",
    }


def _too_many(letters: str) -> Localized:
    return {
        "en": f"There are not as many lines as characters: the acrostic is {letters}.",
        "zh": f"字数多于句数：藏头取“{letters}”。",
    }


def _too_few(count: int, lines: int) -> Localized:
    return {
        "en": f"{count} of the {lines} lines begin as you want, and the others are free.",
        "zh": f"{lines} 句中前 {count} 句依所给的字开头，其余自由。",
    }


def _other_form(form: Form, asked: Form) -> Localized:
    return {
        "en": f"What you typed does not fit {_name(asked, 'en')}: {_name(form, 'en')} was taken.",
        "zh": f"输入的内容不合“{_name(asked, 'zh')}”，改用“{_name(form, 'zh')}”。",
    }
