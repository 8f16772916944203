"""What the process that sounds does, with a device that the test itself turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from leaks import nothing_left_behind

from aigc_studio.api.melody import Melody, Note, Tempo
from aigc_studio.sound import synthesis
from aigc_studio.sound.desk import Desk
from aigc_studio.sound.device import NoDevice, Take
from aigc_studio.sound.mix import Mix
from aigc_studio.sound.score import Manner
from aigc_studio.sound.stream import Stream, Walk
from aigc_studio.sound.synthesis import RATE
from aigc_studio.sound.tones import frequency

PERIOD = 441
Sound = np.ndarray[Any, np.dtype[np.float32]]


class Wheel:
    """Devices whose sound is taken by hand."""

    def __init__(self) -> None:
        self.exists = True
        self.refusals = 0
        self.take: Take | None = None
        self.lost: Callable[[], None] | None = None
        self.running = False
        self.opened = 0
        self.name = ""

    def open(self, take: Take, lost: Callable[[], None], name: str = "") -> Wheel:
        if not self.exists:
            raise NoDevice("nothing is there")
        self.take, self.lost, self.name = take, lost, name
        self.opened += 1
        return self

    def start(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise NoDevice("it is gone")
        self.running = True

    def stop(self) -> None:
        self.running = False

    def close(self) -> None:
        self.running, self.take = False, None


class Stage:
    """A desk, its device, and what it told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.wheel = Wheel()
        self.desk = Desk(self._hear, self.wheel.open)

    def _hear(self, name: str, **values: Any) -> None:
        self.told.append((name, values))

    def play(self, *melodies: Melody, start: float = 0, loop: list[int] | None = None) -> None:
        texts = [each.to_json() for each in melodies]
        self.desk.play(1, texts, start, loop, time.monotonic())
        self.settle()

    def settle(self) -> None:
        """Wait until what is asked for is ready, as the device has no patience of its own."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            desk = self.desk
            streams = [each for each in (desk._next and desk._next[0], desk._now) if each]
            if all(each.is_complete or len(each._blocks) > 60 for each in streams):
                return
            time.sleep(0.005)
        raise AssertionError("nothing was made")

    def hear(self, seconds: float) -> Sound:
        """Turn the device for so long."""
        parts = []
        for number in range(round(seconds * RATE / PERIOD)):
            assert self.wheel.take is not None
            parts.append(self.wheel.take(PERIOD))
            if number % 50 == 49:
                self.settle()
        return np.concatenate(parts)

    def last(self, name: str) -> dict[str, Any]:
        self.desk.look()
        return next(values for each, values in reversed(self.told) if each == name)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with nothing_left_behind():
        stage = Stage()
        yield stage
        stage.desk.close()


def scale(*pitches: int, program: int = 19) -> Melody:
    """Quarters at 120 a minute: half a second each."""
    notes = tuple(Note(n * 480, 470, pitch) for n, pitch in enumerate(pitches))
    return Melody(notes, program=program)


def pitch_of(sound: Sound) -> int:
    """The MIDI pitch of the strongest partial."""
    mono = sound.mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), 1 << 18))
    hertz = float(np.argmax(spectrum)) * RATE / (1 << 18)
    return round(float(69 + 12 * np.log2(hertz / 440)))


def level(sound: Sound) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sound))) + 1e-12))


def clicks(sound: Sound) -> float:
    """The greatest of what is above 19 kHz, where no partial is."""
    mono = sound.mean(axis=1, dtype=np.float64)
    padded = np.concatenate([np.zeros(4096), mono, np.zeros(4096)])
    spectrum = np.fft.rfft(padded)
    spectrum[np.fft.rfftfreq(len(padded), 1 / RATE) < 19_000] = 0
    high = np.fft.irfft(spectrum, len(padded))[4096 + 200 : -4096 - 200]
    return float(np.abs(high).max())


def test_it_plays_what_is_rendered(stage: Stage) -> None:
    piece = scale(60, 64, 67, 72)
    stage.play(piece)
    heard, rendered = stage.hear(1.0), synthesis.render(piece)
    assert np.allclose(heard, rendered[: len(heard)], atol=1e-6)


def test_it_tells_where_it_is_and_when_it_is_over(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72))
    stage.hear(1.0)
    place = stage.last("place")
    # What waits in the device is not heard yet.
    assert place["tick"] == pytest.approx(960, abs=60)
    assert place["tick"] < 960
    assert place["rate"] == pytest.approx(960)
    stage.hear(1.1)
    assert stage.last("ended") == {"request": 1}
    assert stage.last("place")["tick"] == 1920
    stage.hear(2.0)
    stage.desk.look()
    assert stage.desk._now is None


def test_it_begins_anywhere(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72), start=960)
    assert pitch_of(stage.hear(0.4)) == 67


def test_seeking_goes_on_from_there_without_a_click(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72))
    before = stage.hear(0.3)
    stage.desk.seek(2, 1440)
    stage.settle()
    after = stage.hear(0.4)
    assert pitch_of(after[2000:]) == 72
    assert clicks(np.concatenate([before, after])) < 2e-3
    assert stage.last("place")["request"] == 2


def test_a_loop_goes_round_and_round_without_a_hole(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72), loop=[480, 960])
    heard = stage.hear(4.0)
    quarters = [heard[n * RATE // 2 + 2000 : (n + 1) * RATE // 2 - 4000] for n in range(8)]
    assert [pitch_of(each) for each in quarters] == [60] + [64] * 7
    assert clicks(heard) < 2e-3
    assert 480 <= stage.last("place")["tick"] <= 960
    stage.desk.loop(None)
    stage.settle()
    assert pitch_of(stage.hear(0.9)[-15_000:]) in (67, 72)


def test_a_loop_of_no_length_is_none(stage: Stage) -> None:
    stage.play(scale(60, 64), loop=[480, 480])
    stage.hear(3.0)
    assert stage.last("ended") == {"request": 1}


def test_a_loop_of_silence_goes_round_as_well(stage: Stage) -> None:
    stage.play(Melody((Note(0, 470, 60),), length=3840), loop=[960, 1920])
    stage.hear(2.5)
    assert 960 <= stage.last("place")["tick"] <= 1920
    stage.desk.loop(None)
    stage.settle()
    stage.hear(2.8)
    assert stage.last("ended") == {"request": 1}


def test_several_tunes_come_one_after_the_other(stage: Stage) -> None:
    first = Melody((Note(0, 400, 60),), length=480, program=19)
    second = Melody((Note(0, 400, 72),), length=480, program=19)
    stage.play(first, second)
    assert pitch_of(stage.hear(0.4)) == 60
    assert stage.last("place")["number"] == 0
    heard = stage.hear(0.5)
    assert pitch_of(heard[-15_000:]) == 72
    place = stage.last("place")
    assert (place["number"], place["tick"]) == (1, pytest.approx(384, abs=60))


def test_another_instrument_while_it_plays_leaves_the_tick_alone(stage: Stage) -> None:
    piece = Melody((Note(0, 3840, 60),), program=19)
    stage.play(piece)
    before = stage.hear(0.5)
    stage.desk.replace(replace(piece, program=73).to_json())
    stage.settle()
    after = stage.hear(0.5)
    assert clicks(np.concatenate([before, after])) < 2e-3
    # The note goes on, on a flute: nothing is missing where one becomes the other.
    steps = np.square(np.concatenate([before, after])[8000:]).reshape(-1, 100, 2).mean(axis=(1, 2))
    assert steps.min() > 1e-5
    assert stage.last("place")["tick"] == pytest.approx(960, abs=60)


def test_faster_goes_on_from_where_it_was(stage: Stage) -> None:
    piece = scale(*range(60, 76))
    stage.play(piece)
    stage.hear(1.0)
    stage.desk.replace(replace(piece, tempos=(Tempo(0, 250_000),)).to_json())
    stage.settle()
    stage.hear(0.5)
    place = stage.last("place")
    assert place["rate"] == pytest.approx(1920)
    assert 1700 < place["tick"] < 1960


def test_a_tune_that_is_changed_goes_on_as_it_is_now(stage: Stage) -> None:
    stage.play(scale(60, 60, 60, 60))
    stage.hear(0.3)
    stage.desk.replace(scale(72, 72, 72, 72).to_json())
    stage.settle()
    assert pitch_of(stage.hear(0.6)[-12_000:]) == 72


def test_the_metronome_can_come_while_it_plays(stage: Stage) -> None:
    stage.play(Melody((), length=9600))
    assert not stage.hear(0.3).any()
    stage.desk.metronome(True)
    stage.settle()
    heard = stage.hear(1.0)
    assert pitch_of(heard) in (88, 95)


def test_stop_is_silent_within_some_ten_milliseconds_and_fades(stage: Stage) -> None:
    stage.play(Melody((Note(0, 3840, 60),), program=19))
    before = stage.hear(0.5)
    stage.desk.stop(2)
    after = stage.hear(0.1)
    assert not after[PERIOD * 2 :].any()
    assert clicks(np.concatenate([before, after])) < 2e-3
    assert stage.last("ended") == {"request": 2}


def test_volume_is_smooth(stage: Stage) -> None:
    stage.play(Melody((Note(0, 3840, 60),), program=19))
    loud = stage.hear(0.5)
    stage.desk.volume(0.5)
    soft = stage.hear(0.5)
    assert level(soft[2000:]) - level(loud[4000:]) == pytest.approx(-12, abs=1.5)
    assert clicks(np.concatenate([loud, soft])) < 2e-3
    stage.desk.volume(0)
    assert not stage.hear(0.1)[PERIOD:].any()


def test_a_touched_note_sounds_at_once_and_the_next_takes_its_place(stage: Stage) -> None:
    stage.desk.note(69, 19, 80, time.monotonic())
    assert pitch_of(stage.hear(0.2)) == 69
    stage.desk.note(76, 19, 80, time.monotonic())
    heard = stage.hear(0.2)
    assert pitch_of(heard[2000:]) == 76
    spectrum = np.abs(np.fft.rfft(heard[3000:].mean(axis=1) * np.hanning(len(heard) - 3000)))
    bins = [round(frequency(each) * (len(heard) - 3000) / RATE) for each in (69, 76)]
    assert spectrum[bins[0]] < spectrum[bins[1]] / 50
    assert 0 < stage.last("figures")["note"] < 5000


def test_without_a_device_a_tune_is_over_at_once_and_can_be_tried_again(stage: Stage) -> None:
    stage.wheel.exists = False
    stage.play(scale(60, 64))
    stage.desk.note(60, 0, 80, 0.0)
    assert stage.last("device")["problem"]
    assert stage.desk._now is None
    assert stage.desk._next is None
    stage.wheel.exists = True
    stage.play(scale(60, 64))
    assert stage.last("device") == {"problem": ""}
    assert stage.hear(0.3).any()


def test_a_device_that_is_lost_is_replaced_by_the_next_and_the_tune_goes_on(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72))
    stage.hear(0.3)
    assert stage.wheel.lost is not None
    stage.wheel.lost()
    stage.desk.look()
    assert stage.wheel.opened == 2
    assert bool(stage.wheel.running)
    assert pitch_of(stage.hear(0.6)[-15_000:]) == 64


def test_a_device_that_is_lost_for_good_ends_the_tune_with_a_sentence(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72))
    stage.hear(0.3)
    stage.wheel.exists = False
    assert stage.wheel.lost is not None
    stage.wheel.lost()
    stage.desk.look()
    assert stage.last("device")["problem"]
    assert stage.desk._now is None


def test_a_device_that_takes_nothing_is_lost_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.play(scale(60, 64, 67, 72))
    stage.hear(0.1)
    monkeypatch.setattr("aigc_studio.sound.desk._STUCK", 0.0)
    time.sleep(0.01)
    stage.desk.look()
    assert stage.wheel.opened == 2


def test_another_device_goes_on_where_the_first_was(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72))
    stage.hear(0.3)
    stage.desk.device("Headphones")
    assert (stage.wheel.opened, stage.wheel.name) == (2, "Headphones")
    assert stage.wheel.running
    assert pitch_of(stage.hear(0.6)[-15_000:]) == 64
    stage.desk.device("Headphones")
    assert stage.wheel.opened == 2


def test_after_a_long_silence_the_device_rests_and_comes_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.sound.desk._REST", 0.0)
    stage.desk.note(69, 19, 80, time.monotonic())
    stage.hear(2.0)
    time.sleep(0.01)
    stage.desk.look()
    assert not bool(stage.wheel.running)
    stage.play(scale(60))
    assert bool(stage.wheel.running)
    assert stage.wheel.opened == 1


def test_a_device_that_goes_while_it_rests_is_replaced_by_another(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.sound.desk._REST", 0.0)
    stage.desk.note(69, 19, 80, time.monotonic())
    stage.hear(2.0)
    time.sleep(0.01)
    stage.desk.look()
    monkeypatch.setattr("aigc_studio.sound.desk._REST", 20.0)
    stage.wheel.refusals = 1
    stage.play(scale(60))
    assert bool(stage.wheel.running)
    assert stage.wheel.opened == 2
    assert stage.last("device") == {"problem": ""}
    stage.wheel.refusals = 1
    stage.desk.device("Headphones")  # the only one, and just opened
    assert stage.last("device")["problem"] == "it is gone"
    assert stage.desk._now is None


def test_sound_that_is_not_ready_is_counted(stage: Stage) -> None:
    stage.play(scale(60, 64, 67, 72))
    stage.hear(0.1)
    stream = stage.desk._now
    assert stream is not None
    stage.desk._cook.serve([])
    stream._blocks.clear()
    stream.is_complete = False
    late = stage.last("figures")["late"]
    assert stage.wheel.take is not None
    stage.wheel.take(PERIOD)
    assert stage.last("figures")["late"] > late


def test_a_tune_that_is_over_is_not_let_go_under_the_device(stage: Stage) -> None:
    stage.play(scale(60))
    stage.hear(0.1)
    stage.desk._cook.serve([])
    looks: list[threading.Thread] = []

    class Over:
        """A stream that is over, looked at by another thread in the middle of a take."""

        is_over, late, frame = True, 0, 0
        walk = Walk([scale(60)], 0, 0, None, Manner())
        request = 1

        @property
        def asked(self) -> float:
            looks.append(threading.Thread(target=stage.desk.look))
            looks[-1].start()
            looks[-1].join(0.3)
            return 0.0

        def heard(self, _waiting: float) -> float:
            return 0.0

        def take(self, count: int) -> Sound:
            return np.zeros((2, count), np.float32)

    stage.desk._now = cast(Stream, Over())
    stage.desk.take(PERIOD)
    for each in looks:
        each.join(10)
    assert looks
    assert stage.desk._now is None


def test_a_tune_that_cannot_be_made_is_over_and_the_next_is_heard(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Mix, "next", _fail)
        stage.play(scale(60))
        stage.hear(0.05)
        assert stage.last("ended") == {"request": 1}
        assert stage.desk._now is None
    stage.play(scale(69))
    assert pitch_of(stage.hear(0.4)) == 69


def _fail(_mix: Mix) -> None:
    raise ArithmeticError("no sound of that")


def test_the_map_of_a_walk_follows_the_tempo() -> None:
    piece = Melody((Note(0, 1900, 60),), tempos=(Tempo(0), Tempo(480, 1_000_000)))
    walk = Walk([piece], 0, 240, (240, 960), Manner())
    tones = walk.tones(sounding=False)
    next(tones)
    for second, tick in ((0.0, 240), (0.25, 480), (0.75, 720), (1.25, 240), (1.5, 480)):
        assert walk.place(second * RATE).tick == pytest.approx(tick)
        next(tones, None)
