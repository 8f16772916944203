"""The card of a model: what it is, from what data, how good, under what licence, made how."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import aigc_studio
from aigc_studio.api import Checkpoint, limits
from aigc_studio.files import canonical_json
from aigc_studio.translation import localized

FORMAT = 1
_BEFORE_BYTES = 20_000
"""Bytes of what a card says of data that models before it were made of; the newest counts."""


def training_card(document: Mapping[str, Any], checkpoint: Checkpoint) -> dict[str, Any]:
    """The card of a model that a training made; what the plugin said of it stands in it as it is.

    `data` names dataset, fingerprint, licence and credit; `licence` is that of the data, which the
    model stands on; `command` makes the model again. No clock and no path: equal trainings give
    equal cards.
    """
    import platform

    data, base = document["dataset"], document.get("model") or {}
    told = dict(checkpoint.card)
    own = {
        "format": FORMAT,
        "generator": document["generator"],
        "operation": document["operation"],
        "data": {
            **{key: value for key, value in data.items() if key != "path" and value != ""},
            "before": _data_of(base),
        },
        "metrics": dict(checkpoint.metrics),
        **_words(document, checkpoint.metrics),
        "licence": data.get("licence", ""),
        "credit": data.get("credit", ""),
        "command": training_command(document),
        "seed": document["seed"],
        "step": checkpoint.step,
        "base": {key: base[key] for key in ("name", "digest")} if base else {},
        "plugin": _plugin_of(document),
        "versions": {
            "aigc-studio": aigc_studio.__version__,
            "python": platform.python_version(),
            **({"torch": told["torch"]} if "torch" in told else {}),
            **document.get("versions", {}),
        },
    }
    # A plugin may know better what was in effect ("auto" became 32); what it leaves out stays.
    in_effect = {**document["parameters"], **part(told, "parameters")}
    return told | own | {"parameters": in_effect}


def _words(document: Mapping[str, Any], metrics: Mapping[str, float]) -> dict[str, Any]:
    """The plugin's words for those of its own, so that they are there where it is not."""
    told = [each for each in document.get("measures", ()) if each.get("name") in metrics]
    return {"measures": told} if told else {}


def _plugin_of(document: Mapping[str, Any]) -> dict[str, str]:
    """What to install for the plugin that made it, and of which version it was."""
    version = str(document.get("versions", {}).get(document["generator"], ""))
    told = {"distribution": str(document.get("distribution", "")), "version": version}
    return {key: value for key, value in told.items() if value}


def _data_of(base: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The data that the model to start from was made of, and those before it."""
    data = part(base.get("card") or {}, "data") if base else {}
    before = data.get("before")
    kept: list[dict[str, Any]] = []
    for each in [data, *(before if isinstance(before, list) else [])]:
        # The card may be of another's making: what is odd in it does not go on.
        told = {
            name: value
            for name, value in (each.items() if isinstance(each, Mapping) else ())
            if name != "before" and isinstance(value, str | int | float)
        }
        if told in kept:
            continue  # a model that was gone on with ten times learnt from it once
        if told and len(canonical_json([*kept, told]).encode()) <= _BEFORE_BYTES:
            kept.append(told)
    return kept


def data_before(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What models before it learnt from and it did not: each once, the latest first."""
    data = part(card, "data")
    told, found = data.get("before"), [{**data, "before": None}]
    for each in told if isinstance(told, list) else ():
        if isinstance(each, Mapping) and {**each, "before": None} not in found:
            found.append({**each, "before": None})
    return list(found[1:])


def part(card: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in a card, which may be of another's making: an empty one for anything else."""
    found = card.get(name)
    return found if isinstance(found, Mapping) else {}


def words(card: Mapping[str, Any], name: str) -> str:
    """A text in a card, in the language spoken where it is there in several, cut to what can be
    shown; empty for anything else."""
    return localized(card.get(name))[: limits.RIGHTS]


def count(card: Mapping[str, Any], name: str) -> int | None:
    """A whole number in a card; None for anything else."""
    found = card.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def duration(card: Mapping[str, Any], name: str) -> float | None:
    """A time in seconds in a card; None for anything else."""
    found = card.get(name)
    if not isinstance(found, int | float) or isinstance(found, bool):
        return None
    return float(found) if 0 <= found < 1e9 else None


def training_command(document: Mapping[str, Any]) -> str:
    """The command line that does the same training."""
    # A pack's id is known on every machine, the name of a dataset on one.
    data = document["dataset"].get("pack") or document["dataset"]["name"]
    words = ["aigc-studio", "train", document["generator"], "--data", data]
    for flag in ("minutes", "steps"):
        if document.get(flag) is not None:
            words += [
                f"--{flag}",
                f"{document[flag]:g}" if flag == "minutes" else str(document[flag]),
            ]
    words += ["--seed", str(document["seed"]), "--out", document["name"]]
    if document.get("model"):
        words += ["--from", document["model"]["name"]]
    for name, value in sorted(document["parameters"].items()):
        words += ["--set", f"{name}={_plain(value)}"]
    return shlex.join(words)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
