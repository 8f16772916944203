"""The example that translates: on pairs it has not seen, beside a dictionary and a copy.

The toy pairs that come with it are held out by who does what, with names that are nowhere else. It
is trained here for three minutes on one thread, by its own `train`, and measured by its own
`evaluate`; the model that comes along is measured as well.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from rows import row, tell
from surroundings import ROOT

EXAMPLE = ROOT / "docs" / "plugins" / "examples" / "translate"
BAR, EXACT = 90.0, 0.75
"""chrF, and the share that is right to the character, after three minutes on a busy core."""


def main() -> None:
    """Rows for each model; those of the dictionary and the copy once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0, help="to train for; 0: not at all")
    parser.add_argument("--without-copying", action="store_true", help="the same net without it")
    arguments = parser.parse_args()
    sys.path.insert(0, str(EXAMPLE))
    with tempfile.TemporaryDirectory() as folder:
        data = imported(Path(folder))
        measure(arguments, Path(folder), data)


def measure(arguments: argparse.Namespace, folder: Path, data: Path) -> None:
    """All rows."""
    shipped = evaluated(EXAMPLE / "aigc_translate" / "models" / "animals", data)
    tell_of("the model that comes along", shipped)
    peers = {"word-by-word lookup": "chrf_lookup", "copying": "chrf_copying"}
    for title, name in peers.items():
        tell(row(f"held-out pairs, {title}: chrF", [shipped[name]], "", peer=True))
    if arguments.minutes:
        tell_of(f"trained for {arguments.minutes:g} minutes", trained(arguments, folder, data))


def tell_of(title: str, measured: Mapping[str, float]) -> None:
    """The two rows of a model."""
    beside = f"looked up {measured['chrf_lookup']:.1f}, copied {measured['chrf_copying']:.1f}"
    what = f"held-out pairs, {title}"
    tell(row(f"{what}: chrF", [measured["chrf"]], "", bar=BAR, at_least=True, note=beside))
    exact = measured["exact_share"]
    tell(row(f"{what}: right to the character", [exact], "", bar=EXACT, at_least=True))


def plugin(name: str = "") -> Any:
    """A module of the example."""
    return import_module(f"aigc_translate.{name}".rstrip("."))


def imported(folder: Path) -> Path:
    """The pairs as a person imports them."""
    from aigc_studio.library import DatasetStore

    store = DatasetStore(folder / "datasets")
    for _step in store.import_files(EXAMPLE / "aigc_translate" / "pairs", "animals", "text"):
        pass
    return store.open("animals").path


def evaluated(model: Path, data: Path) -> dict[str, float]:
    """The plugin's own measures on the held-out part."""
    from aigc_studio.api import Dataset, EvaluateRequest, Metric

    request = EvaluateRequest(model=model, dataset=Dataset(data, "test"))
    events = plugin("work").explain(request)
    return {each.name: each.value for each in events if isinstance(each, Metric)}


def trained(arguments: argparse.Namespace, folder: Path, data: Path) -> dict[str, float]:
    """The same of a model that is trained now."""
    from aigc_studio.api import Checkpoint, Dataset, TrainRequest

    if arguments.without_copying:
        net = plugin("network").Translator
        net.forward = without_copying(net.forward)
    request = TrainRequest(
        operation="learn",
        dataset=Dataset(data),
        minutes=arguments.minutes,
        parameters=plugin().Learning(),
        folder=folder / "training",
        seed=1,
    )
    request.folder.mkdir()
    *_rest, last = (each for each in plugin("work").learn(request) if isinstance(each, Checkpoint))
    sys.stderr.write(f"{last.step} steps\n")
    return evaluated(last.path, data)


def without_copying(forward: Any) -> Any:
    """A net whose way to copy is shut."""

    def shut(self: Any, *words: Any) -> Any:
        self.copies.weight.data.zero_()
        self.copies.bias.data.fill_(-30.0)
        return forward(self, *words)

    return shut


if __name__ == "__main__":
    main()
