"""Tables as spreadsheets, databases and scripts write them give their texts and labels."""

import csv
from pathlib import Path

import pytest

from aigc_studio.api import StudioError, Text, limits
from aigc_studio.library import DatasetStore
from aigc_studio.library.checks import preflight
from aigc_studio.library.drafts import read_drafts
from aigc_studio.library.options import NO_COLUMN, ImportOptions
from aigc_studio.library.sources import Source
from aigc_studio.library.texts.json_lines import json_table
from aigc_studio.library.texts.tables import csv_rows

Pairs = list[tuple[str, str]]


def read(table: str, name: str = "t.csv", **options: str) -> tuple[Pairs, list[str]]:
    remarks: list[str] = []
    return list(csv_rows(table, name, ImportOptions(**options), remarks)), remarks  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "pairs"),
    [
        ('text,label\n"a, b",x\n', [("a, b", "x")]),
        ("text;label\na, b;x\n", [("a, b", "x")]),
        ("text\tlabel\na, b\tx\n", [("a, b", "x")]),
        ("text|label\na, b|x\n", [("a, b", "x")]),
        ("sep=;\ntext;label\nhello there;a\n", [("hello there", "a")]),
        ('"sep=,"\ntext,label\nhello there,a\n', [("hello there", "a")]),
        ("SEP=\t\ntext\tlabel\nhello there\ta\n", [("hello there", "a")]),
        ("text;score\nso so;1,5\nfine;2,5\n", [("so so", "1,5"), ("fine", "2,5")]),
        ('label, text\nx, "a, b"\n', [("a, b", "x")]),
        ('text,label\n"two\nlines, here",x\n', [("two\nlines, here", "x")]),
        ("text,label\n\n\na,x\n,\n , \nb,y\n\n", [("a", "x"), ("b", "y")]),
        ("text,label,,\na,x,,\nb,y\n", [("a", "x"), ("b", "y")]),
        ('"text","label"\n"a ""b"" c","x"\n', [('a "b" c', "x")]),
        ('text,label\n"a \\"b\\", c",x\n"d, e",y\n', [('a "b", c', "x"), ("d, e", "y")]),
        ("text\nhello, there\nyou, and, me\n", [("hello, there", ""), ("you, and, me", "")]),
        ('text\n"hello, there"\n', [("hello, there", "")]),
        ("id,label,text\n1,x,a\n", [("a", "x")]),
        ("编号,标签,正文\n1,喜,你好\n", [("你好", "喜")]),
        ("text^label\na, b^x\n", [("a, b", "x")]),
        ("text::label\nso: it, goes | on::x\n", [("so: it, goes | on", "x")]),
        ('text,label\n"Hi" he said,x\n"a, b",y\n', [('"Hi" he said', "x"), ("a, b", "y")]),
        ('text\tlabel\n"Hi" and "ho"\tx\n', [('"Hi" and "ho"', "x")]),
    ],
)
def test_the_form_of_a_table_is_found_out(table: str, pairs: Pairs) -> None:
    found, remarks = read(table)
    assert found == pairs
    assert not [each for each in remarks if "columns" not in each]


_films = "".join(f"film {number},pos\n" for number in range(30))


@pytest.mark.parametrize(
    ("before", "lines"),
    [("Report 2021\n\n", 1), ("Title: my table,\nDate: 2020,\n", 2), ("# how it was made\n", 1),
     ("# one\n# two, three\n", 2)],
)  # fmt: skip
def test_lines_before_the_head_are_left_out_and_told(before: str, lines: int) -> None:
    found, remarks = read(f"{before}text,label\nfilm,neg\n{_films}")
    assert found[:2] == [("film", "neg"), ("film 0", "pos")]
    assert len(found) == 31
    assert len(remarks) == 1
    assert remarks[0].startswith(f"{lines} line")


@pytest.mark.parametrize(
    "table", ["review,rating\ntext,label\nso so,pos\n", "text\nlabel, title\nso, so\n"]
)
def test_a_row_that_sounds_like_a_head_stays_a_row(table: str) -> None:
    assert len(read(table)[0]) == 2


