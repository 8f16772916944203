"""Which files of this machine a drop names: odd addresses name none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from aigc_studio.ui.local_paths import paths_of


def listed(*lines: bytes) -> QMimeData:
    mime = QMimeData()
    mime.setData("text/uri-list", b"".join(line + b"\r\n" for line in lines))
    return mime


@pytest.mark.parametrize("name", ["图 片.png", "a%b#c?.txt", "a\nb", "&;+=@.mid"])
def test_a_file_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    assert paths_of(mime) == [tmp_path / name]


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    (path := tmp_path / os.fsdecode(b"\xff\xfe.txt")).write_text("x")
    (found,) = paths_of(listed(b"file://" + bytes(tmp_path) + b"/%FF%FE.txt"))
    assert found == path
    assert found.read_text() == "x"


@pytest.mark.parametrize(
    "line",
    [b"file:", b"file://", b"", b"#", b"file:///a%00b", b"http://a/b.png", b"data:,x", b"\xff\xfe"],
)
def test_an_odd_address_is_no_file(line: bytes) -> None:
    """`file:` was the current folder, which was then offered as a dataset."""
    assert paths_of(listed(line)) == []
