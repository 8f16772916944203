"""JSON that others may have damaged: a value within limits, or a few words on what is wrong."""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import limits
from aigc_studio.api.documents import Damaged, encoded, parse, read, read_lines
from aigc_studio.api.kinds import (
    Either,
    Kind,
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOf,
    Plain,
    Truth,
    Whole,
    Words,
    check,
    record,
)
from aigc_studio.api.tensors import parse_header


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not JSON from line 1"),
        (b'{"a": 1', "not JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b'{"a": "\x00"}', "not JSON"),
        (b"\x00\x00", "not JSON"),
        (b"NaN", "NaN in it"),
        (b"[-Infinity]", "-Infinity in it"),
        (b"1e999", "too large"),
        (b"9" * 21, "too long"),
        (b"9" * 5000, "too long"),
        (b'{"a": 1, "b": 2, "a": 3}', "“a” is there twice"),
        (b"[" * 65 + b"]" * 65, "more than 64 levels"),
        (b"[" * 100_000, "more than 64 levels"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "more than 64 levels"),
        (b" " * 1001, "larger than 1,000 B"),
        (b"[" + b"0," * 2_000_001 + b"0]", "more than 2,000,000 values"),
    ],
)
def test_what_is_no_document_is_damaged(data: bytes, problem: str) -> None:
    with pytest.raises(Damaged, match=problem):
        parse(data, 10_000_000 if b"0," in data or len(data) > 1001 else 1000)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"[" * 64 + b"]" * 64, None),
        (b'"' + b"[" * 500 + b'"', "[" * 500),
        (b"\xef\xbb\xbf{}", {}),
        (b"18446744073709551615", (1 << 64) - 1),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b" " * 998 + b"{}", {}),
    ],
)
def test_what_is_at_the_limit_is_read(data: bytes, value: Any) -> None:
    found = parse(data, 1000)
    assert value is None or found == value


def test_a_string_without_an_end_costs_no_more_than_its_length() -> None:
    # In proportion to its square it would be an hour.
    with pytest.raises(Damaged, match="not JSON from line 1, column 66 on"):
        parse(b"[" * 65 + b'"' + b'\\"' * 1_000_000, 10_000_000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Damaged, match="pipe: it is not a file"):
        read(tmp_path / "pipe", 1000)
    with pytest.raises(Damaged, match="pipe: it is not a file"):
        list(read_lines(tmp_path / "pipe", 10))
    (tmp_path / "folder").mkdir()
    with pytest.raises(Damaged, match="folder: it is not a file"):
        read(tmp_path / "folder", 1000)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none", 1000)


def test_lines_are_named_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b'{"a": 1}\n\n  \r\n{"a": 2}\n{"a": ')
    lines = read_lines(path, 5)
    assert next(lines) == (1, {"a": 1})
    assert next(lines) == (4, {"a": 2})
    with pytest.raises(Damaged, match=r"rows, line 5: it is not JSON"):
        next(lines)
    path.write_bytes(b"1\n" * 5)
    assert len(list(read_lines(path, 5))) == 5
    with pytest.raises(Damaged, match="more than 4 lines"):
        list(read_lines(path, 4))


def test_a_line_may_be_as_long_as_the_limit_and_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b'"' + b"a" * (limits.LINE_BYTES - 3) + b'"\n')
    assert len(list(read_lines(path, 5))) == 1
    path.write_bytes(b'"' + b"a" * limits.LINE_BYTES + b'"\n')
    with pytest.raises(Damaged, match="line 1: it is larger than 17 MB"):
        list(read_lines(path, 5))


@pytest.mark.parametrize(
    "value",
    [
        {"a": math.nan}, {"a": object()}, {"a": 10**30}, {"a": {1, 2}}, {(1, 2): 3},
        {"a": "x" * 1000}, json.loads("[" * 70 + "]" * 70), {"a": b"x"},
    ],
)  # fmt: skip
def test_what_could_not_be_read_back_is_not_written(value: Any) -> None:
    with pytest.raises(Damaged):
        encoded(value, 1000)


def test_what_is_written_is_read_back_and_indented_while_it_fits() -> None:
    value = {"names": [f"{n}" for n in range(100)], "odd": "\udc80\ud800"}
    small = encoded(value, 700, indent=1)
    assert b"\n " not in small
    assert parse(small, 700) == value
    large = encoded(value, 7000, indent=1)
    assert b"\n " in large
    assert parse(large, 7000) == value
    size = len(encoded(value, 7000))
    assert len(encoded(value, size)) == size
    with pytest.raises(Damaged, match="larger than"):
        encoded(value, size - 1)