def test_a_doubled_quote_may_come_late() -> None:
    rows = "".join(f'"this is the plain, quoted sentence {n}",pos\n' for n in range(2000))
    found, remarks = read(f'text,label\n{rows}"she said ""no"", then left",neg\n')
    assert found[-1] == ('she said "no", then left', "neg")
    assert len(found) == 2001
    assert not remarks
    late = f'text,label\n{rows}"she said \\"no\\", then left",neg\n'
    assert read(late)[0][-1] == ('she said "no", then left', "neg")


def test_a_field_may_be_as_long_as_a_book() -> None:
    book = "word " * 60_000
    assert read(f'text,label\n"{book}",x\n')[0] == [(book.strip(), "x")]


@pytest.mark.parametrize(
    ("table", "pairs"),
    [
        ('text,label\n"open,x\nfine,y\nlast,z\n', [("open", "x"), ("fine", "y"), ("last", "z")]),
        ('text,label\nfine,y\n"open quote,x\n', [("fine", "y"), ("open quote", "x")]),
        ('text\tlabel\n"He\tx\nok\ty\n5" disk\tz\n', [("He", "x"), ("ok", "y"), ('5" disk', "z")]),
        ('text,label\n"b\nc",x\n"open,y\nz,w\n', [("b\nc", "x"), ("open", "y"), ("z", "w")]),
    ],
)  # fmt: skip
def test_a_quote_that_is_never_closed_costs_its_line_only(table: str, pairs: Pairs) -> None:
    found, remarks = read(table)
    assert found == pairs
    assert "1 line has a quotation mark that is never closed" in remarks[0]


def test_rows_that_do_not_fit_are_counted() -> None:
    found, remarks = read("text,label\nhello, there,pos\nfine,neg\n,neg\nshort\nfine too,pos\n")
    assert found == [("hello, there", "pos"), ("fine", "neg"), ("short", ""), ("fine too", "pos")]
    assert [each.split(" ", 1)[0] for each in remarks] == ["1", "1", "1"]
    assert "more cells" in remarks[0]
    assert "fewer" in remarks[1]
    assert "no text" in remarks[2]


@pytest.mark.parametrize(
    ("table", "first", "told"),
    [
        ("review,rating\nI am happy,1\nI am sad,0\n", ("I am happy", "1"), "review .* rating"),
        ("rating,my review text\n1,I am happy\n", ("I am happy", "1"), "my review text"),
        ("v1,v2\nham,see you later\nspam,win a prize\nham,ok then\nham,on my way\nspam,call now\n",
         ("see you later", "ham"), "v2 .* v1"),
        ("good one here,pos\nbad one there,neg\nso so again,pos\nnever again,neg\n",
         ("good one here", "pos"), "column 1 .* column 2"),
        ("id,评论内容,情感\n1,今天很开心,正\n2,今天很难过,负\n", ("今天很开心", "正"), "评论内容"),
        ("phrase one,mood\nso far so good,happy\nnot any more,sad\n", ("so far so good", "happy"),
         "phrase one .* mood"),
        ("reviewText,myRatings\nso far so good,1\n", ("so far so good", "1"), "reviewText .* my"),
        ("a,b\nhttp://example.org/one,some words\nhttp://example.org/two,other words\n",
         ("some words", ""), "column b"),
    ],
)  # fmt: skip
def test_columns_of_other_names_are_guessed_and_told(
    table: str, first: tuple[str, str], told: str
) -> None:
    import re

    found, remarks = read(table)
    assert found[0] == first
    assert re.search(told, remarks[0])


def test_a_person_may_choose_the_columns() -> None:
    table = "a,b,c\none text,x,other text\ntwo text,y,more text\n"
    assert read(table, text_column="c", label_column="B")[0][0] == ("other text", "x")
    assert read(table, text_column="3", label_column="2")[0][0] == ("other text", "x")
    assert read("text,label\nq w,x\n", label_column=NO_COLUMN) == ([("q w", "")], [])
    with pytest.raises(StudioError, match=r"t\.csv has no column d: it has a, b, c"):
        read(table, text_column="d")


def test_nothing_is_no_table() -> None:
    assert read("") == ([], [])
    assert read("\n \n") == ([], [])
    assert len(read('"' * 1001)[0]) == 1


