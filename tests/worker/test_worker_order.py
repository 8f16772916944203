"""What leaves a worker leaves in order, and within its limits."""

import math
import threading
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import (
    Annotation,
    Candidate,
    Description,
    EvaluateRequest,
    GenerateRequest,
    Metric,
    Partial,
    Preview,
    Progress,
    Span,
    Text,
)
from aigc_studio.api.events import LATENT_LIMIT
from aigc_studio.worker.outbox import INTERVAL, Outbox
from aigc_studio.worker.results import BadResult, Fence
from aigc_studio.worker.streams import Line


class Lines(Line):
    """Keeps the events of each line."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.sent: list[list[dict[str, Any]]] = []

    def send(self, kind: str, **fields: Any) -> None:
        assert kind == "events"
        self.sent.append(fields["events"])


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def outbox(lines: Lines, tmp_path: Path) -> Outbox:
    outbox = Outbox(lines, 1, tmp_path, threading.Event())
    outbox.put(Progress(0, 9, "begun"))  # goes at once: what follows it is held back
    return outbox


def test_progress_that_goes_back_is_seen_to(lines: Lines, outbox: Outbox) -> None:
    for step in (2, 5, 3, 4):
        outbox.put(Progress(step, 9))
    outbox.put(Candidate(Text("made")))
    told = [event["step"] for event in lines.sent[-1] if event["type"] == "progress"]
    assert told == [5, 4]


def test_a_result_comes_after_the_news_that_was_before_it(lines: Lines, outbox: Outbox) -> None:
    outbox.put(Progress(3, 9))
    outbox.put(Preview(Text("p"), 3))
    outbox.put(Metric("loss", 1.0, 2))
    outbox.put(Metric("loss", 0.5, 3))
    outbox.put(Candidate(Text("made")))
    kinds = [[event["type"] for event in line] for line in lines.sent]
    assert kinds == [["progress"], ["metric", "metric", "preview", "progress", "candidate"]]
    assert [event["step"] for event in lines.sent[1] if event["type"] == "metric"] == [2, 3]


def test_of_progress_and_of_previews_with_one_title_the_newest_is_told(
    lines: Lines, outbox: Outbox
) -> None:
    for step in range(1, 5):
        outbox.put(Progress(step, 9))
        outbox.put(Preview(Text(f"a{step}"), step, "a"))
        outbox.put(Preview(Text(f"b{step}"), step, "b"))
    outbox.flush()
    told = [(event["type"], event.get("step")) for event in lines.sent[1]]
    assert told == [("preview", 4), ("preview", 4), ("progress", 4)]


def test_a_number_alone_waits_for_what_comes_with_it(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("aigc_studio.worker.outbox.time.monotonic", lambda: now[0])
    waiting = threading.Event()
    outbox = Outbox(lines, 1, tmp_path, waiting)
    for step in range(3):
        outbox.put(Progress(step, 3))
        outbox.put(Candidate(Text("made")))
    kinds = [[event["type"] for event in line] for line in lines.sent]
    assert kinds == [["progress", "candidate"]] * 3
    now[0] += 1.0
    outbox.put(Progress(3, 3))
    assert len(lines.sent) == 3
    assert waiting.is_set()
    now[0] += INTERVAL
    outbox.send_due()
    assert [event["step"] for event in lines.sent[3]] == [3]
    now[0] += 1.0
    outbox.put(Progress(1, 9))
    outbox.put(Partial(Text("a")))  # what a person waits for waits for nothing
    assert [event["type"] for event in lines.sent[4]] == ["partial", "progress"]
    now[0] += 1.0
    outbox.put(Progress(2, 9, "Another part"))
    assert [event["text"] for event in lines.sent[5]] == ["Another part"]


def test_a_latent_may_be_as_long_as_the_limit_and_not_longer() -> None:
    fence = Fence(Description(id="a", title="A", medium=Text), GenerateRequest())
    longest = Candidate(Text("x"), latent=bytes(LATENT_LIMIT))
    assert fence.passed(longest) == Candidate(Text("x"), latent=bytes(64 * 1024), seed=0)
    with pytest.raises(BadResult, match="65537 bytes, and 65536 are allowed"):
        fence.passed(Candidate(Text("x"), latent=bytes(LATENT_LIMIT + 1)))


@pytest.mark.parametrize("value", [-0.01, 1.5, math.nan, math.inf, "much"])
def test_an_annotation_is_from_nought_to_one(value: Any) -> None:
    request = EvaluateRequest(artifact=Text("ab"))
    fence = Fence(Description(id="a", title="A", medium=Text), request)
    assert fence.passed(Annotation(Span(0, 1), 0.0)) == Annotation(Span(0, 1), 0.0)
    assert fence.passed(Annotation(Span(0, 1), 1.0)) == Annotation(Span(0, 1), 1.0)
    with pytest.raises(BadResult, match="nnotation"):
        fence.passed(Annotation(Span(0, 1), value))


def test_of_what_grows_the_newest_goes_and_the_last_is_not_lost(
    lines: Lines, outbox: Outbox
) -> None:
    for letter in range(100):
        outbox.put(Partial(Text("a" * letter), 0))
        outbox.put(Partial(Text("b" * letter), 1))
    outbox.flush()
    told = [event for line in lines.sent for event in line if event["type"] == "partial"]
    assert len(told) < 200
    assert [event["number"] for event in told[-2:]] == [0, 1]


def test_what_is_large_leaves_the_plugin_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("aigc_studio.worker.outbox.time.monotonic", lambda: now[0])

    class Slow(Lines):
        def send(self, kind: str, **fields: Any) -> None:
            super().send(kind, **fields)
            now[0] += 1.0  # a picture of many pixels

    lines, waiting = Slow(), threading.Event()
    outbox = Outbox(lines, 1, tmp_path, waiting)
    outbox.put(Partial(Text("one")))
    now[0] += 1.0
    outbox.put(Partial(Text("two")))
    outbox.send_due()
    assert len(lines.sent) == 1
    assert waiting.is_set()
    now[0] += 1.0
    outbox.send_due()
    assert len(lines.sent) == 2
    outbox.put(Candidate(Text("made")))  # at once, whatever it takes
    assert len(lines.sent) == 3
