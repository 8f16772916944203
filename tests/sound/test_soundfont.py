"""Sound fonts: with a stand-in for FluidSynth, which not every machine has; and with it, if so."""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from aigc_studio.api.melody import Melody, Note
from aigc_studio.sound.font_file import check
from aigc_studio.sound.mix import Mix
from aigc_studio.sound.player import Player
from aigc_studio.sound.room import BLOCK
from aigc_studio.sound.score import Manner, Score
from aigc_studio.sound.soundfont import Font, FontMix, NoFont, mixed
from aigc_studio.sound.synthesis import RATE
from aigc_studio.sound.tones import Tone


class Synth:
    """Writes down what it is told, and when; each note is a constant."""

    alive = 0

    def __init__(self, **_settings: Any) -> None:
        self.frame = 0
        self.told: list[tuple[Any, ...]] = []
        self.on: set[tuple[int, int]] = set()
        Synth.alive += 1
        Synth.last = self

    last: Synth

    def sfload(self, path: str) -> int:
        return 1 if path.endswith(".sf2") else -1

    def program_select(self, channel: int, font: int, bank: int, program: int) -> None:
        self.told.append(("program", self.frame, channel, bank, program))

    def noteon(self, channel: int, pitch: int, velocity: int) -> None:
        self.told.append(("on", self.frame, channel, pitch, velocity))
        self.on.add((channel, pitch))

    def noteoff(self, channel: int, pitch: int) -> None:
        self.told.append(("off", self.frame, channel, pitch))
        self.on.discard((channel, pitch))

    def get_samples(self, count: int) -> Any:
        self.frame += count
        return np.full(2 * count, 1000 * len(self.on), np.int16)

    def delete(self) -> None:
        Synth.alive -= 1


