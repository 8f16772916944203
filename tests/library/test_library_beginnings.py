"""What files are whose names do not tell: by how they begin."""

import io
from pathlib import Path

import pytest
from PIL import Image as Pillow

from aigc_studio.api import Image, StudioError, Text
from aigc_studio.library.beginnings import medium_within
from aigc_studio.library.checks import guess_medium, preflight
from aigc_studio.library.readers import read_artifact


def picture(kind: str) -> bytes:
    kept = io.BytesIO()
    Pillow.new("RGB", (9, 8), "red").save(kept, kind)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "medium"),
    [
        (b"all: run\n\tpython -m app\n", "text"),
        ("春眠不觉晓".encode("gb18030"), "text"),
        (("…" * 3000).encode(), "text"),  # looked at up to the midst of a character
        (b"", "text"),
        (picture("PNG"), "image"),
        (picture("JPEG"), "image"),
        (picture("WEBP"), "image"),
        (picture("TIFF"), "image"),
        (b"MThd\0\0\0\6", "melody"),
        (b'<?xml version="1.0"?>\n<score-partwise version="4.0">', "melody"),
        (b"\x7fELF\2\1\1\0\0\0", None),
        (b"PK\3\4 packed", None),
        (bytes(range(256)) * 20, None),
    ],
)  # fmt: skip
def test_a_file_is_what_it_begins_as(tmp_path: Path, data: bytes, medium: str | None) -> None:
    path = tmp_path / "THING"
    path.write_bytes(data)
    assert medium_within(path) == medium
    assert medium_within(tmp_path) is None
    assert medium_within(tmp_path / "nothing") is None


@pytest.mark.parametrize("name", ["LICENSE", "Makefile", "story.draft", "NOTES.TXT", "poem.Text"])
def test_a_text_of_any_name_is_taken_without_being_told_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("It was a dark night.\nIt rained.\n", "utf-8")
    assert guess_medium(path) == ("text", 1, 1)
    assert preflight(path, "text").examples > 0
    assert read_artifact(path) == Text("It was a dark night.\nIt rained.\n")


def test_a_picture_without_an_ending_is_one(tmp_path: Path) -> None:
    path = tmp_path / "download"
    path.write_bytes(picture("PNG"))
    assert guess_medium(path)[0] == "image"
    found = read_artifact(path)
    assert isinstance(found, Image)
    assert found.width == 9
    (tmp_path / "tool").write_bytes(b"\x7fELF\2\1\1\0")
    with pytest.raises(StudioError, match="tool is not a picture, text or tune"):
        read_artifact(tmp_path / "tool")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic", "kind of picture that is not read here"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "save it as PNG first"),
        ("song.wav", b"RIFF\x24\0\0\0WAVE", "is a recording"),
        ("paper.pdf", b"%PDF-1.4", "save it as plain text"),
        ("letter.rtf", b"{\\rtf1 hello}", "is a document with a layout"),
        ("faces.tar.gz", b"\x1f\x8b\x08", "is an archive: unpack it first"),
        ("faces.7Z", b"7z\xbc\xaf", "is an archive: unpack it first"),
    ],
)
def test_what_is_read_nowhere_here_says_what_to_bring_instead(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(StudioError, match=said) as error:
        read_artifact(tmp_path / name)
    assert name in str(error.value)


def test_the_code_of_a_drawing_is_a_text_for_who_asks_for_one(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    assert read_artifact(tmp_path / "logo.svg", "text") == Text("<svg/>")


def test_folders_whose_names_all_say_nothing_are_classes_of_texts(tmp_path: Path) -> None:
    for group, number in (("sci.space", 1), ("sci.space", 2), ("rec.autos", 3), ("rec.autos", 4)):
        (tmp_path / group).mkdir(exist_ok=True)
        (tmp_path / group / f"5102{number}").write_text(f"From: {number}\n\nHello {group}.\n")
    assert guess_medium(tmp_path) == ("text", 4, 4)
    assert set(preflight(tmp_path, "text").labels) == {"rec.autos", "sci.space"}


def test_beside_files_whose_names_tell_the_others_are_no_examples(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("One letter.\n")
    (tmp_path / "LICENSE").write_text("You may copy this.\n")
    found = preflight(tmp_path, "text")
    assert [each.name for each in found.used] == ["letters.txt"]
    assert guess_medium(tmp_path) == ("text", 1, 2)


@pytest.mark.parametrize("end", ["py", "rst", "srt", "log", "tex", "Markdown", "CPP"])
def test_code_and_markup_are_texts(tmp_path: Path, end: str) -> None:
    (tmp_path / f"one.{end}").write_text("line one\nline two\n")
    (tmp_path / f"two.{end}").write_text("line three\nline four\n")
    assert guess_medium(tmp_path) == ("text", 2, 2)
    assert len(preflight(tmp_path, "text").used) == 2
