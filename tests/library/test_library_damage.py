"""Whatever a disk or a person did to a file of the library: a value, or one sentence."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from damage import Specimen, changed, library_specimens, outcome, torch_specimens

COUNT = 40
"""Changes for each kind of file; `tests/soak/mutations.py` makes thousands."""


def undocumented(specimens: Iterator[Specimen], seed: int) -> list[str]:
    found = []
    for specimen in specimens:
        assert outcome(specimen, specimen.data) == "value", specimen.name
        chance = random.Random(f"{specimen.name} {seed}")
        for number in range(COUNT):
            came = outcome(specimen, changed(specimen.data, chance, specimen.text))
            if came not in ("value", "StudioError"):
                found.append(f"{specimen.name}, change {number}:\n{came}")
    return found


@pytest.mark.timeout(300)  # thousands of files
@pytest.mark.parametrize("specimens", [library_specimens, torch_specimens])
def test_changed_files_are_read_or_refused_with_a_sentence(
    tmp_path: Path, specimens: Callable[[Path], Iterator[Specimen]]
) -> None:
    assert undocumented(specimens(tmp_path), 1) == []
