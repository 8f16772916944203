"""The border's schemas, fed with what nobody would write: a value comes out, or one exception."""

import contextlib
import copy
import json
import math
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import a_melody, a_text, an_image

from aigc_studio.api import (
    Annotation,
    Artifact,
    Bars,
    Candidate,
    Checkpoint,
    Description,
    Event,
    GenerateRequest,
    Image,
    Mask,
    Melody,
    Message,
    Metre,
    Metric,
    Note,
    Operation,
    Preview,
    Progress,
    Span,
    Tempo,
    Text,
    limits,
)
from aigc_studio.api.fitting import (
    MOST,
    MOST_REMARKS,
    Misfit,
    name,
    plain_json,
    plain_words,
    remark,
    whole,
    words,
)
from aigc_studio.wire import decode_event, encode_event
from aigc_studio.wire.fitting import Count, check_artifact, fit_event, smaller
from aigc_studio.wire.lines import BadLine, parse_line

SEEDS = range(6)
ROUNDS = 400

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 5, 2**63, -(2**63) - 1, 10**400, 0.5, 1e308, "", "x", "\ud800\0",
    "nan", "../..", "a" * 5000, [], [1], [[]], {}, {"en": 5}, {"en": "x", "zh": None}, {"": ""},
    [None],
)  # fmt: skip
"""What may stand in any place of a document."""


def picture(width: int = 4, height: int = 3) -> Image:
    return Image(np.zeros((height, width), np.uint8))


