"""What a plugin says of an item leaves its worker many at a time, and none that does not fit."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import (
    Annotation,
    Bars,
    Description,
    EvaluateRequest,
    GenerateRequest,
    Image,
    Mask,
    Melody,
    Note,
    Progress,
    Span,
    Text,
    limits,
)
from aigc_studio.worker.outbox import Outbox
from aigc_studio.worker.results import BadAnnotation, BadResult, Fence
from aigc_studio.worker.streams import Line

TUNE = Melody((Note(0, 480, 60), Note(1920, 480, 62)))


class Lines(Line):
    """Keeps the events of each line."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.sent: list[list[dict[str, Any]]] = []

    def send(self, kind: str, **fields: Any) -> None:
        assert kind == "events"
        self.sent.append(fields["events"])


def fence(artifact: Any, medium: type[Any] = Text) -> Fence:
    about = Description(id="a", title="A", medium=medium)
    return Fence(about, EvaluateRequest(artifact=artifact))


def mask(width: int, height: int) -> Mask:
    return Mask(np.full((height, width), 255, np.uint8))


def test_thousands_go_in_a_few_lines_in_order_and_none_is_lost(tmp_path: Path) -> None:
    lines = Lines()
    outbox = Outbox(lines, 1, tmp_path, threading.Event())
    outbox.put(Progress(0, 9))
    for number in range(30_000):
        outbox.put(Annotation(Span(number, number + 1), 0.5, {"en": "x" * 9, "zh": "字" * 9}))
    outbox.flush()
    said = [each for line in lines.sent for each in line if each["type"] == "annotation"]
    assert [each["selection"]["span"][0] for each in said] == list(range(30_000))
    assert len(lines.sent) < 200
    longest = max(len(str(line)) for line in lines.sent)
    assert longest < limits.LINE_BYTES


@pytest.mark.parametrize(
    ("artifact", "selection", "why"),
    [
        (Text("ab"), Span(0, 3), "characters 0 to 3, and the text has 2"),
        (TUNE, Bars(2, 3), "bars 2 to 3, and there are 2"),
        (Image(np.zeros((2, 3), np.uint8)), mask(2, 3), "2×3 pixels, and the picture 3×2"),
        (Text("ab"), Bars(1, 1), "of a Bars, and must be of Span"),
        (TUNE, Span(0, 3_841), "ticks 0 to 3841, and the melody has 3840"),
        (TUNE, mask(2, 3), "of a Mask, and must be of Bars, Span"),
        (Image(np.zeros((2, 3), np.uint8)), Span(0, 1), "of a Span, and must be of Mask"),
        (None, Span(0, 1), "was given no item to explain"),
        (Text(""), Span(0, 1), "characters 0 to 1, and the text has 0"),
    ],
)
def test_what_is_of_no_part_of_the_item_is_left_out(
    artifact: Any, selection: Any, why: str
) -> None:
    with pytest.raises(BadAnnotation, match=why):
        fence(artifact).passed(Annotation(selection, 0.5))


@pytest.mark.parametrize("artifact", [Text("ab"), TUNE])
def test_bars_and_spans_that_cannot_be_are_left_out(artifact: Any) -> None:
    for kind, names in ((Bars, ("first", "last")), (Span, ("start", "stop"))):
        forged: Any = object.__new__(kind)
        for name in names:
            object.__setattr__(forged, name, -1 if kind is Span else 0)
        with pytest.raises(BadAnnotation):
            fence(artifact).passed(Annotation(forged, 0.5))


def test_the_author_hears_of_the_first_that_is_left_out() -> None:
    one = fence(Text("ab"))
    for value in ("0.5", 2.0, float("nan")):
        wrong = Annotation(Span(0, 1), value)  # type: ignore[arg-type]
        with pytest.raises(BadAnnotation) as raised:
            one.passed(wrong)
        one.leave_out(raised.value)
    assert one.misfits == 3
    assert len(one.remarks) == 1
    assert "an annotation was left out, because" in one.remarks[0]


def test_rounding_is_no_fault() -> None:
    one = fence(Text("ab"))
    assert one.passed(Annotation(Span(0, 1), float(np.float32(1.0000001)))).value == 1.0  # type: ignore[union-attr]
    assert one.passed(Annotation(Span(0, 1), -1e-9)).value == 0.0  # type: ignore[union-attr]


def test_they_are_as_many_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ANNOTATIONS", 3)
    one = fence(Text("ab"))
    for _ in range(3):
        one.passed(Annotation(Span(0, 1), 0.5))
    with pytest.raises(BadResult, match="more than 3 annotations") as raised:
        one.passed(Annotation(Span(0, 1), 0.5))
    assert not isinstance(raised.value, BadAnnotation)


def test_their_masks_have_as_many_pixels_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ANNOTATED_PIXELS", 12)
    one = fence(Image(np.zeros((2, 3), np.uint8)), Image)
    for _ in range(2):
        one.passed(Annotation(mask(3, 2), 0.5))
    with pytest.raises(BadResult, match="more than 12 pixels together"):
        one.passed(Annotation(mask(3, 2), 0.5))


def test_who_was_to_make_something_explains_nothing() -> None:
    one = Fence(Description(id="a", title="A", medium=Text), GenerateRequest())
    with pytest.raises(BadResult) as raised:
        one.passed(Annotation(Span(0, 1), 0.5))
    assert not isinstance(raised.value, BadAnnotation)


def test_they_go_as_they_come_however_long_sending_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]

    class Slow(Lines):
        def send(self, kind: str, **fields: Any) -> None:
            super().send(kind, **fields)
            now[0] += 1.0

    monkeypatch.setattr("aigc_studio.worker.outbox.time.monotonic", lambda: now[0])
    lines = Slow()
    outbox = Outbox(lines, 1, tmp_path, threading.Event())
    for _ in range(3):
        outbox.put(Annotation(Span(0, 1), 0.5))
        now[0] += 0.04  # more than an interval, and less than sending took
    assert len(lines.sent) == 3
