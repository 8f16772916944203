"""Long texts: read block by block, in passages that joined are the text, their end held out."""

import codecs
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from aigc_studio.api import Dataset, Progress, Text
from aigc_studio.library import DatasetStore, ImportOptions, checks
from aigc_studio.library.texts import long_texts
from aigc_studio.library.texts.forms import Head, find_form
from aigc_studio.library.texts.long_texts import LongText, open_long
from aigc_studio.library.texts.passages import MOST, passages, pieces, size_for
from aigc_studio.library.texts.previews import preview
from aigc_studio.library.texts.reading import read_text, split_text

PROSE = "The old man looked out of the window for a while, and then he said that it was late.\n"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def prose(paragraphs: int) -> str:
    return "".join(f"{number}. {PROSE * 3}\n" for number in range(paragraphs))


def opened(path: Path, encoding: str = "") -> LongText:
    looking = open_long(path, path.name, encoding)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            found: LongText = end.value
            return found


def imported(path: Path, name: str, options: ImportOptions | None = None) -> DatasetStore:
    store = DatasetStore()
    list(store.import_files(path, name, "text", options))
    return store


def text_of(store: DatasetStore, name: str) -> str:
    whole = Dataset(store.path(name), None)
    return "".join(each.artifact.value for each in whole if isinstance(each.artifact, Text))


