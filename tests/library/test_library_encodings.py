"""Which encoding a text is in is told by how usual its characters are, a few bad bytes or not."""

from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.library import readers
from aigc_studio.library.checks import preflight
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.texts import encodings
from aigc_studio.library.texts.reading import read_text

_texts = [
    ("国破山河在，城春草木深。感时花溅泪，恨别鸟惊心。", ("gb18030", "utf-16-le", "utf-16-be")),
    ("話說天下大勢，分久必合，合久必分。", ("big5", "utf-16-le")),
    ("祇園精舎の鐘の声、諸行無常の響きあり。", ("shift_jis", "euc_jp", "iso2022_jp", "utf-16-be")),
    ("동해 물과 백두산이 마르고 닳도록 하느님이 보우하사", ("euc_kr", "utf-16-le")),
    ("Мороз и солнце; день чудесный! Ещё ты дремлешь", ("cp1251", "koi8-r", "cp866", "iso8859-5")),
    ("Όλοι οι άνθρωποι γεννιούνται ελεύθεροι", ("cp1253",)),
    ("בראשית ברא אלהים את השמים ואת הארץ", ("cp1255",)),
    ("يولد جميع الناس أحرارا متساوين في الكرامة", ("cp1256",)),
    ("มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาค", ("cp874",)),
    ("Señor, ¿dónde está el baño? Qué lástima", ("cp1252", "utf-32-le", "utf-32-be", "utf-16-be")),
    ("“It’s fine,” he said—really…", ("cp1252",)),
    ("L'été à la plage, où êtes-vous allés déjà?", ("cp1252", "mac_roman", "cp850")),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy", ("cp1250", "iso8859-2")),
    ("Işık güzel değildi, çünkü hava bulutluydu", ("cp1254",)),
]


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, each) for text, found in _texts for each in found]
)
@pytest.mark.parametrize("times", [1, 40])
def test_a_text_is_read_as_what_it_is_and_said(text: str, encoding: str, times: int) -> None:
    whole = "\n".join([text] * times)
    remarks: list[str] = []
    assert read_text(whole.encode(encoding), remarks=remarks) == whole
    assert len(remarks) == 1
    assert "not UTF-8" in remarks[0]


def test_a_person_may_say_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Iată un exemplu".encode("cp1250"))
    assert readers.read_artifact(path) != "Iată un exemplu"
    artifact, remarks = readers.read(path, options=ImportOptions(encoding="Windows-1250"))
    assert (str(artifact), remarks) == ("Iată un exemplu", ())
    path.write_bytes("春眠不觉晓".encode("gb18030"))
    with pytest.raises(StudioError, match=r"a\.txt cannot be read as UTF-8"):
        readers.read(path, options=ImportOptions(encoding="UTF-8"))
    with pytest.raises(StudioError, match="no encoding klingon"):
        ImportOptions(encoding="klingon")
    with pytest.raises(StudioError, match="no encoding rot13"):
        ImportOptions(encoding="rot13")


@pytest.mark.parametrize("title", encodings.TITLES)
def test_every_encoding_that_is_offered_can_be_chosen(title: str) -> None:
    assert ImportOptions(encoding=title).encoding == title
    named = encodings.known_encoding(title)
    assert named is not None
    assert title == "UTF-16" or encodings.title_of(named) == title
    if title == "UTF-16":
        assert read_text("abc".encode("utf-16"), encoding=title) == "abc"
        assert read_text("abc".encode("utf-16-le"), encoding=title) == "abc"


@pytest.mark.parametrize(
    ("data", "text", "told"),
    [
        ("It’s fine in the café. ".encode() * 9 + b"caf\xe9", "caf�", "1 place .* line 1"),
        (b"plain\n" + "naïve\n".encode() * 9 + b"na\xefve", "na�ve", "1 place .* line 11"),
        ("春眠不觉晓\n处处闻啼鸟\n".encode()[:-2], "处处闻啼�", "1 place .* line 2"),
        (b"a\nb\0c\nd\n" * 2, "a\nb�c\nd\n" * 2, "2 places .* line 2, 5"),
        (
            ("é\n" * 7).encode().replace(b"\n", b"\xff\n"),
            "é�\n",
            "7 places .* line 1, 2, 3, 4, 5 …",
        ),
        ("aé\n".encode() * 9 + "aé\n".encode("cp1252") * 9, "aé\na�\n", "9 places .* line 10, 11"),
        (b"Call me Ishmael.\r\n\x1a", "Call me Ishmael.\n", "1 end mark"),
        (b"Call me Ishmael.\r\n" + b"\0" * 512, "Call me Ishmael.\n", "512 end marks"),
        (b"a form\x02\nwith marks\n", "a form\x02\n", "1 control character was kept: line 1"),
    ],
)
def test_a_few_bad_bytes_leave_the_rest_as_it_is(data: bytes, text: str, told: str) -> None:
    import re

    remarks: list[str] = []
    assert text in read_text(data, remarks=remarks)
    assert len(remarks) == 1
    assert re.search(told, remarks[0])


def test_a_pair_of_halves_is_one_character() -> None:
    pairs = b"a " + _halves("😀") + b" b"
    assert b"\xed" in pairs
    assert read_text(pairs + "é".encode()) == "a 😀 bé"


def _halves(character: str) -> bytes:
    units = character.encode("utf-16-le")
    return b"".join(
        chr(int.from_bytes(units[at : at + 2], "little")).encode("utf-8", "surrogatepass")
        for at in (0, 2)
    )


def test_plain_utf_8_needs_no_remark() -> None:
    for text in ("plain", "naïve � 春", "\ufeffa", "\u2028 \x85 \x1b"):
        remarks: list[str] = []
        assert read_text(text.encode(), remarks=remarks) == text.removeprefix("\ufeff")
        assert not remarks


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4, b"\xff\xd8\xff\xe0" + b"plain text " * 9, b"PK\3\4" + b"text " * 99,
        b"\x7fELF" + b"a" * 99, b"\0\1\2\3" * 50,
    ],
)  # fmt: skip
def test_bytes_of_other_kinds_are_no_text(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"x\.txt is not text"):
        read_text(data, "x.txt")


def test_remarks_on_texts_reach_the_look_before_an_import(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(f"Привет, {name}. Как дела?".encode("koi8-r"))
    (tmp_path / "c.txt").write_text("All is well here.")
    (tmp_path / "d.txt").write_text("x")
    found = preflight(tmp_path, "text")
    told = [remark for remark in found.remarks if "KOI8-R" in remark]
    assert len(told) == 1
    assert told[0].startswith("2 files (a.txt, b.txt): ")
    checks = {each.name: each for each in found.rows}
    assert checks["a.txt"].remarks
    assert not checks["c.txt"].remarks
    assert "1 piece is shorter or longer" in checks["d.txt"].reason