@pytest.mark.parametrize(("count", "indented"), [(30_000, True), (150_000, False)])
def test_what_nobody_looks_into_is_not_indented(count: int, indented: bool) -> None:
    value = {"numbers": [0] * count}  # two bytes each
    data = encoded(value, 10**7, indent=1)
    assert (b"\n  " in data) == indented
    assert parse(data, 10**7) == value


SMALL = record({"n": Whole(0, 9)}, kind=OneOf(("a", "b")))


@pytest.mark.parametrize(
    ("kind", "fitting", "others"),
    [
        (Whole(0, 9), [0, 9], [-1, 10, True, 1.0, "1", None, [1]]),
        (Number(0, 1), [0, 1, 0.5], [-0.1, 2, True, "0.5", None]),
        (Number(), [-1e300, 10**15], [math.nan, math.inf, 10**400]),
        (Words(3), ["", "abc", "é"], ["abcd", 1, None, "a\0", "\ud800", "\udc80"]),
        (Words(3, paths=True), ["\udc80"], ["\ud800", "a\0"]),
        (Words(3, form="[a-z]+"), ["abc"], ["", "aB", "abc\n"]),
        (Truth(), [True, False], [0, 1, "true", None]),
        (OneOf(("a", None)), ["a", None], ["b", 1, ["a"], {}]),
        (ListOf(Whole(), 2, least=1), [[1], [1, 2]], [[], [1, 2, 3], ["a"], (1,), "1"]),
        (MapOf(Whole(), 1, 3), [{}, {"abc": 1}], [{"abcd": 1}, {"a": "1"}, {"a": 1, "b": 2}, []]),
        (Maybe(Whole()), [None, 1], ["1", -1]),
        (Either((Whole(), Words(1))), [1, "a"], [None, "ab"]),
        (Plain(), [{"a": ["é", 1]}, None], [{"a": "\ud800"}, ["\udc80"]]),
        (SMALL, [{"n": 1}, {"n": 1, "kind": "a", "more": []}], [{}, {"n": 1, "kind": "c"}, [], 3]),
    ],
)
def test_a_kind_lets_in_what_it_says(kind: Kind, fitting: list[Any], others: list[Any]) -> None:
    for value in fitting:
        check(value, kind)
    for value in others:
        with pytest.raises(Damaged) as caught:
            check(value, kind, "field")
        assert str(caught.value)


def test_a_fault_says_where_it_is() -> None:
    kind = record({"rows": ListOf(SMALL)}, names=MapOf(Words(2)))
    for value, words in (
        ({"rows": [{"n": 1}, {"n": "x"}]}, r"“rows\[1\]\.n” should be a whole number from 0 to 9"),
        ({"rows": [{}]}, r"“rows\[0\]\.n” is missing"),
        ({"rows": [], "names": {"a": "abc"}}, r"“names\.a” should be a text of at most 2"),
        ([], "it should be an object"),
    ):
        with pytest.raises(Damaged, match=words):
            check(value, kind)


def header(**changed: Any) -> bytes:
    tensor = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changed
    return json.dumps({"a": tensor}).encode()


@pytest.mark.parametrize(
    "text",
    [
        b"true", b"[]", b"3", b'{"a": true}', b'{"a": []}', header(dtype="F99"), header(dtype=None),
        header(shape=[-2]), header(shape=[2.0]), header(shape=[True, 2]), header(shape="2"),
        header(shape=[1 << 70]), header(shape=[0, 1 << 50], data_offsets=[0, 0]),
        header(shape=[1] * 17 + [2]), header(data_offsets=[0]), header(data_offsets=[8, 0]),
        header(data_offsets=[1, 9]), header(data_offsets=["0", 8]), header(data_offsets=[0, 16]),
        b'{"__metadata__": {"a": 1}, ' + header()[1:], b'{"__metadata__": [], ' + header()[1:],
        b'{"a": 1, ' + header()[1:], b'{"a":' * 20 + b"1" + b"}" * 20,
    ],
)  # fmt: skip
def test_headers_of_weights_that_lie_are_damaged(text: bytes) -> None:
    assert parse_header(header(), 8).numbers == 2
    with pytest.raises(Damaged):
        parse_header(text, 8)


def test_no_file_of_weights_has_more_tensors_than_are_looked_at_at_once() -> None:
    """150,000 of them, in a file of 10 MB, held up every list of models for three seconds."""
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    many = {str(number): empty for number in range(20_000)}
    assert len(parse_header(json.dumps(many).encode(), 0).shapes) == 20_000
    with pytest.raises(Damaged):
        parse_header(json.dumps({**many, "more": empty}).encode(), 0)