def events() -> list[Event]:
    return [
        Progress(1, 2, {"en": "a", "zh": "b"}),
        Metric("loss", math.nan, 3),
        Preview(picture(), 4, "look"),
        Candidate(Text("made"), b"latent", 0.5, "strip", 1, 7, {"en": "t"}),
        Candidate(Melody((Note(0, 480, 60),)), seed=1),
        Checkpoint(Path("/tmp/m"), 3, {"loss": math.inf}, True, {"frame": {"width": 28}}),
        Message("said", "warning"),
        Annotation(Span(0, 1), 0.5, "why"),
        Annotation(Bars(1, 2), 0.5),
    ]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a document something else may stand."""
    yield path
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in pairs:
            yield from places(each, (*path, key))


def spoilt(document: Any, dice: random.Random) -> Any:
    """A copy in which something odd stands in a place or two, or is missing."""
    found = copy.deepcopy(document)
    for _time in range(dice.choice((1, 1, 2))):
        path = dice.choice(list(places(found)))
        if not path:
            continue
        inner = found
        for key in path[:-1]:
            inner = inner[key]
        if dice.random() < 0.2 and isinstance(inner, dict):
            del inner[path[-1]]
        else:
            inner[path[-1]] = copy.deepcopy(dice.choice(ODD))
    return found


def wild(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON."""
    kind = dice.random()
    if depth > 4 or kind < 0.5:
        return dice.choice(["type", "is", "events", "run", *ODD])
    if kind < 0.75:
        return [wild(dice, depth + 1) for _n in range(dice.randrange(4))]
    keys = ["type", "is", "artifact", "medium", "data", "text", "run", "events", "id", "x"]
    return {dice.choice(keys): wild(dice, depth + 1) for _n in range(dice.randrange(5))}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_event_is_a_plain_value_or_a_misfit(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    whole_ones = [encode_event(event, tmp_path, f"e-{n}") for n, event in enumerate(events())]
    values = 0
    for _round in range(ROUNDS):
        document = wild(dice) if dice.random() < 0.2 else spoilt(dice.choice(whole_ones), dice)
        try:
            event = decode_event(document, tmp_path)
        except (Misfit, OSError):
            continue
        values += 1
        # What was taken once is taken again as it is: it can be kept.
        again = decode_event(json.loads(json.dumps(encode_event(event, tmp_path, "a"))), tmp_path)
        assert repr(again) == repr(event)
    assert values > ROUNDS // 20


@pytest.mark.parametrize("seed", SEEDS)
def test_any_description_is_a_plain_value_or_a_misfit(seed: int) -> None:
    dice = random.Random(seed)
    part = {"type": "integer", "minimum": 1, "maximum": 9, "default": 2, "title": "A",
            "x-ui": {"label": {"en": "A"}, "step": 1, "choices": {"1": "one"}}, "enum": [1, 2],
            "anyOf": [{"type": "null"}, {"$ref": "#/$defs/B"}]}  # fmt: skip
    schema = {"type": "object", "properties": {"a": part}, "$defs": {"B": {"type": "string"}}}
    one = Operation(id="one", verb="generate", title={"en": "One"}, help="h", parameters=schema)
    about = Description(id="a", title="A", medium="text", operations=(one,), verbs=("generate",))
    document = json.loads(json.dumps(about.to_json()))
    values = 0
    from aigc_studio.ui.forms.schema import fields_of

    for _round in range(ROUNDS):
        odd = wild(dice) if dice.random() < 0.1 else spoilt(document, dice)
        try:
            found = Description.from_json(odd)
        except Misfit:
            continue
        values += 1
        assert Description.from_json(json.loads(json.dumps(found.to_json()))) == found
        for operation in found.operations:
            fields_of(operation.schema)  # a form can be made of it
    assert values > ROUNDS // 20


REPLIES: tuple[dict[str, Any], ...] = (
    {"is": "hello", "pid": 1, "api": 1, "python": "3"},
    {"is": "beat"},
    {"is": "importing"},
    {"is": "warmed", "torch": True},
    {"is": "loaded", "description": {}, "home": "/", "warnings": ["w"], "outdated": ["o"],
     "torch": False},
    {"is": "refused", "state": "failed", "reason": "r", "details": "d",
     "place": {"file": "f", "line": 1, "function": "g"}},
    {"is": "started", "run": "1"},
    {"is": "events", "run": "1", "events": [{"type": "message"}]},
    {"is": "ended", "run": "1", "state": "failed", "sentence": {"en": "s", "zh": "t"},
     "parameter": "p", "details": "d", "errors": {"p": "s"}, "mendable": True,
     "place": {"file": "f", "line": 1, "function": "g"}, "outdated": ["s"]},
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_any_line_is_a_reply_or_a_bad_line(seed: int) -> None:
    dice = random.Random(seed)
    kinds = {reply["is"] for reply in REPLIES}
    for _round in range(ROUNDS):
        document = wild(dice) if dice.random() < 0.2 else spoilt(dice.choice(REPLIES), dice)
        line = bytearray(json.dumps(document).encode())
        if dice.random() < 0.3 and line:
            line[dice.randrange(len(line))] = dice.randrange(256)
        with contextlib.suppress(BadLine):
            assert parse_line(bytes(line))["is"] in kinds


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: str(reply["is"]))
def test_what_a_worker_says_is_understood(reply: dict[str, Any]) -> None:
    parsed = parse_line(json.dumps(reply).encode())
    assert parsed.items() <= reply.items()


@pytest.mark.parametrize(
    "line",
    [b"", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b"9" * 5000, b'{"is": "beat"} {}',
     b'{"is": "loaded", "description": {}, "home": "a\\u0000", "warnings": [], '
     b'"outdated": [], "torch": false}',
     b'{"is": "beat", "x": Infinity}', b'{"is": "beat", "x": ' + b"[" * 64 + b"]" * 64 + b"}"],
    ids=range(9),
)  # fmt: skip
def test_lines_that_are_none(line: bytes) -> None:
    with pytest.raises(BadLine):
        parse_line(line)


def test_a_line_and_its_depth_have_limits() -> None:
    beat = b'{"is": "beat", "x": "%s"}'
    longest = beat % (b"x" * (limits.LINE_BYTES - len(beat) + 2))
    assert len(longest) == limits.LINE_BYTES
    assert parse_line(longest) == {"is": "beat"}
    with pytest.raises(BadLine, match="bytes"):
        parse_line(longest + b" ")
    deepest = b'{"is": "beat", "x": ' + b"[" * (limits.DEPTH - 1) + b"]" * (limits.DEPTH - 1) + b"}"
    assert parse_line(deepest) == {"is": "beat"}
    with pytest.raises(BadLine, match="levels"):
        parse_line(deepest.replace(b"[]", b"[[]]"))


# At each limit, and one above


@pytest.mark.parametrize(
    ("made", "fits", "does_not"),
    [
        (lambda n: Candidate(Text("x" * n)), limits.TEXT_BYTES, limits.TEXT_BYTES + 1),
        (lambda n: Candidate(Text("é" * n)), limits.TEXT_BYTES // 2, limits.TEXT_BYTES // 2 + 1),
        (lambda n: Candidate(picture(n, 8000)), 8000, 8001),
        (lambda n: Candidate(picture(n, 1)), limits.PICTURE_SIDE, limits.PICTURE_SIDE + 1),
        (lambda n: Preview(picture(n, 1024)), 1024, 1025),
        (lambda n: Preview(Text("x" * n)), limits.PREVIEW_CHARACTERS,
         limits.PREVIEW_CHARACTERS + 1),
        (lambda n: Progress(n, MOST), MOST, MOST + 1),
        (Progress, 0, -1),
        (lambda n: Metric("x", 1.0, n), -MOST - 1, -MOST - 2),
        (lambda n: Candidate(Text(""), seed=n), MOST, MOST + 1),
        (lambda n: Candidate(Text(""), seed=n), 0, -1),
        (lambda n: Candidate(Text(""), position=n), -limits.POSITION, -limits.POSITION - 1),
        (lambda n: Candidate(Text(""), position=n), limits.POSITION, limits.POSITION + 1),
        (lambda n: Annotation(Mask(np.ones((n, 8000), np.uint8)), 0.5), 8000, 8001),
    ],
    ids=["text", "text in UTF-8", "pixels", "side", "preview", "preview text", "step", "no step",
         "metric step", "seed", "no seed", "low position", "position", "mask"],
)  # fmt: skip
def test_an_event_at_its_limit_fits_and_one_above_does_not(
    made: Callable[[int], Event], fits: int, does_not: int
) -> None:
    assert fit_event(made(fits)) is not None
    with pytest.raises(Misfit):
        fit_event(made(does_not))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"a": None, "b": 1, "c": "low", 5: 1.0, "d": np.float32(2)}, {"b": 1.0, "d": 2.0}),
        ([1.0], {}),
        (dict.fromkeys(map(str, range(limits.METRICS)), 1.0), limits.METRICS),
        (dict.fromkeys(map(str, range(limits.METRICS + 9)), 1.0), limits.METRICS),
    ],
    ids=["odd", "list", "at the limit", "above it"],
)
def test_metrics_that_are_none_are_left_out_and_said(given: Any, kept: Any) -> None:
    remarks: list[str] = []
    fitted = fit_event(Checkpoint(Path("a"), 1, given), remarks)
    assert isinstance(fitted, Checkpoint)
    assert kept in (fitted.metrics, len(fitted.metrics))
    assert bool(remarks) == (len(fitted.metrics) < len(given))


