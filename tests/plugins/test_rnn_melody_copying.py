"""What tunes share with those that were learnt: exact, from digests, whatever lies in the file."""

import base64
import json
import zlib
from pathlib import Path

import pytest
from rnn_melody.copying import (
    DIFFERENT,
    FILE,
    MOST_SHARED,
    SHORTEST,
    Run,
    read_known,
    steps_of,
    write_known,
)
from rnn_melody_tunes import random_steps, random_tune, tune_of

from aigc_studio.api import Melody, Note
from aigc_studio.toolkit.sequences import copies


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a model of 30 tunes knows."""
    write_known(tmp_path, [(f"Tune {n}", random_tune(n)) for n in range(30)])
    return tmp_path


def test_a_run_is_found_in_another_key_and_rhythm_and_says_its_tune(folder: Path) -> None:
    part = random_steps(7)[11 : 11 + 20]
    before, after = random_steps(101, 9), random_steps(102, 9)
    assert before[-1] != random_steps(7)[10]
    assert after[0] != random_steps(7)[31]
    mixed = tune_of([*before, *part, *after], 62, (360, 120, 480))
    found = read_known(folder).longest_run(mixed)
    assert found == Run(20, "Tune 7", 9)
    assert found.is_copy


def test_what_is_found_is_what_a_search_through_the_tunes_finds(folder: Path) -> None:
    known, learnt = read_known(folder), [steps_of(random_tune(n)) for n in range(30)]
    for seed in range(12):
        line = random_steps(200 + seed, 12)
        for take in range(3):
            start = (seed * 7 + take * 5) % 20
            line += [*learnt[(seed + take * 9) % 30][start : start + 9 + seed], 6]
        exact = [len(each) for each in copies(line, learnt, SHORTEST)]
        assert known.longest_run(tune_of(line)).intervals == max(exact, default=0)


def test_a_tune_that_was_learnt_is_found_whole_and_may_be_left_out(folder: Path) -> None:
    known, tune = read_known(folder), random_tune(3)
    assert known.longest_run(tune) == Run(47, "Tune 3", 0)
    assert known.longest_run(tune, besides="Tune 3") == Run()


def test_what_all_tunes_share_is_no_copy(tmp_path: Path) -> None:
    figure = [0] * 20 + [2, -2] * 10
    write_known(tmp_path, [("Drone", tune_of([*random_steps(1, 8), *figure]))])
    other = tune_of([*random_steps(2, 8), *figure])
    assert len(set(figure)) < DIFFERENT
    assert read_known(tmp_path).longest_run(other) == Run()
    assert not Run(MOST_SHARED).is_copy


def test_tunes_do_not_go_on_in_one_another(tmp_path: Path) -> None:
    first, second = random_steps(1, 12), random_steps(2, 12)
    write_known(tmp_path, [("One", tune_of(first)), ("Two", tune_of(second))])
    both = read_known(tmp_path).longest_run(tune_of([*first, *second]))
    assert both == Run(12, "One", 0)


def test_the_file_does_not_hold_the_tunes(folder: Path) -> None:
    told = json.loads((folder / FILE).read_text("utf-8"))
    digests = zlib.decompress(base64.b64decode(told["digests"]))
    steps = bytes(step % 256 for step in steps_of(random_tune(0)))
    assert not any(steps[at : at + 4] in digests for at in range(40))
    assert len(digests) == 30 * 42


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"titles": ["a"], "lengths": [4], "digests": "####"}',
        json.dumps({"titles": [], "lengths": [], "digests": "eJw="}).encode(),
        json.dumps(
            {
                "titles": ["a"],
                "lengths": [3],
                "digests": base64.b64encode(zlib.compress(b"12")).decode(),
            }
        ).encode(),
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_as_if_nothing_were_known(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    known = read_known(tmp_path)
    assert not known
    assert known.longest_run(random_tune(1)) == Run()


def test_without_a_file_or_without_notes_nothing_is_shared(folder: Path, tmp_path: Path) -> None:
    known = read_known(folder)
    for odd in (Melody(), Melody((Note(0, 480, 60),)), tune_of([1, 2, 3])):
        assert known.longest_run(odd) == Run()
    assert not read_known(None)
    (tmp_path / "empty").mkdir()
    write_known(tmp_path / "empty", [("None", Melody()), ("Short", tune_of([1]))])
    assert read_known(tmp_path / "empty").longest_run(random_tune(1)) == Run()


def test_what_a_model_learnt_is_read_once_and_anew_when_its_file_changes(folder: Path) -> None:
    known = read_known(folder)
    assert read_known(folder) is known
    write_known(folder, [("Another", random_tune(99))])
    assert read_known(folder).titles == ["Another"]
    (folder / FILE).unlink()
    assert not read_known(folder)
