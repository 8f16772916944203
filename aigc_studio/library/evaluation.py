"""On what a model is measured: which data, and which examples of it the model has not seen.

The window and the shell ask here. An example that was trained on is left out, under whatever name
its data goes by; where that cannot be told, and the data was changed since, nothing is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Dataset, EvaluateRequest, StudioError, media
from aigc_studio.library.cards import count as whole
from aigc_studio.library.cards import part, words
from aigc_studio.library.seen import Seen, prints, read_seen, seen_in
from aigc_studio.library.summaries import called, data_title, pack_title
from aigc_studio.translation import _, in_a_row, localized, ngettext

if TYPE_CHECKING:
    from aigc_studio.api import Description, Operation
    from aigc_studio.library.datasets import DatasetInfo, DatasetStore
    from aigc_studio.library.model_info import ModelInfo

BRIEF_EXAMPLES = 1_000
"""Examples that a model is measured on by itself, after it was trained."""
BRIEF_SECONDS = 60.0
"""Seconds after which it ends, once anything is measured: that counts."""
PATIENT_SECONDS = 180.0
"""Seconds after which it ends in any case."""


@dataclass(frozen=True)
class Unseen:
    """The examples to measure on: `dataset` has no others. Of those held out so many were
    `trained_on`; of the others `skipped` were left out to be brief."""

    dataset: Dataset
    trained_on: int = 0
    skipped: int = 0

    def about(self) -> dict[str, Any]:
        """What the card of the model says of it."""
        return {
            "data": {
                "name": self.dataset.name,
                "pack": _pack(self.dataset),
                "fingerprint": self.dataset.fingerprint,
            },
            "examples": len(self.dataset),
            "left_out": self.trained_on,
            "skipped": self.skipped,
        }

    def remark(self) -> str:
        """How many were trained on, in a sentence; empty where none was."""
        return _left_out(self.trained_on, len(self.dataset) + self.trained_on + self.skipped)


def _left_out(count: int, total: int) -> str:
    if not count:
        return ""
    sentence = ngettext(
        "{count} of {total} examples was trained on and is left out.",
        "{count} of {total} examples were trained on and are left out.",
        count,
    )
    return sentence.format(count=f"{count:,}", total=f"{total:,}")


class DataMissing(StudioError):
    """The data that a model learnt from is not here; `pack` is the sample pack that it came from,
    empty where it was somebody's own."""

    def __init__(self, sentence: str, pack: str) -> None:
        super().__init__(sentence)
        self.pack = pack


def own_data(model: ModelInfo, datasets: Sequence[DatasetInfo]) -> DatasetInfo | None:
    """The dataset here that the model was trained on, whatever it is called now; None if it is not
    here. One that has only its name is taken where none has its fingerprint."""
    told = part(model.card, "data")
    for name in ("fingerprint", "pack", "name"):
        wanted = told.get(name)
        for each in datasets:
            if wanted and getattr(each, name) == wanted:
                return each
    return None


def learnt_data(
    operation: Operation, model: ModelInfo | None, datasets: DatasetStore
) -> tuple[Dataset | None, str]:
    """The training part of the data that a model learnt from, for an operation that looks into it,
    and a sentence where it is not quite that any more, else an empty one.

    None where the operation does not ask for it, and where it is not here and optional. Raises
    `StudioError`, which says what to do, where it is required (`DataMissing` where it is not
    here). Reads its table: not on the UI
    thread.
    """
    if operation.data == "none":
        return None, ""
    try:
        if model is None:
            sentence = _("“{title}” looks into the data that a model learnt from: choose a model.")
            raise StudioError(sentence.format(title=localized(operation.title)))
        own = own_data(model, datasets.list())
        if own is None:
            pack = words(part(model.card, "data"), "pack")
            raise DataMissing(_data_missing(operation, model), pack)
        dataset = datasets.open(own.name, "train")
    except StudioError:
        if operation.data == "required":
            raise
        return None, ""
    remark = ""
    if part(model.card, "data").get("fingerprint") not in (None, dataset.fingerprint):
        remark = _(
            "The dataset {name} has changed since the model {model} learnt from it: what is told "
            "is of the data as it is now."
        ).format(name=_title(dataset), model=model.title)
    return dataset, remark


def _data_missing(operation: Operation, model: ModelInfo) -> str:
    told = part(model.card, "data")
    sentence = _(
        "“{title}” looks into the data that the model {model} learnt from, and that is not in the "
        "Library: import it there, and ask again."
    )
    if words(told, "pack"):
        sentence = _(
            "“{title}” looks into the data that the model {model} learnt from, and that is not in "
            "the Library: fetch the sample pack “{data}” there, and ask again."
        )
    elif words(told, "name"):
        sentence = _(
            "“{title}” looks into the data that the model {model} learnt from, “{data}”, and that "
            "is not in the Library: import it there, and ask again."
        )
    data = pack_title(words(told, "pack")) or words(told, "name")
    return sentence.format(title=localized(operation.title), model=model.title, data=data)


def choices(
    model: ModelInfo, medium: str, datasets: Sequence[DatasetInfo]
) -> Sequence[DatasetInfo]:
    """The datasets that a model can be measured on: its own first, then the others by name."""
    own = own_data(model, datasets)
    fitting = [each for each in datasets if each.medium == medium and each.test]
    return sorted(fitting, key=lambda each: (each is not own, each.name.casefold()))


