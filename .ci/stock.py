"""Take a model that a training made into the studio, whole, with more on its card.

    python .ci/stock.py GENERATOR MODEL_FOLDER NAME "COMMAND THAT MADE IT" [EVALUATION.json]

The model comes by the public route, `aigc-studio train GENERATOR`, and the evaluation by
`aigc-studio --json evaluate`. What its data says of licence and credit stands in its card already;
this says beside it which command made the model, and what was measured, with which caveats.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from aigc_studio.folders import resources_folder

_FILES = ("weights.safetensors", "learnt-from.json", "lines.json", "tunes.json")
_CAVEATS = "One run, one seed; the recipe was chosen by looking at the same held-out examples."
_BESIDE = {
    "rnn-melody": "All held-out tunes were read; the course of the training, and which step was "
    "kept, go by the first 400 of them. Tunes were composed as the parameters say at first.",
}
"""Caveats of one generator alone."""
_METHODS = {
    "rnn-melody": "A recurrent network over tones and rests (GRU, Cho et al. 2014) that looks back "
    "at the same place of earlier bars, with dropout that is the same all along a tune (Gal and "
    "Ghahramani 2016) and averaged weights; a second one, read from the end, for what follows "
    "bars that are made anew (Hadjeres and Nielsen 2018).",
    "rnn-text": "A recurrent network over characters (GRU, Cho et al. 2014) with dropout that is "
    "the same all along a text (Gal and Ghahramani 2016) and averaged weights; a second one, read "
    "from the end, for what follows a gap (Serdyuk et al. 2018).",
}


def said_by_hand(card: Path) -> dict[str, Any]:
    """What people call the model and its licence, where its card, if there is one, says it so."""
    told = json.loads(card.read_text("utf-8")) if card.is_file() else {}
    return {key: told[key] for key in ("title", "licence") if isinstance(told.get(key), dict)}


def _keep_words(card: dict[str, Any], former: Path) -> None:
    """What was said by hand, the language of its data too."""
    card |= said_by_hand(former)
    told = json.loads(former.read_text("utf-8")) if former.is_file() else {}
    card["data"] |= {key: each for key, each in told.get("data", {}).items() if key == "language"}


def stock(
    generator: str, source: Path, name: str, command: str, evaluation: Path | None = None
) -> Path:
    """Copy the model in `source` to the models that come with the studio; give its folder there."""
    folder = resources_folder() / "models" / generator / name
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.name in _FILES or path.stem.partition(".")[0] == "samples":
            shutil.copyfile(path, folder / path.name)
    card = json.loads((source / "card.json").read_text("utf-8"))
    card |= {"name": name, "command": command}
    _keep_words(card, folder / "card.json")
    card.pop("plugin", None)  # it comes with the studio itself
    card.get("versions", {}).pop(generator, None)
    if generator in _METHODS:
        card["method"] = _METHODS[generator]
    if evaluation is not None:
        told = json.loads(evaluation.read_text("utf-8"))
        card["metrics"] = {**card.get("metrics", {}), **told["metrics"]}
        card["evaluation"] = {
            "caveats": " ".join(filter(None, (_CAVEATS, _BESIDE.get(generator)))),
            "command": f"aigc-studio evaluate {name} --data {card['data']['pack']}",
        }
    text = json.dumps(card, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
    return folder


if __name__ == "__main__":
    told = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    stock(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4], told)
