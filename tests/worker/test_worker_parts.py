"""Parts of the worker on their own: seeds, the outbox, the fence, the line of commands."""

import io
import json
import pickle
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import (
    Artifact,
    Bars,
    Candidate,
    Checkpoint,
    Description,
    EditRequest,
    GenerateRequest,
    Image,
    Melody,
    Message,
    Metre,
    Metric,
    Note,
    Preview,
    Progress,
    Span,
    Tempo,
    Text,
)
from aigc_studio.api.requests import Request
from aigc_studio.worker.control import Control
from aigc_studio.worker.outbox import Outbox
from aigc_studio.worker.results import BadResult, Fence, keeps_rest
from aigc_studio.worker.seeds import seed_everything
from aigc_studio.worker.streams import Line

SEEDED = """
import random, sys
from aigc_studio.worker.seeds import seed_everything
if {early}:
    import numpy.random
seed_everything(2**40 + 5, 1)
import numpy, numpy.random
print(random.random(), numpy.random.rand(), numpy.random.__spec__.loader.__class__.__name__)
"""


@pytest.mark.parametrize("early", [True, False])
def test_numpy_is_seeded_before_and_after_its_import(early: bool) -> None:
    import numpy

    done = subprocess.run(
        [sys.executable, "-c", SEEDED.format(early=early)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    numpy.random.seed([5, 2**8])
    random.seed(2**40 + 5)
    assert done.stdout.split() == [
        str(random.random()), str(numpy.random.rand()), "SourceFileLoader"
    ]  # fmt: skip


def test_torch_is_seeded_and_gets_its_threads_after_its_import() -> None:
    program = (
        "from aigc_studio.worker.seeds import seed_everything\n"
        "seed_everything(11, 1)\n"
        "import torch; first = torch.rand(1).item()\n"
        "seed_everything(11, 1)\n"
        "print(first == torch.rand(1).item(), torch.initial_seed(), torch.get_num_threads())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=80
    )
    assert done.stdout.split() == ["True", "11", "1"]


def test_seeding_imports_nothing() -> None:
    program = (
        "import sys\nfrom aigc_studio.worker.seeds import seed_everything\nseed_everything(1, 1)\n"
        "print('numpy' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["False", "False"]


class Lines(Line):
    def __init__(self) -> None:
        super().__init__(-1)
        self.sent: list[list[str]] = []

    def send(self, kind: str, **fields: Any) -> None:
        self.sent.append([event["type"] for event in fields["events"]])


def test_news_is_gathered_but_no_metric_and_no_result_is_lost(tmp_path: Path) -> None:
    line, waiting = Lines(), threading.Event()
    outbox = Outbox(line, 1, tmp_path, waiting)
    for step in range(1000):
        outbox.put(Metric("loss", 1.0, step))
        outbox.put(Progress(step, 1000))
        outbox.put(Preview(Text("x"), step))
    outbox.put(Candidate(Text("one")))
    outbox.put(Message("late"))
    outbox.flush()
    kinds = [kind for kinds in line.sent for kind in kinds]
    assert kinds.count("metric") == 1000
    assert kinds.count("candidate") == 1
    assert kinds.count("progress") < 100
    assert len(line.sent) < 100
    assert waiting.is_set()


def test_pause_and_cancel_reach_only_the_run_they_name() -> None:
    control = Control()
    told: list[str] = []
    commands = [{"do": "run", "run": 5}, {"do": "cancel", "run": 4}, {"do": "pause", "run": 5}]
    commands += [{"do": "resume", "run": 5}]
    for command in commands[:2]:
        control._take(command)
    assert control.hold(told.append) == ""
    control._take(commands[2])
    threading.Timer(0.2, control._take, [commands[3]]).start()
    assert control.hold(told.append) == ""
    assert told == ["paused", "resumed"]
    control._take({"do": "stop", "run": 5})
    assert control.hold(told.append) == "stop"


def test_the_end_of_the_line_ends_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Timer, "start", lambda timer: None)
    control = Control()
    line = json.dumps({"do": "run", "run": 1}).encode()
    control.read(io.BufferedReader(io.BytesIO(line)))
    assert control.next_command() is None
    assert control.ending == "quit"


def fence(medium: type[Artifact] = Text, request: Request | None = None) -> Fence:
    about = Description(id="a", title="A", medium=medium)
    return Fence(about, request or GenerateRequest(seed=10))


def test_a_strip_is_one_result_with_one_seed() -> None:
    guard = fence()
    events = [Candidate(Text("a")), *(Candidate(Text("b"), strip="s", position=n) for n in (0, 1))]
    events += [Candidate(Text("c")), Candidate(Text("d"), seed=99)]
    passed = [guard.passed(event) for event in events]
    assert [event.seed for event in passed if isinstance(event, Candidate)] == [10, 11, 11, 12, 99]


def test_numbers_of_numpy_are_numbers() -> None:
    import numpy

    metric = Metric("loss", numpy.float32(0.5), numpy.int64(3))  # type: ignore[arg-type]
    assert fence().passed(metric) == Metric("loss", 0.5, 3)
    with pytest.raises(BadResult, match="value"):
        fence().passed(Metric("loss", "much"))  # type: ignore[arg-type]


def safetensors(header: str = '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}') -> bytes:
    data = b"\1" if "U8" in header else b""
    return len(header).to_bytes(8, "little") + header.encode() + data


def test_a_checkpoint_is_a_whole_folder_inside_the_training(tmp_path: Path) -> None:
    guard = fence(request=GenerateRequest(folder=tmp_path / "in"))
    for folder in ("in/best", "out"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "weights.safetensors").write_bytes(safetensors())
    (tmp_path / "in" / "empty").mkdir()
    passed = guard.passed(Checkpoint("best", 1))  # type: ignore[arg-type]
    assert isinstance(passed, Checkpoint)
    assert passed.path == (tmp_path / "in" / "best").resolve()
    with pytest.raises(BadResult, match=r"no weights\.safetensors"):
        guard.passed(Checkpoint(tmp_path / "in" / "empty", 1))
    with pytest.raises(BadResult, match="outside"):
        guard.passed(Checkpoint(tmp_path / "out", 1))


@pytest.mark.parametrize(
    ("files", "card", "problem"),
    [
        ({"weights.safetensors": b"x"}, {}, "of its checkpoint best is not whole"),
        ({"weights.safetensors": safetensors()[:-1]}, {}, "is not whole"),
        ({"weights.safetensors": safetensors("{}")}, {}, "has no tensor in it"),
        ({"weights.safetensors": pickle.dumps(1)}, {}, "is a pickle"),
        ({"vocabulary.bin": b"x"}, {}, r"has a file vocabulary\.bin.* only \.safetensors, \.json"),
        ({"deep/state.pt": b"x"}, {}, r"has a file deep/state\.pt"),
        ({}, {"frame": [28, 28]}, "card of its checkpoint best cannot be kept: frame"),
        ({}, {"seen": float("nan")}, "cannot be kept"),
        ({}, {"seen": "a" * 10**6}, "cannot be kept: it is larger than 900,000 B"),
        ({}, ["frame"], "cannot be kept: list"),
    ],
)
def test_what_publishing_refuses_is_found_at_the_first_checkpoint(
    tmp_path: Path, files: dict[str, bytes], card: Any, problem: str
) -> None:
    for name, content in ({"weights.safetensors": safetensors()} | files).items():
        path = tmp_path / "best" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    guard = fence(request=GenerateRequest(folder=tmp_path))
    with pytest.raises(BadResult, match=problem):
        guard.passed(Checkpoint(tmp_path / "best", 1, card=card))


@pytest.mark.parametrize(
    ("after", "kept"),
    [("abXXef", True), ("abef", True), ("abXXeg", False), ("aBXXef", False), ("abf", False)],
)
def test_characters_outside_the_span_stay(after: str, kept: bool) -> None:
    assert keeps_rest(Text("abcdef"), Span(2, 4), Text(after)) is kept


@pytest.mark.parametrize(
    ("after", "kept"),
    [("abcXdef", True), ("abcdef", True), ("abXcdef", False), ("abcef", False), ("", False)],
)
def test_all_characters_stay_around_a_place(after: str, kept: bool) -> None:
    assert keeps_rest(Text("abcdef"), Span(3, 3), Text(after)) is kept
    assert keeps_rest(Text(""), Span(0, 0), Text(after))


def test_the_head_and_the_tail_may_not_share_characters() -> None:
    assert not keeps_rest(Text("aXa"), Span(1, 2), Text("a"))
    assert keeps_rest(Text("aXa"), Span(1, 2), Text("aa"))


def tune(*starts: int, length: int = 1920 * 4) -> Melody:
    return Melody(tuple(Note(start, 480, 60) for start in starts), length=length)


def test_notes_outside_the_bars_stay() -> None:
    before = tune(0, 1920, 3840)
    assert keeps_rest(before, Bars(2, 2), tune(0, 2400, 2880, 3840))
    assert not keeps_rest(before, Bars(2, 2), tune(480, 1920, 3840))
    assert not keeps_rest(before, Bars(2, 2), tune(0, 1920, 3840, length=1920 * 5))


@pytest.mark.parametrize(
    "change",
    [
        {"program": 40},
        {"tempos": (Tempo(0, 100_000),)},
        {"tempos": (Tempo(0), Tempo(1920, 400_000))},
        {"tempos": (Tempo(0), Tempo(3840, 400_000))},
        {"tempos": (Tempo(0), Tempo(3840, 400_000), Tempo(5760))},
        {"metres": (Metre(0), Metre(3840, 3, 4))},
        {"metres": (Metre(0), Metre(1920, 2, 4), Metre(3840))},
        {"ticks_per_quarter": 960},
        {"length": 1920 * 4 + 1},
        {"length": 1920 * 3},
    ],
)
def test_an_edit_of_bars_changes_nothing_of_the_whole_tune(change: dict[str, Any]) -> None:
    before = tune(0, 1920, 3840)
    assert not keeps_rest(before, Bars(2, 2), replace(before, **change))


@pytest.mark.parametrize(
    ("place", "changed"),
    [(0, Note(0, 480, 60, 81)), (0, Note(0, 960, 60)), (2, Note(3840, 480, 61))],
)
def test_velocity_duration_and_pitch_of_notes_outside_stay(place: int, changed: Note) -> None:
    before = tune(0, 1920, 3840)
    notes = [changed if n == place else note for n, note in enumerate(before.notes)]
    assert not keeps_rest(before, Bars(2, 2), replace(before, notes=tuple(notes)))
    assert keeps_rest(before, Bars(2, 2), replace(before, notes=(notes[1], *before.notes[::2])))


def test_no_new_note_sounds_past_the_end_of_the_bars() -> None:
    before = tune(0, 1920, 3840)
    long = replace(before, notes=(*before.notes[::2], Note(1920, 1921, 62)))
    assert not keeps_rest(before, Bars(2, 2), long)
    assert keeps_rest(before, Bars(1, 2), replace(long, notes=(Note(0, 3840, 60), long.notes[2])))
    # Of what sounded there before nothing is taken: it may begin elsewhere, and it may go.
    assert keeps_rest(long, Bars(2, 2), long)
    assert keeps_rest(long, Bars(2, 2), before)
    moved = replace(long, notes=(*before.notes[::2], Note(2400, 1441, 62)))
    assert keeps_rest(long, Bars(2, 2), moved)
    twice = replace(long, notes=(*long.notes, Note(2400, 1441, 62)))
    assert not keeps_rest(long, Bars(2, 2), twice)


def test_a_note_that_sounds_into_the_bars_is_outside() -> None:
    before = replace(tune(1920, 3840), notes=(Note(960, 1920, 60), Note(3840, 480, 60)))
    assert keeps_rest(before, Bars(2, 2), replace(before, notes=(*before.notes, Note(1920, 9, 1))))
    assert not keeps_rest(before, Bars(2, 2), replace(before, notes=before.notes[1:]))
    cut = (Note(960, 960, 60), before.notes[1])
    assert not keeps_rest(before, Bars(2, 2), replace(before, notes=cut))


def test_the_tempo_inside_the_bars_may_change() -> None:
    before = tune(0, 1920, 3840)
    slower = (Tempo(0), Tempo(1920, 700_000), Tempo(2880, 900_000), Tempo(3840))
    assert keeps_rest(before, Bars(2, 2), replace(before, tempos=slower))
    assert keeps_rest(before, Bars(3, 4), replace(before, tempos=(Tempo(0), Tempo(5000, 700_000))))
    assert not keeps_rest(before, Bars(2, 3), replace(before, tempos=slower[:3]))


def test_what_is_missing_of_the_last_bar_may_be_filled_up() -> None:
    before = Melody((Note(0, 480, 60),), length=1920 + 700)
    filled = replace(before, notes=(*before.notes, Note(1920, 1920, 60)))
    assert filled.length == 3840
    assert keeps_rest(before, Bars(2, 2), filled)
    assert not keeps_rest(before, Bars(1, 1), filled)


def test_of_a_tune_the_fence_says_what_was_changed() -> None:
    before = tune(0, 1920, 3840)
    request = EditRequest(artifacts=(before,), selections=(Bars(2, 2),), latents=(None,))
    with pytest.raises(BadResult, match=r"outside the selection \(the instrument\)"):
        fence(Melody, request).passed(Candidate(replace(before, program=1)))


def test_of_two_items_the_first_is_held_to_its_selection() -> None:
    artifacts, selections = (Text("abc"), Text("other")), (Span(1, 2), None)
    request = EditRequest(artifacts=artifacts, selections=selections, latents=(None, None))
    guard = fence(request=request)
    assert guard.passed(Candidate(Text("aXXc"), strip="s"))
    with pytest.raises(BadResult, match="outside"):
        guard.passed(Candidate(Text("other"), strip="s", position=1))
    free = fence(request=replace(request, selections=(None, None)))
    assert free.passed(Candidate(Text("anything")))


def test_the_fence_holds_edits_to_their_selection() -> None:
    request = EditRequest(artifacts=(Text("abc"),), selections=(Span(1, 2),), latents=(None,))
    guard = fence(request=request)
    assert guard.passed(Candidate(Text("aXc")))
    with pytest.raises(BadResult, match="outside"):
        guard.passed(Candidate(Text("XXX")))


def test_a_picture_where_text_was_promised_is_refused() -> None:
    import numpy

    with pytest.raises(BadResult, match="medium image"):
        fence().passed(Candidate(Image(numpy.zeros((2, 2), numpy.uint8))))


def test_seed_everything_can_be_called_again() -> None:
    seed_everything(1, 1)
    first = random.random()
    seed_everything(1, 1)
    assert random.random() == first


def test_a_log_that_grew_too_long_is_begun_anew(tmp_path: Path) -> None:
    program = (
        "import os\nfrom aigc_studio.worker import streams\nstreams.LOG_LIMIT = 1000\n"
        "os.write(2, b'x' * 900); streams.limit_log(); os.write(2, b'y' * 900)\n"
        "streams.limit_log(); os.write(2, b'the end')"
    )
    log = tmp_path / "a.log"
    with log.open("ab") as file:
        subprocess.run([sys.executable, "-c", program], stderr=file, check=True, timeout=60)
    assert log.read_bytes() == b"(the log had grown too long and was begun anew)\nthe end"
