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
from aigc_studio.api.controls import fit_controls
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.parameter_schema import fit_parameters
from aigc_studio.api.starter_schema import fit_starters
from aigc_studio.translation import _

VERBS = ("train", "generate", "edit", "evaluate")
MEDIA = ("image", "text", "melody")
NEEDS = ("none", "optional", "required")
USES = ("network", "files", "programs")
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
    operations = fitting.listed(
        known.get("operations", []), _OWNER, "operations", limits.OPERATIONS
    )
    found = {
        "id": identifier(known.get("id"), _OWNER),
        "title": fitting.words(known.get("title"), _OWNER, "title", remarks, needed=True),
        "medium": fitting.one_of(known.get("medium"), MEDIA, _OWNER, "medium"),
        "version": _version(known.get("version", "0")),
        "api_version": fitting.whole(known.get("api_version", 1), _OWNER, "api_version", 1, 1000),
        "summary": _long_words(known.get("summary", ""), _OWNER, "summary", remarks),
        "operations": [_operation(each, remarks) for each in operations],
        "controls": fit_controls(known.get("controls", {}), remarks),
        "sample_packs": _names(known.get("sample_packs", []), _OWNER, "sample_packs", MOST_PACKS),
        "metrics": _metrics(known.get("metrics", {}), remarks),
        "verbs": _verbs(known.get("verbs", [])),
    }
    author = known.get("author", "")
    found["author"] = fitting.words(author, _OWNER, "author", remarks, most=limits.SENTENCE)
    found["uses"] = _uses(known.get("uses", {}), remarks)
    for field in ("models", "licence", "homepage"):
        found[field] = fitting.text(known.get(field, ""), _OWNER, field, most=limits.SENTENCE)
    ids = [each["id"] for each in found["operations"]]
    if len(set(ids)) < len(ids):
        raise Misfit(_("two of its operations have one id"))
    offered = fitting.listed(known.get("starters", []), _OWNER, "starters", limits.STARTERS)
    startable = _startable(found["operations"], found["verbs"])
    found["starters"] = fit_starters(offered, found["medium"], startable, remarks, identifier)
    fitting.count(
        len(json.dumps(found | {"controls": found["controls"].to_json()})),
        limits.DESCRIPTION_BYTES,
        _OWNER,
        _("bytes"),
    )
    return found


def _startable(operations: list[dict[str, Any]], verbs: list[str]) -> list[str]:
    """The ids of operations that make something: those listed, or the plain one of a verb."""
    ids: list[str] = []
    for verb in ("generate", "edit"):
        listed = [each["id"] for each in operations if each["verb"] == verb]
        ids += listed or ([verb] if verb in verbs else [])
    return ids


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
        "verb": fitting.one_of(known.get("verb"), VERBS, owner, "verb"),
        "title": words(known.get("title"), owner, "title", remarks, needed=True),
        "help": _long_words(known.get("help", ""), owner, "help", remarks),
        "parameters": fit_parameters(known.get("parameters"), owner, remarks),
        "artifacts": fitting.whole(known.get("artifacts", 0), owner, "artifacts", 0, MOST_INPUTS),
        "selection": fitting.one_of(known.get("selection", "none"), NEEDS, owner, "selection"),
        "prompt": fitting.one_of(known.get("prompt", "none"), NEEDS, owner, "prompt"),
        "model": fitting.one_of(known.get("model", "required"), NEEDS, owner, "model"),
        "prompt_help": _long_words(known.get("prompt_help", ""), owner, "prompt_help", remarks),
        "prompt_example": fitting.typed(
            known.get("prompt_example", ""), owner, "prompt_example", remarks, _PARAGRAPHS
        ),
        "controls": fitting.truth(known.get("controls", False), owner, "controls"),
        "live": fitting.truth(known.get("live", True), owner, "live"),
        "fine": fitting.truth(known.get("fine", False), owner, "fine"),
        "pick": fitting.truth(known.get("pick", False), owner, "pick"),
        "caret": fitting.truth(known.get("caret", False), owner, "caret"),
        "data": fitting.one_of(known.get("data", "none"), NEEDS, owner, "data"),
        "asks": _asks(known, owner),
    }  # fmt: skip


def _asks(known: Mapping[Any, Any], owner: str) -> list[str]:
    """What an operation asks for: its prompt, its controls and parameters that it has."""
    parameters = fit_parameters(known.get("parameters"), owner).get("properties", {})
    offered = [*parameters]
    if known.get("prompt", "none") != "none":
        offered.append("prompt")
    if known.get("controls", False):
        offered.append("controls")
    asked = _names(known.get("asks", []), owner, "asks", limits.PARAMETERS)
    return [fitting.one_of(name, offered, owner, "asks") for name in asked]


def _long_words(value: Any, owner: str, field: str, remarks: list[str] | None) -> Any:
    most, lines = limits.SENTENCE, _PARAGRAPHS
    return fitting.words(value, owner, field, remarks, most=most, lines=lines)


def _metrics(value: Any, remarks: list[str] | None) -> dict[str, Any]:
    known = _mapping(value, _OWNER, "metrics")
    fitting.count(len(known), limits.METRICS, _OWNER, "metrics")
    return {
        fitting.name(name, _OWNER, "metrics"): _measure(each, remarks)
        for name, each in itertools.islice(known.items(), limits.METRICS)
    }


def _uses(value: Any, remarks: list[str] | None) -> dict[str, Any]:
    """What it reaches for outside its own folder, each with the reason."""
    known = _mapping(value, _OWNER, "uses")
    fitting.count(len(known), len(USES), _OWNER, "uses")
    return {
        fitting.one_of(name, USES, _OWNER, "uses"): _long_words(why, _OWNER, "uses", remarks)
        for name, why in known.items()
    }


def _measure(value: Any, remarks: list[str] | None) -> dict[str, Any]:
    known, owner = _mapping(value, _OWNER, "metrics"), "Measure"
    return {
        "title": fitting.words(known.get("title"), owner, "title", remarks, needed=True),
        "unit": fitting.text(known.get("unit", ""), owner, "unit", most=_UNIT),
        "better": fitting.one_of(known.get("better", ""), DIRECTIONS, owner, "better"),
    }


def _version(value: Any) -> str:
    """A number is taken for the text that was meant by it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return fitting.plain_words(format(value, "g") if isinstance(value, float) else str(value))
    return fitting.text(value, _OWNER, "version")


def _verbs(value: Any) -> list[str]:
    verbs = fitting.listed(value, _OWNER, "verbs", len(VERBS))
    return [fitting.one_of(verb, VERBS, _OWNER, "verbs") for verb in verbs]


def _names(value: Any, owner: str, field: str, most: int) -> list[str]:
    return [fitting.text(each, owner, field) for each in fitting.listed(value, owner, field, most)]


def _mapping(value: Any, owner: str, field: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise fitting.wrong_type(owner, field, value)
    return value
