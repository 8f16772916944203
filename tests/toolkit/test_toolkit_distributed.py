import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from nursery import program
from toolkit_examples import Line, line_loop, train_request

from aigc_studio.toolkit import load_weights

SCRIPT = Path(__file__).with_name("group_training.py")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not torch.distributed.is_available(), reason="torch without distributed"),
    pytest.mark.skipif(sys.platform != "linux", reason="the loopback has another name"),
]


def train_together(folder: Path, steps: int, close_after: int = 0) -> list[dict[str, Any]]:
    folder.mkdir()
    with (
        program(SCRIPT, folder, 0, steps, close_after) as first,
        program(SCRIPT, folder, 1, steps, close_after) as second,
    ):
        try:
            assert [process.wait(timeout=70) for process in (first, second)] == [0, 0]
        finally:
            first.kill()
            second.kill()
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in range(2)]


def test_two_processes_learn_what_one_learns_and_only_the_first_tells_and_writes(
    tmp_path: Path,
) -> None:
    first, second = train_together(tmp_path / "together", 40)
    assert first["weights"] == second["weights"]
    assert first["told"] > 40
    assert second["told"] == 0
    written = {path.name for path in (tmp_path / "together" / "1").iterdir()}
    assert written == {"data"}
    alone = Line()
    list(line_loop(train_request(tmp_path / "alone", steps=40), alone))
    expected = [*alone.net.weight[0].tolist(), alone.net.bias.item()]
    assert first["weights"] == pytest.approx(expected, abs=1e-5)


def test_closing_the_first_process_ends_the_other(tmp_path: Path) -> None:
    first, second = train_together(tmp_path / "together", 100_000, close_after=30)
    assert first["weights"] == second["weights"]
    kept, state = load_weights(tmp_path / "together" / "0" / "resume.safetensors")
    assert kept["network/net/weight"][0].tolist() == first["weights"][:3]
    assert state["step"] > 0