def find_unseen(
    model: ModelInfo, dataset: Dataset, datasets: DatasetStore, medium: str, most: int | None = None
) -> Unseen:
    """The held-out examples of `dataset` that the model was not trained on, `most` of them at most.

    Looks through the examples: not on the UI thread. Raises `StudioError` for data of another
    medium, and where there is nothing to measure on.
    """
    if dataset.medium != medium:
        raise StudioError(_wrong_medium(model, dataset, medium))
    if not len(dataset):
        sentence = _(
            "Nothing of the dataset {name} is held out, so there is nothing to measure on: hold "
            "out a part of it in the Library, or choose other data."
        )
        raise StudioError(sentence.format(name=_title(dataset)))
    seen = _seen_by(model, datasets)
    known = seen.prints_beside(dataset.fingerprint)
    try:
        kept = [n for n, each in enumerate(prints(dataset)) if each not in known]
    except OSError as error:
        sentence = _("The dataset {name} cannot be read: {reason}.")
        raise StudioError(
            sentence.format(name=_title(dataset), reason=error.strerror or error)
        ) from error
    if not kept or _may_be_seen(model, dataset, seen):
        raise StudioError(_none_left(model, dataset))
    chosen = _spread(kept, most)
    whole = len(chosen) == len(dataset)
    picked = dataset if whole else dataset.pick(chosen)
    return Unseen(picked, len(dataset) - len(kept), len(kept) - len(chosen))


def request_for(
    model: ModelInfo, unseen: Unseen, operation: Operation, **more: Any
) -> EvaluateRequest:
    """What the generator is asked; `more` are further fields of the request."""
    return EvaluateRequest(
        operation=operation.id, model=model.folder, dataset=unseen.dataset, **more
    )


def check_plugin(model: ModelInfo, about: Description | None) -> Operation:
    """The operation that measures models of this generator. Raises `StudioError`."""
    found = about.of_verb("evaluate") if about is not None else ()
    if not found:
        title = localized(about.title) if about is not None else model.generator
        raise StudioError(_("{title} has no measure of how good a model is.").format(title=title))
    return found[0]


def _seen_by(model: ModelInfo, datasets: DatasetStore) -> Seen:
    """What the model was trained on, as far as that is known here."""
    seen = read_seen(model.folder)
    missing = {each.get("fingerprint") for each in _told(model)} - {*seen.data, None}
    for info in datasets.list() if missing else ():
        if info.fingerprint in missing:
            try:
                seen |= seen_in(datasets.open(info.name, "train"))
            except (StudioError, OSError):
                continue  # it is no longer whole: what is not known is told below
    return seen


def _told(model: ModelInfo) -> Iterator[Mapping[str, Any]]:
    """What its card says of the data that it learnt from, and models before it."""
    told = part(model.card, "data")
    before = told.get("before")
    for data in (told, *(before if isinstance(before, list) else ())):
        if isinstance(data, Mapping):  # else the card is of another's making
            yield data


def _may_be_seen(model: ModelInfo, dataset: Dataset, seen: Seen) -> bool:
    """Whether it is data that the model learnt from, changed since, and nobody knows how."""
    return any(
        data.get("fingerprint") not in (None, dataset.fingerprint, *seen.data)
        for data in _told(model)
        if _is_same(data, dataset)
    )


def _is_same(told: Mapping[str, Any], dataset: Dataset) -> bool:
    pack = told.get("pack")
    return told.get("name") == dataset.name or bool(pack and pack == dataset.about.get("pack"))


def _none_left(model: ModelInfo, dataset: Dataset) -> str:
    changed = _may_be_seen(model, dataset, Seen())
    sentence = _(
        "All that is held out of the dataset {name} is what the model {model} was trained on, so "
        "it would not tell how good it is: choose other data."
    )
    if changed:
        sentence = _(
            "The dataset {name} has changed since the model {model} was trained on it, so what "
            "is held out now may be what it has seen. Train again, or take other data."
        )
    return sentence.format(name=_title(dataset), model=model.title)


def _pack(dataset: Dataset) -> str:
    return words(dataset.about, "pack")


def _title(dataset: Dataset) -> str:
    """What people call it."""
    return called(dataset.name, _pack(dataset))


def _wrong_medium(model: ModelInfo, dataset: Dataset, medium: str) -> str:
    sentence = _(
        "The dataset {name} holds {given}, and the model {model} makes {wanted}: choose other data."
    )
    return sentence.format(
        name=_title(dataset),
        model=model.title,
        given=media.many(dataset.medium),
        wanted=media.many(medium),
    )


def _spread(numbers: Sequence[int], most: int | None) -> Sequence[int]:
    """At most so many of the numbers, from all over: examples often lie by kind."""
    if most is None or len(numbers) <= most:
        return numbers
    return [numbers[place * len(numbers) // most] for place in range(most)]


def measured_on(card: Mapping[str, Any]) -> str:
    """On what the measures of a card were taken, in a sentence; empty where it does not say."""
    about = part(card, "evaluation")
    name, count = data_title(about), whole(about, "examples") or 0
    if not name or count < 1:
        return ""
    sentence = ngettext(
        "Measured on {count} example of “{name}” that it has not seen.",
        "Measured on {count} examples of “{name}” that it has not seen.",
        count,
    )
    trained_on, skipped = (max(whole(about, each) or 0, 0) for each in ("left_out", "skipped"))
    told = sentence.format(count=f"{count:,}", name=name)
    return in_a_row(filter(None, [told, _left_out(trained_on, count + trained_on + skipped)]))
