"""Give a model that was trained before what stands beside one: samples, and what data it knows.

    python .ci/stock_model.py MODEL_FOLDER DATASET_FOLDER

Trainings do this themselves; this was done once for the model that comes with the studio. Its
digest stays as it is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gan_digits.learning import sample_grid
from gan_digits.model import open_model

from aigc_studio import files
from aigc_studio.api import Dataset, samples
from aigc_studio.toolkit.shelf import likeness_of


def stock(folder: Path, dataset: Dataset) -> None:
    """Write the samples of the model in `folder`, and into its card what it knows of `dataset`.

    Raises `ValueError` for other data than the model learnt from.
    """
    card = json.loads((folder / "card.json").read_text("utf-8"))
    if card["data"]["fingerprint"] != dataset.fingerprint:
        raise ValueError(f"the model in {folder} learnt from other data than {dataset.name}")
    model = open_model(folder)
    samples.keep(sample_grid(model.generator, len(model.classes), model.look), folder)
    files.write_json(folder / "card.json", {**card, "likeness": likeness_of(dataset)})


if __name__ == "__main__":
    stock(Path(sys.argv[1]), Dataset(Path(sys.argv[2]), "train"))
