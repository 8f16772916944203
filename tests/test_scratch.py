"""Where tests write: into memory, unless somebody said where, or little of it is free."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from scratch import ENOUGH, ROOT, write_to_memory


@pytest.mark.parametrize(
    ("said", "folder", "free", "found"),
    [
        (None, ".", ENOUGH, "."),
        (None, ".", ENOUGH - 1, None),
        (None, "none", ENOUGH, None),
        ("elsewhere", ".", ENOUGH, "elsewhere"),
    ],
)
def test_memory_is_written_to_where_there_is_enough_and_nobody_said_where(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str | None,
    folder: str,
    free: int,
    found: str | None,
) -> None:
    monkeypatch.setenv(ROOT, said or "")
    if said is None:
        monkeypatch.delenv(ROOT)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    write_to_memory(tmp_path / folder)
    assert os.environ.get(ROOT) == (str(tmp_path) if found == "." else found)


def test_what_a_test_that_passes_has_written_is_gone_after_it(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.getini("tmp_path_retention_policy") == "failed"