def test_a_melody_has_limits() -> None:
    notes = tuple(Note(n, 1, 60) for n in range(limits.NOTES))
    check_artifact(Melody(notes), "Candidate")
    with pytest.raises(Misfit, match="100001 notes"):
        check_artifact(Melody((*notes, Note(0, 1, 61))), "Candidate")
    tempos = tuple(Tempo(n) for n in range(limits.CHANGES))
    check_artifact(Melody(tempos=tempos), "Candidate")
    with pytest.raises(Misfit, match="100001 changes of tempo"):
        check_artifact(Melody(tempos=(*tempos, Tempo(limits.CHANGES))), "Candidate")
    with pytest.raises(Misfit, match="too large"):
        check_artifact(Melody((Note(0, 10**18, 60),), ticks_per_quarter=10**18), "Candidate")


def test_what_can_be_previewed_is_made_to_fit() -> None:
    odd: list[Artifact] = [
        picture(4000, 3000), picture(limits.PICTURE_SIDE, 20), picture(20, limits.PICTURE_SIDE),
        Text("x" * 10**6), Melody(tuple(Note(n, 1, 60) for n in range(50_000))),
        Melody((Note(0, 480 * 4 * 100_000, 60),)),
        Melody(metres=tuple(Metre(n * 1920) for n in range(3000)), length=3000 * 1920),
    ]  # fmt: skip
    for artifact in odd:
        small = smaller(artifact)
        assert fit_event(Preview(small)) == Preview(small)
        assert smaller(small) is small
    assert smaller(picture()) == picture()
    assert a_text(smaller(Text("x" * 10**6))).value.endswith("…")
    assert a_melody(smaller(odd[5])).notes[0].start == 0
    assert an_image(smaller(odd[0])).width == 1182


def test_a_picture_is_looked_at_before_it_is_unpacked(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sealed

    for width, height in ((60_000, 60_000), (9_000, 9_000), (20_000, 20_000)):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        data = (
            b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        )
        (tmp_path / "bomb.png").write_bytes(data)
        artifact = {"medium": "image", "file": "bomb.png"}
        document = encode_event(Candidate(Text("x")), tmp_path, "a") | {"artifact": artifact}
        with pytest.raises(Misfit):
            decode_event(document, tmp_path)


@pytest.mark.parametrize("file", ["../x.txt", "/etc/passwd", "..", ".", "", "a/b", "a\0", 5, ["a"]])
def test_a_file_is_named_and_no_path(tmp_path: Path, file: Any) -> None:
    document = encode_event(Candidate(Text("x")), tmp_path, "a")
    with pytest.raises(Misfit):
        decode_event(document | {"artifact": {"medium": "text", "file": file}}, tmp_path)


# The small parts


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\r\nc\u2028d\te", "a b c d e"),
        ("\0a\x1b[31mb\x7f\x9f", "a[31mb"),
        ("\u202eabc\u2066", "abc"),
        ("\ud800x", "\ufffdx"),
        ("x" * limits.TITLE, "x" * limits.TITLE),
        ("x" * (limits.TITLE + 1), "x" * (limits.TITLE - 1) + "…"),
        ("\0" * 10**6 + "late", "…"),
        ("👩‍🔬 é 数字", "👩‍🔬 é 数字"),
    ],
)
def test_words_are_plain_and_cut(given: str, shown: str) -> None:
    assert plain_words(given) == shown
    assert plain_words(shown) == shown