@pytest.fixture
def all_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is read block by block, in small blocks."""
    monkeypatch.setattr("aigc_studio.library.long_sources.LONG_BYTES", 0)
    monkeypatch.setattr(long_texts, "_block", 1000)


@pytest.mark.parametrize("block", [1, 7, 1000, 10**6])
@pytest.mark.parametrize(
    "text",
    ["a" * 5000, prose(40), "白日依山尽。" * 900, ("e\u0301" * 9 + FAMILY) * 300, "\n" * 3000],
)
def test_passages_joined_are_the_text(text: str, block: int) -> None:
    blocks = [text[at : at + block] for at in range(0, len(text), block)]
    found = list(passages(blocks, 300))
    assert "".join(found) == text
    assert max(map(len, found)) <= 300
    assert not any(each[0] in "\u0301\u200d" or each[-1] == "\u200d" for each in found)


def test_passages_end_where_something_ends() -> None:
    assert all(each.endswith("\n") for each in passages([prose(50)], 1000))
    assert all(each.endswith(" ") for each in list(passages(["word " * 999], 333))[:-1])


def test_short_texts_have_short_passages() -> None:
    assert (size_for(100), size_for(40_000), size_for(10**9)) == (256, 1000, MOST)


@pytest.mark.parametrize("by", ["lines", "sentences", "paragraphs"])
def test_pieces_of_blocks_are_those_of_the_whole(by: str) -> None:
    text = prose(30)
    blocks = [text[at : at + 97] for at in range(0, len(text), 97)]
    assert list(pieces(blocks, by)) == split_text(text, by)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Anna\nBerta\nMary Ann\n" * 30, "lines"),
        ("李白\n杜甫\n白居易\n" * 30, "lines"),
        ("白日依山尽，黄河入海流。欲穷千里目，更上一层楼。\n" * 30, "lines"),
        ("It was late. He went.\nShe stayed!\n" * 30, "lines"),
        (prose(20), "passages"),
        ("He went to the old house by the sea and\nlooked for the key that he had lost on\n" * 30,
         "passages"),
        ("def f(x):\n    return x\n\n\nclass A:\n    b = 1\n\n" * 30, "passages"),
        ("白日依山尽，\n黄河入海流。\n" * 120, "passages"),
        ("First Citizen:\nSpeak.\n\nAll:\nSpeak, speak.\n\n" * 30, "passages"),
        ("One. Two.", "sentences"),
    ],
)  # fmt: skip
def test_what_an_example_is_is_found_out(text: str, form: str) -> None:
    assert find_form([Head(text, len(text))]) == form


def test_many_short_files_are_examples() -> None:
    assert find_form([Head(f"{PROSE}{n}", len(PROSE)) for n in range(12)]) == "whole"
    assert find_form([Head(PROSE, len(PROSE))] * 12) == "sentences"  # one and its copies


def test_a_text_is_learnt_in_order_and_its_end_held_out(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(prose(200))
    store = imported(tmp_path / "a.txt", "a")
    assert text_of(store, "a") == prose(200)
    train, test = store.open("a"), store.open("a", "test")
    assert [each.continues for each in train] == [False, *[True] * (len(train) - 1)]
    assert not test[0].continues
    assert test[1].continues
    assert test[-1].continues
    held = sum(map(len, (each.artifact for each in test if isinstance(each.artifact, Text))))
    assert 0.07 < held / len(prose(200)) < 0.13
    assert "".join(str(each.artifact.value) for each in test) == prose(200)[-held:]  # type: ignore[union-attr]
    assert store.info("a").options["split_text"] == "passages"


def test_a_passage_that_is_left_out_breaks_the_text(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(prose(200))
    store = imported(tmp_path / "a.txt", "a")
    store.exclude("a", [3])
    assert [each.continues for each in store.open("a")][:5] == [False, True, True, False, True]
    picked = store.open("a").pick([5, 6, 2])
    assert [each.continues for each in picked] == [False, True, False]
    store.remove("a", [0])
    assert [each.continues for each in store.open("a")][:4] == [False, True, False, True]


def test_each_text_has_its_end_held_out_and_the_share_can_be_changed(
    home: Path, tmp_path: Path
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(name * 50 + prose(60))
    store = imported(tmp_path, "three")
    assert {each.source for each in store.open("three", "test")} == {"a.txt", "b.txt", "c.txt"}
    store.split_by("three", test_share=0.5)
    info = store.info("three")
    assert abs(info.train - info.test) < info.examples * 0.15
    store.split_by("three", test_share=0.0)
    assert store.info("three").test == 0


def test_a_group_of_texts_is_not_torn_apart(home: Path, tmp_path: Path) -> None:
    for who in ("ann", "bob", "cay"):
        (tmp_path / "all" / who).mkdir(parents=True)
        (tmp_path / "all" / who / "1.txt").write_text(who + prose(30))
    store = imported(tmp_path / "all", "people", ImportOptions(folders="group"))
    held = {each.group for each in store.open("people", "test")}
    assert held
    assert not held & {each.group for each in store.open("people")}


@pytest.mark.usefixtures("all_are_long")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-be"])
def test_a_long_text_reads_as_a_short_one(encoding: str, home: Path, tmp_path: Path) -> None:
    text = "他说：“今天的天气很好。”然后我们去了学校。\r\n\r\n" * 300
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    short: list[str] = []
    expected = read_text(tmp_path / "a.txt", remarks=short)
    long = opened(tmp_path / "a.txt")
    assert "".join(block.text for block in long.blocks()) == expected
    assert long.remarks == short


@pytest.mark.usefixtures("all_are_long")
def test_what_is_odd_in_a_long_text_is_counted_and_its_lines_named(tmp_path: Path) -> None:
    lines = [b"plain words here\n"] * 200
    lines[20] = b"a NUL \0 here\n"
    lines[120] = b"bad \xff\xfe bytes\n"
    lines[150] = b"a bell \x07 here\n"
    data = b"".join(lines) + codecs.BOM_UTF8 + b"joined\n\x1a\0"
    (tmp_path / "a.txt").write_bytes(data)
    short: list[str] = []
    expected = read_text(data, "a.txt", remarks=short)
    long = opened(tmp_path / "a.txt")
    assert "".join(block.text for block in long.blocks()) == expected
    assert sorted(long.remarks) == sorted(short)
    assert len(short) == 4


@pytest.mark.usefixtures("all_are_long")
@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + b"\0" * 4000, bytes(range(256)) * 40])
def test_a_long_file_that_is_no_text_is_left_out(data: bytes, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "b.txt").write_text(prose(20))
    found = checks.preflight(tmp_path, "text")
    assert [row.used for row in found.rows] == [False, True]
    assert "a.txt" in found.rows[0].reason


@pytest.mark.usefixtures("all_are_long")
def test_a_text_that_breaks_off_leaves_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(prose(20).encode() + b"\x01\x02\x03" * 9000)
    (tmp_path / "b.txt").write_text(prose(20))
    found = checks.preflight(tmp_path, "text")
    assert [row.used for row in found.rows] == [False, True]
    store = imported(tmp_path, "x")
    assert {each.source for each in Dataset(store.path("x"), None)} == {"b.txt"}
    assert text_of(store, "x") == prose(20)
    assert store.info("x").fingerprint == found.fingerprint


@pytest.mark.usefixtures("all_are_long")
def test_the_same_long_text_twice_counts_once(home: Path, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(prose(30))
    found = checks.preflight(tmp_path, "text")
    assert [row.used for row in found.rows] == [True, False]
    assert found.rows[1].reason == "It is the same as a.txt."


@pytest.mark.usefixtures("all_are_long")
@pytest.mark.parametrize("by", ["lines", "whole", "auto"])
def test_a_long_import_tells_how_far_it_is_and_breaks_off_clean(
    by: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(prose(300))
    options = ImportOptions(split_text=by)  # type: ignore[arg-type]
    steps = list(checks.look(tmp_path / "a.txt", "text", options))
    size = (tmp_path / "a.txt").stat().st_size
    told = [each.step / size for each in steps if each.total == size]
    assert told == sorted(told)
    assert len(told) > 5
    assert 0.99 < told[-1] <= 1
    store = DatasetStore()
    importing = store.import_files(tmp_path / "a.txt", "x", "text", options)
    for _number in range(5):
        assert isinstance(next(importing), Progress)
    importing.close()  # type: ignore[attr-defined]
    assert store.names() == []


def test_more_lines_than_a_dataset_may_have_are_told(
    home: Path, tmp_path: Path, all_are_long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.api.limits.EXAMPLES", 100)
    (tmp_path / "a.txt").write_text("one line\n" * 200)
    found = checks.preflight(tmp_path / "a.txt", "text", ImportOptions(split_text="lines"))
    assert "more than 100 examples of this kind" in found.problem


def test_memory_does_not_grow_with_the_text(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_texts, "_block", 1 << 16)
    (tmp_path / "a.txt").write_text("A line of some words that is said again.\n" * 150_000)
    options = ImportOptions(split_text="passages")
    checks.preflight(tmp_path / "a.txt", "text", options)
    tracemalloc.start()
    try:
        checks.preflight(tmp_path / "a.txt", "text", options)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 << 20  # of 6 MB


def test_little_text_and_repeated_lines_are_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(prose(20))
    assert "learn them by heart" in " ".join(checks.preflight(tmp_path / "a.txt", "text").remarks)
    (tmp_path / "b.txt").write_text("Anna\nBert\nCarla\n" * 40)
    remarks = checks.preflight(tmp_path / "b.txt", "text").remarks
    assert any(each.startswith("117 examples are the same") for each in remarks)
    assert any(each.startswith("Each line counts") for each in remarks)


def test_json_lines_are_a_table(home: Path, tmp_path: Path) -> None:
    rows = [{"id": n, "poem": f"{PROSE.strip()} {n}", "author": "ab"[n % 2]} for n in range(60)]
    lines = [json.dumps(each) for each in rows]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "no json"]))
    store = imported(tmp_path / "a.jsonl", "a", ImportOptions(label_column="author"))
    info = store.info("a")
    assert info.labels == {"a": 30, "b": 30}
    remarks = checks.preflight(tmp_path / "a.jsonl", "text").remarks
    assert "1 line is not JSON and was left out." in " ".join(remarks)
    (tmp_path / "b.jsonl").write_text('"one text"\n"another text"\n')
    assert checks.preflight(tmp_path / "b.jsonl", "text").examples == 2
    (tmp_path / "c.jsonl").write_text("nothing\nof it\n")
    assert "has no line that is JSON" in checks.preflight(tmp_path / "c.jsonl", "text").problem


def test_a_zip_is_a_folder(home: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tales.zip", "w") as archive:
        archive.writestr("fox/1.txt", prose(20) + "fox")
        archive.writestr("hen/1.txt", prose(20) + "hen")
        archive.writestr("../../out.txt", "One. Two.")
        archive.writestr("__MACOSX/x.txt", "not of anybody")
    store = imported(tmp_path / "tales.zip", "tales")
    found = checks.preflight(tmp_path / "tales.zip", "text")
    assert {row.name for row in found.used} == {"fox/1.txt", "hen/1.txt", "out.txt"}
    assert set(store.info("tales").labels) == {"fox", "hen"}
    (tmp_path / "bad.zip").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(Exception, match="not a complete zip file"):
        checks.preflight(tmp_path / "bad.zip", "text")


def test_names_in_old_zips_are_read_as_they_were_written(home: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        name = "诗歌.txt".encode("gb18030").decode("cp437")
        archive.writestr(zipfile.ZipInfo(name), prose(10))
    data = (tmp_path / "a.zip").read_bytes()
    encoded, plain = name.encode(), "诗歌.txt".encode("gb18030").ljust(len(name.encode()), b"x")
    assert len(encoded) == len(plain)
    assert data.count(encoded) == 2  # Python marks what it writes as UTF-8: the name is told whole
    assert [row.name for row in checks.preflight(tmp_path / "a.zip", "text").used] == [name]


def test_a_preview_shows_examples_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        "作者,诗\n李白,床前明月光疑是地上霜\n杜甫,国破山河在城春草木深\n".encode("gb18030")
    )
    found = preview(path, "a.csv", ImportOptions())
    assert (found.encoding, found.heads) == ("GB18030", ("作者", "诗"))
    assert found.rows[0][found.text] == "床前明月光疑是地上霜"
    chosen = preview(path, "a.csv", ImportOptions(text_column="1", encoding="Big5"))
    assert (chosen.encoding, chosen.text) == ("Big5", 0)
    (tmp_path / "b.txt").write_text("Anna\nBert\n")
    assert preview(tmp_path / "b.txt", "b", ImportOptions(split_text="lines")).examples == (
        "Anna",
        "Bert",
    )
    (tmp_path / "c.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert "is not text" in preview(tmp_path / "c.txt", "c.txt", ImportOptions()).problem


def test_texts_are_found_by_what_they_say(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(prose(20) + "The Straße is wide.\n" + prose(20))
    browser = imported(tmp_path / "a.txt", "a").browse("a")
    assert len(browser.find(words="STRASSE")) == 1
    assert browser.find(words="nowhere") == []
    assert len(browser.find(words="old man")) > 3


def test_our_own_front_matter_is_no_text(tmp_path: Path) -> None:
    from aigc_studio.project.export import export

    (tmp_path / "b.md").write_text("---\ntitle: mine\n---\nText\n")
    assert read_text(tmp_path / "b.md").startswith("---")
    export(Text("A poem.\n"), tmp_path / "c.md", None)
    assert (tmp_path / "c.md").read_text() == "A poem.\n"
