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

from aigc_studio.folders import resources_folder

_CAVEATS = (
    "One run, one seed; the recipe was chosen by looking at the same held-out faces. The Fréchet "
    "distance is taken on a judge's features: it is no FID."
)
_TERMS = (
    "A hierarchical variational autoencoder (Kingma and Welling 2014; Child 2021) with a fitted "
    "second stage (Dai and Wipf 2019) and an edge term beside the mean error; a filler trained "
    "beside it. No adversarial and no perceptual term."
)


def stock(source: Path, name: str, command: str, evaluation: Path | None = None) -> Path:
    """Copy the model in `source` to the models that come with the studio; give its folder there."""
    folder = resources_folder() / "models" / "vae-faces" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("weights.safetensors", "samples.png", "learnt-from.json"):
        shutil.copyfile(source / file, folder / file)
    card = json.loads((source / "card.json").read_text("utf-8"))
    card |= {"name": name, "command": command, "method": _TERMS}
    if evaluation is not None:
        told = json.loads(evaluation.read_text("utf-8"))
        card["metrics"] = {**card.get("metrics", {}), **told["metrics"]}
        card["evaluation"] = {
            "caveats": _CAVEATS,
            "command": f"aigc-studio evaluate {name} --data {card['data']['pack']}",
        }
    text = json.dumps(card, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
    return folder


if __name__ == "__main__":
    told = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    stock(Path(sys.argv[1]), sys.argv[2], sys.argv[3], told)
