"""The schema of what a plugin says of itself: a `Description` as JSON, made plain.

The worker asks it of what `describe()` gave, the window of what a worker said and of its cache.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from aigc_studio.api import fitting, limits
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.parameter_schema import fit_parameters
from aigc_studio.translation import _

VERBS = ("train", "generate", "edit", "evaluate")
MEDIA = ("image", "text", "melody")
NEEDS = ("none", "optional", "required")
DIRECTIONS = ("", "lower", "higher")
MOST_INPUTS = 16
MOST_PACKS = 64
_PARAGRAPHS = 20
_UNIT = 20
_OWNER = "Description"
_id_form = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def fit_description(document: Any, remarks: list[str] | None = None) -> dict[str, Any]:
    """What `Description.to_json` gave, with plain values within the limits.

    Words that cannot be shown are left out, with a phrase in `remarks`; the title of the generator
    and of each operation must be there. Raises `Misfit`: one phrase about the first other fault.
    """
    known = _mapping(document, _OWNER, "describe()")
    operations = _list(known.get("operations", []), _OWNER, "operations", limits.OPERATIONS)
    found = {
        "id": identifier(known.get("id"), _OWNER),
        "title": fitting.words(known.get("title"), _OWNER, "title", remarks, needed=True),
        "medium": _one_of(known.get("medium"), MEDIA, _OWNER, "medium"),
        "version": _version(known.get("version", "0")),
        "api_version": fitting.whole(known.get("api_version", 1), _OWNER, "api_version", 1, 1000),
        "summary": _long_words(known.get("summary", ""), _OWNER, "summary", remarks),
        "operations": [_operation(each, remarks) for each in operations],
        "controls": _controls(known.get("controls", {})),
        "sample_packs": _names(known.get("sample_packs", []), _OWNER, "sample_packs", MOST_PACKS),
        "metrics": _metrics(known.get("metrics", {}), remarks),
        "verbs": _verbs(known.get("verbs", [])),
    }
    for field in ("models", "licence", "homepage"):
        found[field] = fitting.text(known.get(field, ""), _OWNER, field, most=limits.SENTENCE)
    ids = [each["id"] for each in found["operations"]]
    if len(set(ids)) < len(ids):
        raise Misfit(_("two of its operations have one id"))
    fitting.count(len(json.dumps(found)), limits.DESCRIPTION_BYTES, _OWNER, _("bytes"))
    return found


def identifier(value: Any, owner: str) -> str:
    """An id: lower-case words joined with `-`. Raises `Misfit`."""
    if not isinstance(value, str):
        raise fitting.wrong_type(owner, "id", value)
    if len(value) > limits.TITLE or not _id_form.fullmatch(value):
        sentence = _("its id {id} is not of lower-case words joined with -")
        raise Misfit(sentence.format(id=fitting.plain_words(value, 60)))
    return str.__str__(value)


def _operation(value: Any, remarks: list[str] | None) -> dict[str, Any]:
    known = _mapping(value, _OWNER, "operation")
    id = identifier(known.get("id"), "Operation")
    owner = f"Operation {id}"
    words: Callable[..., Any] = fitting.words
    return {
        "id": id,
        "verb": _one_of(known.get("verb"), VERBS, owner, "verb"),
        "title": words(known.get("title"), owner, "title", remarks, needed=True),
        "help": _long_words(known.get("help", ""), owner, "help", remarks),
        "parameters": fit_parameters(known.get("parameters"), owner, remarks),
        "artifacts": fitting.whole(known.get("artifacts", 0), owner, "artifacts", 0, MOST_INPUTS),
        "selection": _one_of(known.get("selection", "none"), NEEDS, owner, "selection"),
        "prompt": _one_of(known.get("prompt", "none"), NEEDS, owner, "prompt"),
        "model": _one_of(known.get("model", "required"), NEEDS, owner, "model"),
        "prompt_help": _long_words(known.get("prompt_help", ""), owner, "prompt_help", remarks),
        "prompt_example": fitting.text(
            known.get("prompt_example", ""), owner, "prompt_example",
            most=limits.SENTENCE, lines=_PARAGRAPHS,
        ),
    }  # fmt: skip


def _long_words(value: Any, owner: str, field: str, remarks: list[str] | None) -> Any:
    most, lines = limits.SENTENCE, _PARAGRAPHS
    return fitting.words(value, owner, field, remarks, most=most, lines=lines)


def _controls(value: Any) -> dict[str, Any]:
    known = _mapping(value, _OWNER, "controls")
    return {
        "classes": _names(known.get("classes", []), "Controls", "classes", limits.CHOICES),
        "latent_axes": fitting.whole(
            known.get("latent_axes", 0), "Controls", "latent_axes", 0, 1_000_000
        ),
        "attributes": _names(known.get("attributes", []), "Controls", "attributes", limits.CHOICES),
    }


def _metrics(value: Any, remarks: list[str] | None) -> dict[str, Any]:
    known = _mapping(value, _OWNER, "metrics")
    fitting.count(len(known), limits.METRICS, _OWNER, "metrics")
    return {
        fitting.name(name, _OWNER, "metrics"): _measure(each, remarks)
        for name, each in itertools.islice(known.items(), limits.METRICS)
    }


def _measure(value: Any, remarks: list[str] | None) -> dict[str, Any]:
    known, owner = _mapping(value, _OWNER, "metrics"), "Measure"
    return {
        "title": fitting.words(known.get("title"), owner, "title", remarks, needed=True),
        "unit": fitting.text(known.get("unit", ""), owner, "unit", most=_UNIT),
        "better": _one_of(known.get("better", ""), DIRECTIONS, owner, "better"),
    }


def _version(value: Any) -> str:
    """A number is taken for the text that was meant by it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return fitting.plain_words(format(value, "g") if isinstance(value, float) else str(value))
    return fitting.text(value, _OWNER, "version")


def _verbs(value: Any) -> list[str]:
    verbs = _list(value, _OWNER, "verbs", len(VERBS))
    return [_one_of(verb, VERBS, _OWNER, "verbs") for verb in verbs]


def _names(value: Any, owner: str, field: str, most: int) -> list[str]:
    return [fitting.text(each, owner, field) for each in _list(value, owner, field, most)]


def _mapping(value: Any, owner: str, field: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise fitting.wrong_type(owner, field, value)
    return value


def _list(value: Any, owner: str, field: str, most: int) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise fitting.wrong_type(owner, field, value)
    fitting.count(len(value), most, owner, field)
    return list(itertools.islice(value, most))


def _one_of(value: Any, allowed: tuple[str, ...], owner: str, field: str) -> str:
    if not isinstance(value, str):
        raise fitting.wrong_type(owner, field, value)
    if value not in allowed:
        sentence = _("its {event} has a {field} of {value}, and it must be one of {choices}")
        shown = fitting.plain_words(value, 60)
        raise Misfit(
            sentence.format(event=owner, field=field, value=shown, choices=", ".join(allowed))
        )
    return str.__str__(value)