def test_tables_end_in_csv_and_tsv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("text,label\r\nHello you,x\r\n".encode("utf-16"))
    (tmp_path / "b.tsv").write_bytes(b"text\tlabel\rHello, me\ty\r")
    (tmp_path / "c.csv").write_bytes(b"text,label\nab\0c,d\n")
    found = preflight(tmp_path, "text")
    assert found.labels == {"d": 1, "x": 1, "y": 1}
    assert any(each.startswith("c.csv: 1 place") for each in found.remarks)


@pytest.mark.parametrize(("more", "examples"), [(0, 3), (1, 2)])
def test_a_label_that_is_too_long_costs_its_own_row(
    tmp_path: Path, more: int, examples: int
) -> None:
    table = tmp_path / "t.csv"
    label = "x" * (limits.LABEL + more)
    table.write_text(f"text,label\none line,a\nanother line,{label}\nthe last line,b\n")
    found = preflight(table, "text")
    assert found.examples == examples
    told = [each for each in found.remarks if "a label of more than 1,000 characters" in each]
    assert len(told) == more
    store = DatasetStore()
    list(store.import_files(table, "d", "text"))
    assert store.info("d").examples == examples


def test_a_title_is_the_text_only_where_nothing_longer_is() -> None:
    rows = "".join(f"{n},Sea {n},I walked by the sea for {n} hours\n" for n in range(30))
    found, remarks = read("id,title,note\n" + rows)
    assert found[0][0] == "I walked by the sea for 0 hours"
    assert "column note" in remarks[0]
    found, _remarks = read("id,title\n1,The sea at night\n2,A walk by the sea\n")
    assert [text for text, _label in found] == ["The sea at night", "A walk by the sea"]


def test_what_pythons_own_reader_says_is_not_in_the_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*_all: object) -> None:
        raise csv.Error("unexpected end of data")

    monkeypatch.setattr("aigc_studio.library.texts.tables._read", breaks)
    with pytest.raises(StudioError) as caught:
        read("text,label\na word,x\n")
    assert str(caught.value) == "The table t.csv cannot be read: save it as CSV again."


def json_rows(text: str) -> tuple[list[list[str]], list[str]]:
    remarks: list[str] = []
    return json_table(text, "a.jsonl", ImportOptions(), remarks)[0], remarks


def test_what_json_says_and_no_text_holds_is_replaced_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "one two", "label": "\\u4e2d\\ud83d\\ude00"}\n'
        '{"text": "a \\ud83d b \\u0000 c", "label": "y\\uDC00", "k\\udc01": ["\\ud83d"]}\n'
    )
    remarks: list[str] = []
    drafts = read_drafts(Source(path, "a.jsonl"), "text", ImportOptions(), remarks)
    assert [(each.artifact, each.label) for each in drafts] == [
        (Text("one two"), "中😀"), (Text("a � b � c"), "y�"),
    ]  # fmt: skip
    assert drafts[1].attributes == {"k�": '["�"]'}
    assert remarks == ["5 places could not be read and became �: line 2."]
    assert not preflight(path, "text", ImportOptions()).problem


def test_a_list_is_a_table_as_lines_are() -> None:
    rows = [["text", "label"], ["one two", "x"], ["three", "y"]]
    one = '[{"text": "one two", "label": "x"}, {"text": "three", "label": "y"}]'
    assert json_rows(one) == (rows, [])
    assert json_rows(one.replace(" {", "\n  {")) == (rows, [])
    assert json_rows('["one", "two"]') == ([["one"], ["two"]], [])
    assert json_rows('["one"]\n["two"]') == ([['["one"]'], ['["two"]']], [])
    assert json_rows('[{"text":\n"\\ud800"}]')[1] == [
        "1 place could not be read and became �: line 2."
    ]


@pytest.mark.parametrize("depth", [65, 400, 900, 50_000])
@pytest.mark.parametrize("mark", ["", '"\\u0000"'])
def test_rows_that_are_deep_are_none(depth: int, mark: str) -> None:
    deep = '{"text": ' + "[" * depth + mark + "]" * depth + "}"
    rows, remarks = json_rows(f'{deep}\n{{"text": "ok"}}')
    assert rows == [["text"], ["ok"]]
    assert remarks == ["1 line is not JSON and was left out."]
    with pytest.raises(StudioError, match="no line that is JSON"):
        json_rows(f"[{deep}]")
