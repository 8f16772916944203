"""What a training will take, as far as that can be said before it: memory and time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aigc_studio.library.cards import count
from aigc_studio.library.measures import card_measures
from aigc_studio.translation import _, in_a_row
from aigc_studio.ui.library.formats import size_text, time_text

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, ModelInfo

_torch = 350_000_000
"""Bytes that a worker has with torch in it before it learns anything (measured: 300 MB)."""
_bytes_a_number = 16
"""A weight, its gradient, and the two averages that Adam keeps, in float32."""
_usual_numbers = 2_000_000
_FEW, _FEW_MORE = 50, 20
"""Fewer examples than this are learnt by heart: anew, and by a model that knows their kinds."""


def memory_needed(dataset: DatasetInfo, model: ModelInfo | None) -> int:
    """Bytes that a training is likely to need: torch, data twice, model and optimiser."""
    count = model.card.get("parameter_count") if model is not None else None
    numbers = count if isinstance(count, int) else _usual_numbers
    return _torch + 2 * dataset.size + numbers * _bytes_a_number


def memory_free() -> int:
    """Bytes that programs can still have; 0 when the system does not say."""
    import psutil

    try:
        return int(psutil.virtual_memory().available)
    except (OSError, ValueError):
        return 0


def estimate_text(
    dataset: DatasetInfo, model: ModelInfo | None, minutes: float | None
) -> tuple[str, bool]:
    """One line about time and memory, and whether it is a warning."""
    needed, free = memory_needed(dataset, model), memory_free()
    if minutes is not None:
        when = _("Takes {time} at most.").format(time=time_text(minutes * 60))
    else:
        when = _("How long the steps take shows in the first seconds.")
    memory = _("Needs about {needed} of memory; {free} is free.").format(
        needed=size_text(needed), free=size_text(free)
    )
    if not free:
        memory = _("Needs about {needed} of memory.").format(needed=size_text(needed))
    short = bool(free) and needed > free
    if short:
        memory = in_a_row([memory, _("Close other programs first.")])
    return in_a_row([when, memory]), short


def buys_text(
    minutes: float | None,
    steps: int | None,
    per_minute: float,
    included: ModelInfo | None,
) -> str:
    """What so much time buys, by what was measured: `per_minute` steps in the last training of this
    generator on this computer (0: none yet), and how long the `included` model learnt."""
    parts = []
    if minutes is not None and minutes * per_minute >= 1:  # less says that it had no processor
        parts.append(
            _("{time} are about {n} steps at the pace of the last training here.").format(
                time=time_text(minutes * 60), n=_round(minutes * per_minute)
            )
        )
    elif steps is not None and per_minute > 0:
        parts.append(
            _("{n} steps take about {time} at the pace of the last training here.").format(
                n=f"{steps:,}", time=time_text(steps / per_minute * 60)
            )
        )
    else:
        parts.append(_("How many steps a minute this computer makes shows in the first seconds."))
    learnt = count(included.card, "step") if included is not None else None
    if included is not None and learnt:
        told = [f"{learnt:,}", *card_measures(included.card)[:1]]
        sentence = _("The included model learnt for {n} steps.")
        if len(told) > 1:
            sentence = _("The included model learnt for {n} steps: {quality}.")
        parts.append(sentence.format(n=told[0], quality=told[-1]))
    return in_a_row(parts)


def _round(number: float) -> str:
    """Two digits that count: more was not measured."""
    return f"{float(f'{number:.2g}'):,.0f}"


def remarks(dataset: DatasetInfo, model: ModelInfo | None, classes: bool) -> list[str]:
    """What a person should know before training on this dataset, from this model."""
    found = []
    if dataset.train < (_FEW_MORE if _knows(model, dataset) else _FEW):
        found.append(
            _("With {count} examples a model learns them by heart. Add more.").format(
                count=dataset.train
            )
        )
    if dataset.test == 0:
        found.append(_("Nothing is held out, so it cannot be measured how good the model is."))
    if classes and not dataset.labels:
        found.append(_("The data has no labels: the model cannot be asked for one kind."))
    if len(dataset.shapes) > 1:
        found.append(_("The pictures differ in size or colours: they will be made alike."))
    frame = (model.card.get("frame") or {}) if model is not None else {}
    shapes = [shape for shape in dataset.shapes if not _is_made_smaller(shape, frame)]
    if frame and shapes and _shape(frame) not in shapes:
        found.append(
            _("The model to start from makes pictures of {frame}; the data has {data}.").format(
                frame=_shape(frame), data=shapes[0]
            )
        )
    return found


def _knows(model: ModelInfo | None, dataset: DatasetInfo) -> bool:
    """Whether the model knows the kinds: it learns how they look here, and not what they are."""
    from aigc_studio.ui.drawing.known_kinds import start_for

    is_image = dataset.medium == "image"  # of others it was not measured
    return model is not None and is_image and bool(start_for(dataset.labels, [model]))


def _is_made_smaller(shape: str, frame: Mapping[str, object]) -> bool:
    """Whether pictures of this shape are larger ones of the same kind and proportions."""
    try:
        sides = [int(side) for side in shape.split("×")]
        own = [int(side) for side in _shape(frame).split("×")]
    except ValueError:
        return False
    alike = sides[2:] == own[2:] and sides[0] * own[1] == sides[1] * own[0]
    return alike and sides[0] > own[0]


def _shape(frame: Mapping[str, object]) -> str:
    sides = f"{frame.get('height')}×{frame.get('width')}"
    channels = {"RGB": "×3", "RGBA": "×4"}
    return sides + channels.get(str(frame.get("mode")), "")
