"""What can be said of a request before a plugin sees it: all errors at once, as sentences.

Needs no pydantic and no plugin, so that the window and the shell can ask before they send.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aigc_studio.api import documents, limits
from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.controls import Controls, read_controls
from aigc_studio.api.description import Description, Operation
from aigc_studio.api.melody import Melody
from aigc_studio.api.models import is_model
from aigc_studio.api.requests import (
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    Request,
    TrainRequest,
)
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.translation import _, enumerated, in_a_row, localized, ngettext

MAXIMUM_SEED = 2**63 - 1
"""The largest seed: what torch and 64-bit integers everywhere can hold."""


def check_request(description: Description, verb: str, request: Request) -> dict[str, str]:
    """`{field: sentence}` for all that is wrong; empty when the request may be sent.

    Fields: `operation`, `seed`, `count`, `prompt`, `model`, `artifacts`, `selections`, `latents`,
    `controls`, `dataset`, `steps`, `minutes`. Parameters are checked in the worker, by their own
    model.
    """
    operation = find_operation(description, verb, request.operation)
    if operation is None:
        return {"operation": _no_operation(description, verb, request.operation)}
    errors = {} if _whole(request.seed, 0, MAXIMUM_SEED) else {"seed": _bad_seed(request.seed)}
    if request.model is not None and not is_model(request.model):
        sentence = _("There is no model in {path}. Choose another model.")
        errors["model"] = sentence.format(path=request.model)
    elif request.model is None and needs_model(description, operation):
        errors["model"] = _no_model(description, operation)
    if isinstance(request, GenerateRequest | EditRequest):
        errors |= _check_wish(operation, request)
        errors |= _check_controls(description, operation, request)
    if isinstance(request, EditRequest):
        errors |= _check_inputs(description, operation, request)
    if isinstance(request, TrainRequest):
        errors |= _check_training(description, request)
    if isinstance(request, EvaluateRequest):
        errors |= _check_evaluation(description, operation, request)
    return errors


def find_operation(description: Description, verb: str, key: str) -> Operation | None:
    """The operation of a verb by id; the first one when `key` is empty or the verb itself."""
    operations = description.of_verb(verb)
    for operation in operations:
        if operation.id == key:
            return operation
    return operations[0] if operations and key in ("", verb) else None


def needs_model(description: Description, operation: Operation) -> bool:
    """Whether an operation cannot do without a model: never a training, nor a generator that
    neither learns nor brings models."""
    has_models = "train" in description.verbs or bool(description.models)
    return operation.verb != "train" and operation.model == "required" and has_models


def _no_model(description: Description, operation: Operation) -> str:
    sentence = _("“{title}” needs a model, and there is none: import an .aigcmodel file.")
    if "train" in description.verbs:
        sentence = _(
            "“{title}” needs a model, and there is none: train one with {generator} (on your own "
            "data, or on a sample pack that you fetch), or import an .aigcmodel file."
        )
    return sentence.format(title=localized(operation.title), generator=localized(description.title))


def _no_operation(description: Description, verb: str, key: str) -> str:
    title = localized(description.title)
    known = enumerated(operation.id for operation in description.of_verb(verb))
    if not known:
        verbs = enumerated(description.verbs)
        return _("{title} cannot {verb}. It can: {verbs}.").format(
            title=title, verb=verb, verbs=verbs
        )
    return _("{title} has no operation {name}. There are: {names}.").format(
        title=title, name=key, names=known
    )


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _bad_seed(value: Any) -> str:
    return _("The seed must be a whole number from 0 to {maximum}, not {value}.").format(
        maximum=MAXIMUM_SEED, value=value
    )


def _check_wish(operation: Operation, request: GenerateRequest | EditRequest) -> dict[str, str]:
    errors = {}
    if not _whole(request.count, 1, MAXIMUM_SEED):
        sentence = _("The count must be a whole number of at least 1, not {value}.")
        errors["count"] = sentence.format(value=request.count)
    elif _whole(request.seed, 0, MAXIMUM_SEED) and request.seed + request.count - 1 > MAXIMUM_SEED:
        sentence = _("Seeds end at {maximum}: begin with a smaller one, or make fewer.")
        errors["seed"] = sentence.format(maximum=MAXIMUM_SEED)
    title = localized(operation.title)
    if operation.prompt == "required" and not request.prompt.strip():
        sentence = _("“{title}” needs a prompt. {help}")
        help_ = localized(operation.prompt_help)
        errors["prompt"] = sentence.format(title=title, help=help_).strip()
    if len(request.prompt) > limits.PROMPT:
        sentence = _("The prompt has {count} characters: use at most {limit}.")
        count, limit = f"{len(request.prompt):,}", f"{limits.PROMPT:,}"
        errors["prompt"] = sentence.format(count=count, limit=limit)
    if operation.prompt == "none" and request.prompt:
        errors["prompt"] = _("“{title}” takes no prompt. Leave it empty.").format(title=title)
    return errors


def _check_controls(
    description: Description, operation: Operation, request: GenerateRequest | EditRequest
) -> dict[str, str]:
    if not request.controls:
        return {}
    if not operation.controls:
        sentence = _("“{title}” of {generator} is not steered by controls. Leave them out.")
        title, generator = localized(operation.title), localized(description.title)
        return {"controls": sentence.format(title=title, generator=generator)}
    problems = controls_of(description, request.model).problems(request.controls)
    if not problems:
        return {}
    sentence = _("{generator} cannot be steered like that. {problems}")
    generator = localized(description.title)
    told = sentence.format(generator=generator, problems=in_a_row(problems.values()))
    return {"controls": told}


def controls_of(description: Description, model: Path | None) -> Controls:
    """What can be steered with the model in this folder, as its card says; without a model what the
    generator says of itself. A card that cannot be read has no controls.
    """
    if model is None:
        return description.controls
    try:
        card = documents.read(model / "card.json", limits.CARD_BYTES)
    except (OSError, documents.Damaged):
        return Controls()
    return read_controls(card) if isinstance(card, dict) else Controls()


def _check_inputs(
    description: Description, operation: Operation, request: EditRequest
) -> dict[str, str]:
    title = localized(operation.title)
    wanted, given = operation.artifacts, len(request.artifacts)
    if given != wanted:
        sentence = ngettext(
            "“{title}” works on {wanted} item, and {given} were given.",
            "“{title}” works on {wanted} items, and {given} were given.",
            wanted,
        )
        return {"artifacts": sentence.format(title=title, wanted=wanted, given=given)}
    for artifact in request.artifacts:
        if artifact.medium != description.medium:
            return {"artifacts": _wrong_medium(description, artifact)}
    for name in ("selections", "latents"):
        if len(getattr(request, name)) not in (0, given):
            sentence = _("There must be as many {name} as items ({count}).")
            return {name: sentence.format(name=name, count=given)}
    return _check_selections(operation, request)


def _wrong_medium(description: Description, artifact: Artifact) -> str:
    from aigc_studio.api import media

    sentence = _("{title} works on {expected}, not on {given}.")
    return sentence.format(
        title=localized(description.title),
        expected=media.many(str(description.medium)),
        given=media.many(artifact.medium),
    )


def _check_selections(operation: Operation, request: EditRequest) -> dict[str, str]:
    title = localized(operation.title)
    chosen = [selection for selection in request.selections if selection is not None]
    if operation.selection == "required" and not chosen:
        sentence = _("“{title}” needs a selection: mark the part to work on.")
        return {"selections": sentence.format(title=title)}
    if operation.selection == "none" and chosen:
        sentence = _("“{title}” works on the whole item. Clear the selection.")
        return {"selections": sentence.format(title=title)}
    for artifact, selection in zip(request.artifacts, request.selections, strict=False):
        problem = selection and selection_problem(artifact, selection)
        if problem:
            return {"selections": problem}
    return {}


def selection_problem(artifact: Artifact, selection: Selection) -> str:
    """A sentence when the selection does not fit the artifact, else an empty string."""
    if isinstance(artifact, Image) and isinstance(selection, Mask):
        return _mask_problem(artifact, selection)
    if isinstance(artifact, Text) and isinstance(selection, Span):
        if selection.stop <= len(artifact):
            return ""
        sentence = _(
            "The span {start}:{stop} does not lie in the text, which has {length} characters."
        )
        return sentence.format(start=selection.start, stop=selection.stop, length=len(artifact))
    if isinstance(artifact, Melody) and isinstance(selection, Bars):
        if selection.last <= artifact.bar_count:
            return ""
        sentence = _("The bars {first}:{last} do not lie in the melody, which has {count} bars.")
        count = artifact.bar_count
        return sentence.format(first=selection.first, last=selection.last, count=count)
    parts = {"image": _("a mask"), "text": _("a span"), "melody": _("bars")}
    sentence = _("The selection must be {expected} for an item of this kind.")
    return sentence.format(expected=parts[artifact.medium])


def _mask_problem(picture: Image, mask: Mask) -> str:
    height, width = mask.pixels.shape
    if (height, width) != (picture.height, picture.width):
        sentence = _(
            "The mask is {mask_width}×{mask_height} pixels and the picture {width}×{height}: "
            "they must have the same size."
        )
        return sentence.format(
            mask_width=width, mask_height=height, width=picture.width, height=picture.height
        )
    if not mask.pixels.any():
        return _("The mask is empty: paint over the part to work on.")
    return ""


def _check_training(description: Description, request: TrainRequest) -> dict[str, str]:
    errors = {}
    if request.steps is not None and not _whole(request.steps, 1, 10**12):
        sentence = _("The steps must be a whole number of at least 1, not {value}.")
        errors["steps"] = sentence.format(value=request.steps)
    minutes = request.minutes
    if minutes is not None and not (isinstance(minutes, int | float) and 0 < minutes < 1e6):
        sentence = _("The minutes must be a number above 0, not {value}.")
        errors["minutes"] = sentence.format(value=minutes)
    if (minutes is None) == (request.steps is None):
        errors.setdefault("minutes", _("Say how long to train: minutes or steps, one of the two."))
    return errors | _check_dataset(description, request.dataset)


def _check_dataset(description: Description, dataset: Any) -> dict[str, str]:
    if dataset.medium != description.medium:
        sentence = _("The dataset {name} does not hold what {title} learns from ({medium}).")
        from aigc_studio.api import media

        return {
            "dataset": sentence.format(
                name=dataset.name,
                title=localized(description.title),
                medium=media.many(str(description.medium)),
            )
        }
    if len(dataset) == 0:
        sentence = _("The dataset {name} has no examples in the part asked for. Import more files.")
        return {"dataset": sentence.format(name=dataset.name)}
    return {}


def _check_evaluation(
    description: Description, operation: Operation, request: EvaluateRequest
) -> dict[str, str]:
    if request.artifact is None and request.dataset is None:
        return {"dataset": _("Say what to evaluate: a dataset or an item.")}
    errors = {}
    if request.artifact is not None:
        errors = _check_explained(description, operation, request, request.artifact)
    if request.dataset is not None and not errors:
        errors = _check_dataset(description, request.dataset)
    return errors


def _check_explained(
    description: Description, operation: Operation, request: EvaluateRequest, artifact: Artifact
) -> dict[str, str]:
    if artifact.medium != description.medium:
        return {"artifacts": _wrong_medium(description, artifact)}
    title, generator = localized(operation.title), localized(description.title)
    if operation.artifacts == 0:
        sentence = _("“{title}” of {generator} explains no item: it measures on a dataset.")
        return {"artifacts": sentence.format(title=title, generator=generator)}
    if operation.data == "required" and request.dataset is None:
        sentence = _("“{title}” looks into the data that a model learnt from, and none was given.")
        return {"dataset": sentence.format(title=title)}
    return {}
