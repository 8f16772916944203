"""Faces drawn from numbers by pinned code in a process of its own: toy packages, no network."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from avatar_toys import STYLE, Toys, package_files, wheel_bytes

from aigc_studio.api import Dataset, Image, StudioError, documents
from aigc_studio.library import DatasetStore, PackStore, avatars, downloads
from aigc_studio.library.pack_manifests import read_manifest
from aigc_studio.translation import set_language


@pytest.fixture
def toys(tmp_path: Path) -> Toys:
    return Toys(tmp_path)


def pixels_of(dataset: Dataset) -> list[list[int]]:
    found = []
    for each in dataset:
        assert isinstance(each.artifact, Image)
        assert len(np.unique(each.artifact.pixels.reshape(-1, 3), axis=0)) == 1
        found.append(each.artifact.pixels[0, 0].tolist())
    return found


def test_faces_are_drawn_with_what_is_known_of_them(toys: Toys) -> None:
    datasets = DatasetStore()
    list(toys.packs.import_wheel("toys", toys.files, datasets))
    info = datasets.info("Toys")
    assert (info.train, info.test, info.licence, info.pack) == (20, 2, "CC BY 4.0", "toys")
    assert info.source == "toy-code==1.0; toy-styles==2.0"
    assert info.options["count"] == 20
    assert info.options["words"]["hat"] == {"en": "hat", "zh": "帽子"}
    assert info.options["words"]["no hat"]["zh"] == "无帽"
    train, test = datasets.open("Toys"), datasets.open("Toys", "test")
    assert [each.source for each in test] == ["toy#10000", "toy#10001"]
    assert [each.source for each in train][:2] == ["toy#0", "toy#1"]
    assert pixels_of(train) == [[10 * seed, 0, 0] for seed in range(20)]
    assert pixels_of(test) == [[0, 0, 1], [10, 0, 1]]
    assert train[0].attributes == {"hat": "no hat", "green": False}
    assert train[1].attributes == {"hat": "top hat", "green": True}


def test_the_same_numbers_give_the_same_bytes(toys: Toys) -> None:
    datasets = DatasetStore()
    for name in ("one", "two"):
        list(toys.packs.import_wheel("toys", toys.folder, datasets, name))
    one, two = datasets.info("one"), datasets.info("two")
    assert one.fingerprint == two.fingerprint
    for name in ("content.bin", "examples.jsonl"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()


def test_more_can_be_drawn_and_one_face_is_not_there_twice(toys: Toys) -> None:
    datasets = DatasetStore()
    list(toys.packs.import_wheel("toys", toys.files, datasets, count=30))
    info = datasets.info("Toys")
    # This package knows twenty faces below 10,000, and three of those above are asked for.
    assert (info.train, info.test, info.options["count"]) == (20, 3, 30)


def test_only_the_very_files_are_run(tmp_path: Path, toys: Toys) -> None:
    sign = tmp_path / "was-run"
    other = tmp_path / "toy_code-1.0.whl"
    other.write_bytes(wheel_bytes(package_files(f"open({str(sign)!r}, 'w')")))
    for chosen in ([other, toys.files[1]], toys.files[1], tmp_path / "manifests"):
        with pytest.raises(StudioError, match=r"toy-code 1\.0.* was not among those chosen"):
            list(toys.packs.import_wheel("toys", chosen, DatasetStore()))
    with pytest.raises(StudioError, match="cannot be read"):
        list(toys.packs.import_wheel("toys", tmp_path / "gone.whl", DatasetStore()))
    assert not sign.exists()
    assert DatasetStore().list() == []


def test_a_file_that_changes_after_it_was_looked_at_is_not_run(
    tmp_path: Path, toys: Toys, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = tmp_path / "was-run"
    copied = shutil.copyfile

    def changed(source: Path, target: Path) -> Path:
        Path(source).write_bytes(wheel_bytes(package_files(f"open({str(sign)!r}, 'w')")))
        return Path(copied(source, target))

    monkeypatch.setattr(shutil, "copyfile", changed)
    with pytest.raises(StudioError, match="changed meanwhile"):
        list(toys.packs.import_wheel("toys", toys.files, DatasetStore()))
    assert not sign.exists()


@pytest.mark.parametrize(
    "extra",
    [
        "raise RuntimeError('no')",
        "os._exit(0)",
        "os.write(3, b'junk\\n') if self.seed == 3 else None; os._exit(self.seed == 3)",
        "import time; time.sleep(60)",
    ],
    ids=["raises", "ends", "says what is no face", "hangs"],
)
def test_what_breaks_off_leaves_nothing_and_says_so(
    tmp_path: Path, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avatars, "_patience", 3.0)
    toys = Toys(tmp_path, extra)
    with pytest.raises(StudioError, match="was interrupted, and nothing was kept"):
        list(toys.packs.import_wheel("toys", toys.files, DatasetStore()))
    assert DatasetStore().list() == []


def test_closing_ends_the_process_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toys = Toys(tmp_path, "import time; time.sleep(0.1)")
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def note(*values: Any, **named: Any) -> subprocess.Popen[bytes]:
        started.append(begin(*values, **named))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", note)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    going = toys.packs.import_wheel("toys", toys.files, DatasetStore())
    steps = [next(going) for _ in range(3)]
    assert (steps[-1].step, steps[-1].total) == (2, 22)
    assert isinstance(going, Generator)
    going.close()
    assert started[0].poll() is not None
    assert DatasetStore().list() == []
    assert not list(tmp_path.glob("aigc-avatars.*"))


def test_what_is_installed_need_not_be_fetched(
    tmp_path: Path, toys: Toys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        downloads, "pip_command", lambda _: [sys.executable, "-c", "raise SystemExit(1)"]
    )
    command = r"pip install 'aigc-studio\[toys\]'"
    with pytest.raises(downloads.DownloadFailed, match=command):
        list(toys.packs.fetch("toys", DatasetStore()))
    place = tmp_path / "installed"
    for name, text in (package_files() | STYLE).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)

    def install(name: str, version: str) -> None:
        told = place / f"{name}-{version}.dist-info" / "METADATA"
        told.parent.mkdir()
        told.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")

    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv("PYTHONPATH", str(place) + os.pathsep + os.environ.get("PYTHONPATH", ""))
    install("toy_code", "1.0")
    install("toy_styles", "1.9")
    with pytest.raises(downloads.DownloadFailed):  # one of them is of another version
        list(toys.packs.fetch("toys", DatasetStore()))
    (place / "toy_styles-1.9.dist-info" / "METADATA").unlink()
    (place / "toy_styles-1.9.dist-info").rmdir()
    install("toy_styles", "2.0")
    list(toys.packs.fetch("toys", DatasetStore(), "drawn"))
    assert DatasetStore().info("drawn").train == 20


@pytest.mark.parametrize("count", [0, 9, 1_000_000])
def test_a_number_out_of_range_is_refused(toys: Toys, count: int) -> None:
    with pytest.raises(StudioError, match="From 10 to 100,000 faces"):
        list(toys.packs.import_wheel("toys", toys.files, DatasetStore(), count=count))
    with pytest.raises(StudioError, match="number of examples of its own"):
        list(PackStore().fetch("digits", DatasetStore(), count=50))


def test_manifests_that_do_not_fit_together_are_damaged(toys: Toys) -> None:
    toys.write({"held_out": {"rule": "groups", "groups": ["a"]}})
    with pytest.raises(documents.Damaged, match="rule"):
        read_manifest(toys.manifest)
    assert toys.packs.list() == []
    assert "damaged" in toys.packs.broken()[0][1]


def test_the_pack_of_cartoon_faces_names_everything_in_two_languages() -> None:
    pack = PackStore().find("cartoon-faces")
    assert (pack.runs, pack.count) == (True, 2000)
    assert avatars.held_out_count(2000, pack.held_out) == 200
    assert pack.held_out["from"] == 1_000_000
    assert "CC BY 4.0" in pack.licence
    assert "Johan Melin" in pack.credit
    for each in pack.options["attributes"]:
        told = [each["name"], *each["values"].values()]
        assert all(isinstance(one, bool) or set(one) == {"en", "zh"} for one in told)
    names = [each["name"]["en"] for each in pack.options["attributes"]]
    assert {"beard", "hair", "long hair", "mouth", "eyes", "skin colour", "hair colour"} <= set(
        names
    )
    words = [word for each in pack.options["attributes"] for word in each["values"].values()]
    plain = [word["en"] for word in words if not isinstance(word, bool)]
    assert len(plain) == len(set(plain))  # a word in a prompt means one thing


def test_words_of_the_data_are_said_in_the_language_spoken(toys: Toys) -> None:
    list(toys.packs.import_wheel("toys", toys.files, DatasetStore()))
    info = DatasetStore().info("Toys")
    assert (info.word("hat"), info.word("no hat")) == ("hat", "no hat")
    set_language("zh_CN")
    try:
        assert (info.word("hat"), info.word("no hat")) == ("帽子", "无帽")
        assert (info.word("top hat"), info.word("something else")) == ("top hat", "something else")
    finally:
        set_language("en")
    info.options["words"]["hat"] = 3
    assert info.word("hat") == "hat"
