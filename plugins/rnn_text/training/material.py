"""What a training learns from: numbers instead of texts, and words for data that does not do."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, Example, GeneratorError, Message, Progress
from rnn_text.alphabet import BEGIN, END, THEME, Alphabet, count_clusters
from rnn_text.kinds import form_of_data, shape_of
from rnn_text.model import Form, Model
from rnn_text.subwords import Subwords
from rnn_text.training.cleaning import cleaned, theme_of
from rnn_text.training.cuts import Cuts, Growing
from rnn_text.training.parameters import AUTO, TrainParameters

LEAST = 200
"""Fewer characters than this teach nothing that could be called a voice."""
_SPARSE = 20_000
_LARGE = 1000
"""In an alphabet of more symbols than this, those that stand there once are unknown."""
FREE = "free"
"""The mark of poems whose form does not stand out."""
MOST_HELD_OUT = 60_000
"""Symbols that a training measures on, or a little more."""
_APART, _ENOUGH = 8192, 200_000
"""Symbols on which it is found out how sure a net may be; they are taken from what is learnt only
where that has so many."""
_TELL_EVERY = 0.1
_COUNTING = {"en": "Counting the characters", "zh": "正在统计字符"}
_READING = {"en": "Reading the texts", "zh": "正在读取文本"}


@dataclass(frozen=True)
class Material:
    """What is learnt (`learnt`) and what is held out to measure on (`held_out`), both as numbers of
    the `alphabet`: of prose one text each, else one an example, from its form to its END.
    `characters` is how many code points were read to learn from, `held_out_characters` to measure.
    On what stands `apart` is found out how sure the net may be: a part of what is held out, or,
    where nothing is, the end of a long text, which is not learnt then.
    """

    alphabet: Alphabet
    form: Form
    learnt: Cuts
    held_out: Cuts
    characters: int
    held_out_characters: int
    apart: Cuts = field(default_factory=lambda: Growing(1).cuts())


def learnt_from(
    dataset: Dataset,
    parameters: TrainParameters,
    base: Model | None,
    most_held_out: int = MOST_HELD_OUT,
    *,
    drawn: bool = True,
) -> Generator[Event, None, Material]:
    """Read a dataset for training; Progress in between, and a Message for what to know of it.

    No more than one text is held as such. With `base`, kind and alphabet are those of that model,
    with the characters that it lacks added. Of what is held out, where that is more than
    `most_held_out` symbols, some examples are `drawn`, or else it is the first; prose stays in one
    piece. Raises GeneratorError for data that does not suit.
    """
    _check_medium(dataset)
    form = _form(dataset, parameters, base)
    counts = yield from _counted(dataset)
    yield from _checked(counts, counts.total())
    if form.kind == "prose":
        counts.update(form.between)
    alphabet = yield from _alphabet(dataset, parameters, base, form, counts)
    learnt, characters = yield from _read(dataset, alphabet, form)
    rest = Dataset(dataset.path, "test")
    if drawn and form.kind != "prose":
        held_out, held = yield from _read_drawn(rest, alphabet, form, most_held_out)
    else:
        held_out, held = yield from _read(rest, alphabet, form, most_held_out)
    learnt, apart = _apart(learnt, held_out, form)
    return Material(alphabet, form, learnt, held_out, characters, held, apart)


def _apart(learnt: Cuts, held_out: Cuts, form: Form) -> tuple[Cuts, Cuts]:
    """What is learnt in the end, and what stands apart from it."""
    if form.kind != "prose":
        return learnt, held_out
    if len(held_out.symbols):
        return learnt, _one(held_out.symbols[:_APART])
    if len(learnt.symbols) < _ENOUGH:
        return learnt, held_out
    return _one(learnt.symbols[:-_APART]), _one(learnt.symbols[-_APART:])


def _one(symbols: Tensor) -> Cuts:
    return Cuts(symbols, torch.tensor([len(symbols)]))


# -- reading ---------------------------------------------------------------------------------------


def _counted(dataset: Dataset) -> Generator[Event, None, Counter[str]]:
    counts: Counter[str] = Counter()
    clock = 0.0
    for number, example in enumerate(dataset):
        counts.update(count_clusters([cleaned(str(example.artifact))]))
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, len(dataset), _COUNTING)
    return counts


def _read(
    dataset: Dataset, alphabet: Alphabet, form: Form, most: int = 0
) -> Generator[Event, None, tuple[Cuts, int]]:
    """The texts as numbers, those of `most` symbols or a little more where that is not 0, and how
    many characters they have."""
    growing = Growing(len(alphabet))
    between, characters, clock = alphabet.encode(form.between), 0, 0.0
    for number, example in enumerate(dataset):
        text = cleaned(str(example.artifact))
        if most and len(text) > most:
            text = text[:most]
        if form.kind == "prose":
            if number and not example.continues:
                growing.add(between, ends=False)
                characters += len(form.between)
            growing.add(alphabet.encode(text), ends=False)
        elif text.strip():
            growing.add(_row_of(example, text, alphabet, form))
        characters += len(text)
        if most and len(growing) >= most:
            break
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, len(dataset), _READING)
    if form.kind == "prose" and len(growing):
        growing.add((), ends=True)
    return growing.cuts(), characters


def _read_drawn(
    dataset: Dataset, alphabet: Alphabet, form: Form, most: int
) -> Generator[Event, None, tuple[Cuts, int]]:
    """As `_read`, but of any of the examples, since a collection is often sorted, by poet say; and
    each time of the same."""
    places = list(range(len(dataset)))
    random.Random(0).shuffle(places)
    rows, characters, symbols, clock = dict[int, list[int]](), 0, 0, 0.0
    for number, place in enumerate(places):
        example = dataset[place]
        text = cleaned(str(example.artifact))[:most]
        if text.strip():
            rows[place] = _row_of(example, text, alphabet, form)
        characters, symbols = characters + len(text), symbols + len(rows.get(place, ()))
        if symbols >= most:
            break
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, len(dataset), _READING)
    growing = Growing(len(alphabet))
    for place in sorted(rows):
        growing.add(rows[place])
    return growing.cuts(), characters


def _row_of(example: Example, text: str, alphabet: Alphabet, form: Form) -> list[int]:
    title = str(example.attributes.get("title", ""))
    return row_of(text.strip("\n"), title, alphabet, form)


def row_of(text: str, title: str, alphabet: Alphabet, form: Form) -> list[int]:
    """The numbers of a single example: BEGIN, the text, END; before those of verse its form, and
    THEME with what its title says."""
    marks, before = alphabet.marks, list[int]()
    if form.kind == "verse":
        before.append(marks.get(shape_of(text), marks[FREE]))
        theme = alphabet.encode(theme_of(title))
        if len(theme):
            before += [marks[THEME], *theme.tolist()]
    return [*before, marks[BEGIN], *alphabet.encode(text).tolist(), marks[END]]


# -- kind and alphabet -----------------------------------------------------------------------------


def _form(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> Form:
    if base is None:
        return form_of_data(dataset, parameters.kind)
    if parameters.kind not in (AUTO, base.kind):
        raise GeneratorError(
            f"The model {base.name} writes {base.kind}: leave the kind of text automatic to go on "
            "from it.",
            zh=f"模型 {base.name} 的文本类型不同：要在其基础上继续，请将文本类型设为自动。",
            parameter="kind",
        )
    return base.form


def _alphabet(
    dataset: Dataset,
    parameters: TrainParameters,
    base: Model | None,
    form: Form,
    counts: Counter[str],
) -> Generator[Event, None, Alphabet]:
    if base is not None:
        return (yield from _grown(base, counts))
    marks = [BEGIN, END]
    if form.kind == "verse":
        marks += [THEME, *form.shapes, FREE]
    if parameters.symbols != "subwords":
        return Alphabet.of(counts, marks, least_count(counts))
    yield Progress(0, 0, {"en": "Learning pieces of words", "zh": "正在学习子词"})
    texts = (cleaned(str(example.artifact)) for example in dataset)
    return Alphabet((), marks, Subwords.learn(texts, parameters.pieces).data)


def least_count(counts: Counter[str]) -> int:
    """How often a character must stand in the data to be in the alphabet."""
    return 2 if len(counts) > _LARGE else 1


def _grown(base: Model, counts: Counter[str]) -> Generator[Event, None, Alphabet]:
    """The alphabet of a model with what it lacks of this data, the most frequent first."""
    old = base.alphabet
    if old.is_subword:
        return old
    least = least_count(counts)
    missing = {each: n for each, n in counts.items() if each not in old and n >= least}
    if not missing:
        return old
    ranked = sorted(missing, key=lambda each: (-missing[each], each))
    known = 1 - sum(missing.values()) / max(1, counts.total())
    if known < 0.5:
        raise GeneratorError(
            f"More than half of this text is in characters that the model {base.name} does not "
            f"know ({' '.join(ranked[:8])} …): train a model of its own.",
            zh=f"这些文本中一半以上的字符是模型 {base.name} 不认识的"
            f"（{' '.join(ranked[:8])} …）：请另行训练一个模型。",
            parameter="model",
        )
    shown = " ".join(ranked[:12]) + (" …" if len(ranked) > 12 else "")
    yield Message(
        {
            "en": f"The alphabet of {base.name} grows by {len(ranked)} characters: {shown}",
            "zh": f"{base.name} 的字符表增加了 {len(ranked)} 个字符：{shown}",
        }
    )
    return Alphabet([*old.symbols[old.first :], *ranked], list(old.marks))


# -- what does not do ------------------------------------------------------------------------------


def _check_medium(dataset: Dataset) -> None:
    if dataset.medium != "text":
        raise GeneratorError(
            f"The dataset {dataset.name} has no texts: choose one of texts.",
            zh=f"数据集 {dataset.name} 不是文本：请选择文本数据集。",
            parameter="dataset",
        )


def _checked(counts: Counter[str], total: int) -> Iterator[Event]:
    if total < LEAST:
        raise GeneratorError(
            f"The texts have {total} characters in all, and {LEAST} at least are needed: add more, "
            "some ten thousand if you can.",
            zh=f"文本共有 {total} 个字符，至少需要 {LEAST} 个：请添加更多文本，最好有上万个字符。",
            parameter="dataset",
        )
    if len(counts) < 2:
        raise GeneratorError(
            "The texts are one and the same character all along, so there is nothing to learn: "
            "choose other texts.",
            zh="文本从头到尾都是同一个字符，没有可学习的内容：请选择其他文本。",
            parameter="dataset",
        )
    if total < _SPARSE:
        yield Message(
            {
                "en": f"{total:,} characters are very few: the model will know them by heart. Some "
                "hundred thousand give it a voice of its own.",
                "zh": f"{total:,} 个字符太少：模型只会记住它们。几十万个字符才能学到自己的文风。",
            },
            "warning",
        )