def test_words_of_several_lines_keep_some() -> None:
    assert plain_words("a\nb", 100, 3) == "a\nb"
    assert plain_words("a\nb\nc\nd", 100, 3) == "a\nb\nc d"
    assert plain_words("\n" * 5000, limits.SENTENCE, 3) == ""


def test_a_gap_costs_no_more_than_its_length() -> None:
    gap = " \t" * 500_000  # looked at from each of its places, this would take an hour
    assert plain_words(f"a\nb{gap}c", 2_000_000, 1).split() == ["a", "b", "c"]
    assert plain_words(f"a{gap}\n{gap}b", 2_500_000, 1) == "a b"


def test_a_flood_of_remarks_is_cut() -> None:
    remarks: list[str] = []
    for number in range(10 * MOST_REMARKS):
        remark(remarks, f"the metric {number} is none")
    assert remarks == [f"the metric {number} is none" for number in range(MOST_REMARKS)]


def test_words_of_other_types_are_left_out_and_said() -> None:
    remarks: list[str] = []
    assert words({"en": "a", "zh": None}, "Candidate", "title", remarks) == {"en": "a"}
    assert words(5, "Candidate", "title", remarks) == ""
    assert words(5, "Candidate", "title", remarks) == ""
    assert remarks == [
        "the title of its Candidate has no words in zh",
        "the title of its Candidate is of the type int",
    ]
    with pytest.raises(Misfit):
        words({"en": None}, "Description", "title", needed=True)


def test_names_stay_different() -> None:
    long = "x" * 500
    assert name("strip", "Candidate", "strip") == "strip"
    assert name(long + "a", "Candidate", "strip") != name(long + "b", "Candidate", "strip")
    assert len(name(long, "Candidate", "strip")) <= limits.TITLE
    cut = name(long, "Candidate", "strip")
    assert name(cut, "Candidate", "strip") == cut


def test_numbers_are_plain() -> None:
    assert type(whole(np.int64(5), "a", "b")) is int
    for odd in (True, 1.0, "1", None, [1]):
        with pytest.raises(Misfit, match="type"):
            whole(odd, "a", "b")


@pytest.mark.parametrize(
    "value", [math.nan, {"a": object()}, {1.5: 1}, "x" * 100_000, 10**30, [[[]]] * 300_000]
)
def test_json_that_is_none(value: Any) -> None:
    with pytest.raises(Misfit):
        plain_json(value, "Operation", "parameters")


def test_a_circle_is_too_deep() -> None:
    circle: dict[str, Any] = {}
    circle["a"] = [circle]
    with pytest.raises(Misfit, match="deep"):
        plain_json(circle, "Operation", "parameters")


def test_who_asks_for_more_may_get_more() -> None:
    for asked, results, frames in (
        (1, 1_000, 1_000),
        (1_000, 1_000, 10_000),
        (2_000, 128_000, 128_000),
    ):
        count = Count(GenerateRequest(count=asked))
        assert (count.most_results, count.most_frames) == (results, frames)


@pytest.mark.parametrize("turn_by_turn", [True, False])
def test_a_strip_is_one_result_and_its_frames_have_a_limit(turn_by_turn: bool) -> None:
    count = Count(GenerateRequest(count=200))
    numbers = [number for _step in range(8) for number in range(200)]
    for number in numbers if turn_by_turn else sorted(numbers):
        assert count.add(f"strip {number}") == number
    assert (count.results, count.frames) == (200, 1_600)
    for _single in range(800):
        count.add()
    with pytest.raises(Misfit, match="more than 1000 results"):
        count.add()
    count = Count(GenerateRequest(count=200))
    for _frame in range(limits.FRAMES):
        count.add("one")
    with pytest.raises(Misfit, match="more than 10000 frames"):
        count.add("one")
    Count(GenerateRequest()).add(["no strip"])


def _as_subclass(event: Event) -> Event:
    kind: Callable[..., Event] = type("Mine", (type(event),), {})
    return kind(**{key: getattr(event, key) for key in vars(event)})


def test_events_of_a_plugins_own_kind_are_plain_ones() -> None:
    for event in events():
        fitted = fit_event(_as_subclass(event))
        assert type(fitted) is type(event)
        assert repr(fitted) == repr(event)
    assert fit_event(replace(Progress(1), step=np.int32(2))) == Progress(2)  # type: ignore[arg-type]