@pytest.fixture
def synth(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("fluidsynth")
    module.Synth = Synth  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fluidsynth", module)
    Synth.alive = 0
    yield
    assert Synth.alive == 0


@pytest.fixture
def font(tmp_path: Path) -> str:
    """A file that is built as a sound font is, with nothing in it but a sample."""
    (path := tmp_path / "a.sf2").write_bytes(font_bytes())
    return str(path)


SIZES = {
    b"phdr": 38, b"pbag": 4, b"pmod": 10, b"pgen": 4, b"inst": 22, b"ibag": 4, b"imod": 10,
    b"igen": 4, b"shdr": 46,
}  # fmt: skip


def part(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


def font_bytes(**sizes: int) -> bytes:
    tables = {**SIZES, **{name.encode(): size for name, size in sizes.items()}}
    contents = {name: bytes(size) for name, size in tables.items()}
    return font_bytes_of({**contents, b"shdr": sample(0, 50) + contents[b"shdr"]})


def sample(start: int, stop: int, kind: int = 1) -> bytes:
    """What says where one lies; there are 50 frames."""
    return struct.pack("<20s5IBbHH", b"sine", start, stop, start, stop, RATE, 60, 0, 0, kind)


def font_bytes_of(tables: Mapping[bytes, bytes]) -> bytes:
    presets = b"".join(part(name, content) for name, content in tables.items())
    samples = part(b"smpl", bytes(100))
    return part(
        b"RIFF", b"sfbk" + part(b"LIST", b"sdta" + samples) + part(b"LIST", b"pdta" + presets)
    )


def told(melody: Melody, manner: Manner) -> list[tuple[Any, ...]]:
    score = Score(melody, manner)
    mix = mixed(score.tones(0, melody.length), font=manner.font)
    assert isinstance(mix, FontMix)
    for block in mix:
        assert block.shape == (2, BLOCK)
    return Synth.last.told


@pytest.mark.usefixtures("synth")
def test_notes_begin_and_end_at_their_frames_in_their_program(font: str) -> None:
    piece = Melody((Note(0, 240, 60, 90), Note(240, 240, 64, 70)), program=41)
    found = told(piece, Manner(font=font))
    assert found[1:] == [
        ("program", 0, 0, 0, 41),
        ("on", 0, 0, 60, 90),
        ("off", RATE // 4, 0, 60),
        ("on", RATE // 4, 0, 64, 70),
        ("off", RATE // 2, 0, 64),
    ]


@pytest.mark.usefixtures("synth")
def test_a_note_that_is_struck_again_is_not_ended_by_the_former_end(font: str) -> None:
    piece = Melody((Note(0, 480, 60), Note(240, 960, 60)))
    ends = [each[1] for each in told(piece, Manner(font=font)) if each[0] == "off"]
    assert ends == [RATE // 4, RATE * 5 // 4]


@pytest.mark.usefixtures("synth")
def test_the_metronome_is_wood_blocks(font: str) -> None:
    found = told(Melody((), length=960), Manner(font=font, metronome=True))
    struck = [each[2:4] for each in found if each[0] == "on"]
    assert struck == [(9, 76), (9, 77)]


@pytest.mark.usefixtures("synth")
def test_a_font_that_cannot_be_read_leaves_the_own_instruments() -> None:
    with pytest.raises(NoFont) as caught:
        Font("a.txt")
    assert caught.value.problem == "file"
    assert isinstance(mixed([Tone(0, 100, 60, 80, "piano")], font="a.txt"), Mix)


def test_without_fluidsynth_the_own_instruments_play(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fluidsynth", None)
    with pytest.raises(NoFont) as caught:
        Font("a.sf2")
    assert caught.value.problem == "library"
    assert isinstance(mixed([], font="a.sf2"), Mix)


def test_no_font_is_asked_for_unless_one_is_named() -> None:
    assert isinstance(mixed([]), Mix)


@pytest.mark.parametrize(
    ("module", "sentence"),
    [
        ("raise ImportError('nothing')\n", "FluidSynth is missing"),
        (
            "class Synth:\n"
            "    def __init__(self, **settings): pass\n"
            "    def sfload(self, path): return -1\n"
            "    def delete(self): pass\n",
            "bad.sf2 cannot be read",
        ),
    ],
)
def test_why_a_font_is_not_used_is_said_and_the_tune_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, sentence: str
) -> None:
    (tmp_path / "fluidsynth.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("AIGC_STUDIO_AUDIO", "null")
    player = Player()
    player.set_soundfont("bad.sf2")
    player.play(Melody((Note(0, 1920, 60),)))
    wait(lambda: player.remark and player.position() > 100)
    assert sentence in player.remark
    assert player.problem == ""
    player.set_soundfont("")
    wait(lambda: not player.remark)
    player.close()


@pytest.mark.usefixtures("synth")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"a text that somebody named .sf2",
        font_bytes()[:-1],
        font_bytes().replace(b"sfbk", b"WAVE"),
        font_bytes().replace(b"sdta", b"xxxx"),
        font_bytes().replace(b"smpl" + (100).to_bytes(4, "little"), b"smpl\xff\xff\xff\x7f")[:-9],
        font_bytes(shdr=47),
        font_bytes(inst=0),
        part(b"RIFF", b"sfbk" + part(b"junk", b"") * 5_000),
        part(b"RIFF", b"sfbk")[:4] + b"\xff\xff\xff\xff" + b"sfbk",
    ],
)
def test_fluidsynth_is_given_no_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(Synth, "sfload", lambda *_given: pytest.fail("it was given it"))
    (path := tmp_path / "bad.sf2").write_bytes(content)
    with pytest.raises(NoFont) as caught:
        Font(str(path))
    assert caught.value.problem == "file"


@pytest.mark.usefixtures("synth")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_nobody_waits_for_a_pipe_that_is_named_as_a_font(tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "pipe.sf2")
    with pytest.raises(NoFont):
        Font(str(path))


def test_a_font_over_which_the_process_falls_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, font: str
) -> None:
    (tmp_path / "fluidsynth.py").write_text(
        "import os\n"
        "class Synth:\n"
        "    def __init__(self, **settings): pass\n"
        "    def sfload(self, path): os._exit(11)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("AIGC_STUDIO_AUDIO", "null")
    player = Player()
    player.set_soundfont(font)
    wait(lambda: player.problem)
    sentence = f"The sound font {font} cannot be read: choose another file, or none."
    assert player.problem == sentence
    player.play(Melody((Note(0, 1920, 60),)))  # again, with the studio's own instruments
    wait(lambda: player.position() > 100)
    assert (player.problem, player.remark) == ("", sentence)
    player.set_soundfont("")
    assert player.remark == ""
    player.close()


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def preset(bag: int) -> bytes:
    return struct.pack("<20s3H3I", b"piano", 0, 0, bag, 0, 0, 0)


def records(**tables: bytes) -> bytes:
    """A font with these tables, and only the ends of the others."""
    return font_bytes_of(
        {name: tables.get(name.decode(), bytes(size)) for name, size in SIZES.items()}
    )


def whole() -> dict[str, bytes]:
    """One preset of one instrument of one sample, and what ends each table."""
    return {
        "phdr": preset(0) + preset(1),
        "pbag": struct.pack("<4H", 0, 0, 1, 0),
        "pgen": struct.pack("<4H", 41, 0, 0, 0),
        "inst": struct.pack("<20sH20sH", b"piano", 0, b"EOI", 1),
        "ibag": struct.pack("<4H", 0, 0, 1, 0),
        "igen": struct.pack("<4H", 53, 0, 0, 0),
        "shdr": sample(0, 50) + bytes(46),
    }


def test_a_font_whose_records_point_to_others_is_taken(tmp_path: Path) -> None:
    (path := tmp_path / "a.sf2").write_bytes(records(**whole()))
    check(path)


@pytest.mark.parametrize(
    ("table", "content"),
    [
        ("phdr", preset(0) + preset(9)),
        ("phdr", preset(1) + preset(0)),
        ("pbag", struct.pack("<4H", 0, 0, 65535, 0)),
        ("pbag", struct.pack("<4H", 0, 0, 1, 7)),
        ("pbag", struct.pack("<4H", 1, 0, 0, 0)),
        ("pgen", struct.pack("<4H", 41, 1, 0, 0)),
        ("inst", struct.pack("<20sH20sH", b"piano", 0, b"EOI", 3)),
        ("ibag", struct.pack("<4H", 0, 0, 2, 0)),
        ("igen", struct.pack("<4H", 53, 400, 0, 0)),
    ],
)
def test_a_font_whose_records_point_to_nothing_is_left_out(
    tmp_path: Path, table: str, content: bytes
) -> None:
    (path := tmp_path / "a.sf2").write_bytes(records(**whole() | {table: content}))
    with pytest.raises(ValueError, match=f"its table {table}"):
        check(path)
    with pytest.raises(NoFont):
        Font(str(path))


def test_one_sample_that_is_there_is_enough(tmp_path: Path) -> None:
    (path := tmp_path / "a.sf2").write_bytes(
        records(**whole() | {"shdr": sample(0, 51) + sample(10, 50) + bytes(46)})
    )
    check(path)


def test_places_of_compressed_samples_are_bytes(tmp_path: Path) -> None:
    (path := tmp_path / "a.sf3").write_bytes(
        records(**whole() | {"shdr": sample(60, 100, kind=0x11) + bytes(46)})
    )
    check(path)


@pytest.mark.parametrize(
    "header",
    [
        sample(0, 51),
        sample(0, 0xFFFFFFFF),
        sample(40, 10),
        sample(0, 0),
        sample(0, 50, kind=0x8001),
        sample(60, 101, kind=0x11),
    ],
)
def test_a_font_none_of_whose_samples_is_in_it_is_left_out(tmp_path: Path, header: bytes) -> None:
    (path := tmp_path / "a.sf2").write_bytes(records(**whole() | {"shdr": header + bytes(46)}))
    with pytest.raises(ValueError, match="none of its samples"):
        check(path)
    with pytest.raises(NoFont):
        Font(str(path))
