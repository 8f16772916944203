"""What the window's process holds: large blocks that are free are the system's again."""

import subprocess
import sys
from pathlib import Path

import pytest

from aigc_studio.jobs import memory

HELD = """
from aigc_studio.jobs.memory import give_back_large_blocks, resident_bytes
assert give_back_large_blocks()
large = bytearray(24 << 20)
del large  # from here on the C library would keep what it has
before = resident_bytes()
blocks, between = [], []
for number in range(300):
    blocks.append(bytearray(b"x") * (300 << 10))
    between.append(bytearray(2000))
between.append(bytearray(100_000))
del blocks
print(resident_bytes() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc")
def test_large_blocks_that_are_free_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HELD], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 20 << 20, "of ninety megabytes"


def test_where_there_is_no_proc_psutil_tells_what_a_process_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = memory.resident_bytes()

    def no_such(path: Path, *_words: object) -> str:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_text", no_such)
    assert memory.resident_bytes() == pytest.approx(here, rel=0.2)
    assert memory.resident_bytes(2**22 + 1) == 0  # nobody has this number
