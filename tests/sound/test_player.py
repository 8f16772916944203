"""The player and its process, with the null device, which runs in real time."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from leaks import nothing_left_behind

from aigc_studio.api.melody import KeySignature, Melody, Note
from aigc_studio.sound.player import Player, _text

PIECE = Melody(tuple(Note(n * 240, 230, 60 + n % 12) for n in range(64)))
MAIN = Path(__file__).parents[2] / "aigc_studio" / "sound" / "__main__.py"


@pytest.fixture
def player(monkeypatch: pytest.MonkeyPatch) -> Iterator[Player]:
    monkeypatch.setenv("AIGC_STUDIO_AUDIO", "null")
    with nothing_left_behind():
        player = Player()
        yield player
        player.close()


def wait(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_it_plays_and_the_line_moves(player: Player) -> None:
    assert str(player.state) == "stopped"
    player.play(PIECE, start=480)
    assert player.is_playing
    assert str(player.state) == "playing"
    wait(lambda: player.position() > 600)
    assert player.problem == ""
    player.stop()
    assert str(player.state) == "stopped"
    place = player.position()
    assert place > 600
    time.sleep(0.1)
    assert player.position() == place


def test_the_line_never_runs_backwards_but_in_a_loop(player: Player) -> None:
    player.play(PIECE)
    wait(lambda: player.position() > 0)
    places = []
    for _number in range(60):
        places.append(player.position())
        time.sleep(0.005)
    steps = [after - before for before, after in itertools.pairwise(places)]
    assert min(steps) > -30  # half a period of the device: what two clocks may differ by
    player.set_loop((0, 240))
    player.seek(0)
    time.sleep(0.5)
    assert player.position() <= 300


def test_what_is_sent_is_the_melody() -> None:
    keys = (KeySignature(0, 2, "dorian"),)
    for count in (0, 1, 499, 500, 1201):
        notes = tuple(Note(n * 240, 230, 60 + n % 12, n % 128) for n in range(count))
        piece = Melody(notes, program=41, length=1300 * 240, keys=keys)
        assert Melody.from_json(_text(piece)) == piece


def test_it_ends_where_the_tune_ends(player: Player) -> None:
    short = Melody((Note(0, 200, 60),), length=240)
    player.play(short, then=[short])
    wait(lambda: not player.is_playing)
    assert player.number == 1
    assert player.position() == pytest.approx(240, abs=20)


def test_settings_hold_before_the_first_tune_and_in_a_new_process(player: Player) -> None:
    player.set_volume(0.5)
    player.set_metronome(True)
    player.play(PIECE)
    wait(lambda: player.position() > 100)
    line = player._line
    assert line is not None
    assert line._process is not None
    os.kill(line._process.pid, signal.SIGTERM)
    wait(lambda: line.has_ended)
    assert str(player.state) == "no device"
    player.play(PIECE)
    wait(lambda: player.position() > 100)
    assert str(player.state) == "playing"


def test_the_devices_are_told_and_one_can_be_chosen(player: Player) -> None:
    wait(lambda: player.devices)
    player.set_device(player.devices[0])
    player.play(PIECE)
    wait(lambda: player.position() > 100)
    player.set_device("that was unplugged long ago")
    place = player.position()
    wait(lambda: player.position() > place + 100)


def test_a_note_that_is_touched_reaches_the_device(player: Player) -> None:
    player.sound_note(72, 73, 100)
    wait(lambda: player.figures.get("note", 0) > 0)


def test_without_a_device_there_is_a_sentence_and_nothing_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_AUDIO", "none")
    with nothing_left_behind():
        player = Player()
        player.play(PIECE)
        wait(lambda: player.problem)
        assert str(player.state) == "no device"
        assert not player.is_playing
        assert "WAV" in player.problem
        player.close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "told"),
    [("ModuleNotFoundError", "pip install miniaudio"), ("ImportError", "has no sound device")],
    ids=["not installed", "broken"],
)
def test_without_miniaudio_there_is_no_device(
    error: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "miniaudio.py").write_text(f"raise {error}('no wheel for this machine')\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.delenv("AIGC_STUDIO_AUDIO", raising=False)
    player = Player()
    player.play(PIECE)
    wait(lambda: player.problem)
    assert told in player.problem
    player.close()


def test_the_complaints_of_the_system_reach_nobody(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """On a machine without a card ALSA writes two dozen lines to descriptor 2."""
    monkeypatch.delenv("AIGC_STUDIO_AUDIO", raising=False)
    player = Player()
    player.sound_note(60)
    wait(lambda: player.problem or player.figures.get("note", 0) > 0)
    player.close()
    assert capfd.readouterr() == ("", "")


def test_a_closed_player_leaves_nothing_and_cannot_play() -> None:
    with nothing_left_behind():
        player = Player()
        player.close()
        player.close()
    with pytest.raises(RuntimeError):
        player.play(PIECE)


def test_the_process_ends_when_the_studio_is_killed() -> None:
    script = (
        "import sys, time\n"
        "from aigc_studio.sound.player import Player\n"
        "player = Player()\n"
        "while player._line._process is None: time.sleep(0.01)\n"
        "print(player._line._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = os.environ | {"AIGC_STUDIO_AUDIO": "null"}
    studio = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert studio.stdout is not None
    with studio, studio.stdout:
        number = int(studio.stdout.readline())
        studio.kill()
        studio.wait()
    wait(lambda: not _runs(number))


def test_a_studio_that_forgets_to_close_it_ends_all_the_same() -> None:
    script = (
        "from aigc_studio.api.melody import Melody, Note\n"
        "from aigc_studio.sound.player import Player\n"
        "Player().play(Melody((Note(0, 480, 60),)))\n"
    )
    environment = os.environ | {"AIGC_STUDIO_AUDIO": "null"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_process_takes_what_is_no_wish_and_goes_on() -> None:
    environment = os.environ | {"AIGC_STUDIO_AUDIO": "null"}
    lines = b'nonsense\n[]\n["close", {}]\n["play", {"x": 1}]\n["note", {"pitch": "high"}]\n'
    lines += b'["stop", {"request": 9}]\n'
    done = subprocess.run(
        [sys.executable, "-P", str(MAIN)], input=lines, env=environment, capture_output=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert ["ended", {"request": 9}] in [json.loads(each) for each in done.stdout.splitlines()]


def _runs(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_looking_at_a_player_imports_no_numpy() -> None:
    script = (
        "import sys, aigc_studio.sound.player, aigc_studio.sound.instruments\n"
        "sys.exit('numpy' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0
