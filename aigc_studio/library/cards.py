"""The card of a model: what it is, from what data, how good, under what licence, made how."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping
from typing import Any

import aigc_studio
from aigc_studio.api import Checkpoint

FORMAT = 1


def training_card(document: Mapping[str, Any], checkpoint: Checkpoint) -> dict[str, Any]:
    """The card of a model that a training made; what the plugin said of it stands in it as it is.

    `data` names dataset, fingerprint, licence and credit; `licence` is that of the data, which the
    model stands on; `command` makes the model again. No clock and no path: equal trainings give
    equal cards.
    """
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
    return {"parameters": dict(document["parameters"])} | told | own


def _plugin_of(document: Mapping[str, Any]) -> dict[str, str]:
    """What to install for the plugin that made it, and of which version it was."""
    version = str(document.get("versions", {}).get(document["generator"], ""))
    told = {"distribution": str(document.get("distribution", "")), "version": version}
    return {key: value for key, value in told.items() if value}


def _data_of(base: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The data that the model to start from was made of, and those before it."""
    data = dict(base.get("card", {}).get("data") or {}) if base else {}
    if not data:
        return []
    before = data.pop("before", [])
    return [data, *before]


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
