"""Take a model of faces that a training made into the studio, whole, with more on its card.

    python .ci/stock_faces.py MODEL_FOLDER NAME "COMMAND THAT MADE IT" [EVALUATION.json]

The model comes by the public route, `aigc-studio train vae-faces`, and the evaluation by
`aigc-studio --json evaluate`. What its data says of licence and credit stands in its card already;
this says beside it which command made the model, and what was measured, with which caveats.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from stock import said_by_hand
from vae_faces.model import open_model
from vae_faces.training.learning import sample_grid

from aigc_studio.folders import resources_folder
from aigc_studio.library import ModelStore
from aigc_studio.library.digests import manifest_digest

_CAVEATS = (
    "One run, one seed; the recipe was chosen by looking at the same held-out faces. The Fréchet "
    "distance is taken on a judge's features: it is no FID."
)
_TERMS = (
    "A hierarchical variational autoencoder (Kingma and Welling 2014; Child 2021) with a fitted "
    "second stage (Dai and Wipf 2019) and an edge term beside the mean error; a filler trained "
    "beside it. No adversarial and no perceptual term."
)


_COLUMNS, _COLOURS = 3, 32
"""Of the samples: both folders, whole, have five megabytes."""


def stock(source: Path, name: str, command: str, evaluation: Path | None = None) -> Path:
    """Copy the model in `source` to the models that come with the studio; give its folder there.

    What was there under this name is what it was `formerly`.
    """
    folder = resources_folder() / "models" / "vae-faces" / name
    was, said = _was(name), said_by_hand(folder / "card.json")
    if source.resolve() != folder.resolve():
        folder.mkdir(parents=True, exist_ok=True)
        for file in ("weights.safetensors", "learnt-from.json"):
            shutil.copyfile(source / file, folder / file)
    card = json.loads((source / "card.json").read_text("utf-8"))
    card |= {"name": name, "command": command, "method": _TERMS}
    card |= said
    if evaluation is not None:
        told = json.loads(evaluation.read_text("utf-8"))
        card["metrics"] = {**card.get("metrics", {}), **told["metrics"]}
        card["evaluation"] = {
            "caveats": _CAVEATS,
            "command": f"aigc-studio evaluate {name} --data {card['data']['pack']}",
        }
    former = [each for each in was if each != manifest_digest(folder, card)]
    card |= {"formerly": former} if former else {}
    (folder / "card.json").write_text(_lines(card), encoding="utf-8")
    _draw_samples(folder)
    return folder


def _was(name: str) -> list[str]:
    """The digests of the model that already exists, today's first."""
    found = [e for e in ModelStore().list("vae-faces") if e.name == name and e.shipped]
    return [digest for each in found for digest in (each.digest, *each.formerly)]


def _lines(card: dict[str, Any]) -> str:
    """A card with a line for each of its parts: a number a line would be twice as long."""
    parts = {key: json.dumps(card[key], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
             for key in sorted(card)}  # fmt: skip
    return "{\n" + ",\n".join(f"{json.dumps(key)}:{part}" for key, part in parts.items()) + "\n}\n"


def _draw_samples(folder: Path) -> None:
    """What the model draws, few and in few colours."""
    picture = sample_grid(open_model(folder).network, columns=_COLUMNS).to_pillow()
    if picture.mode != "L":
        picture = picture.quantize(_COLOURS, dither=Pillow.Dither.NONE)
    picture.save(folder / "samples.png", optimize=True)


if __name__ == "__main__":
    told = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    stock(Path(sys.argv[1]), sys.argv[2], sys.argv[3], told)
