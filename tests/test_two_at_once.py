"""Three processes on one home for two seconds; `tests/soak/two_at_once.py` does it for longer."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "soak" / "two_at_once.py"


def test_processes_on_one_home_do_it_whole_or_say_a_sentence(home: Path) -> None:
    root = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--seconds", "2.5", "--seed", "1"],
        capture_output=True,
        text=True,
        timeout=80,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"count": 0' not in done.stdout
