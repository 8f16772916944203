"""MIDI files and the studio's own JSON become melodies; broken ones are refused by name."""

import io
from pathlib import Path
from typing import Any

import mido
import pytest

from aigc_studio.api import Melody, Metre, Note, StudioError, Tempo, limits
from aigc_studio.library.melodies import choices
from aigc_studio.library.melodies.reading import read_melody
from aigc_studio.library.readers import read_artifact
from aigc_studio.project.midi import encode


def midi(*tracks: list[Any], ticks: int = 96) -> bytes:
    file = mido.MidiFile(ticks_per_beat=ticks)
    for messages in tracks:
        file.tracks.append(mido.MidiTrack(messages))
    data = io.BytesIO()
    file.save(file=data)
    return data.getvalue()


def tune(*pitches: int, channel: int = 0, name: str = "") -> list[Any]:
    messages = [mido.MetaMessage("track_name", name=name)] if name else []
    for pitch in pitches:
        messages.append(mido.Message("note_on", note=pitch, velocity=70, channel=channel))
        messages.append(mido.Message("note_off", note=pitch, time=96, channel=channel))
    return messages


def test_notes_tempo_metre_and_program() -> None:
    head = [
        mido.MetaMessage("time_signature", numerator=6, denominator=8),
        mido.MetaMessage("set_tempo", tempo=400_000),
        mido.Message("program_change", program=40),
    ]
    melody = read_melody(midi([*head, *tune(60, 62)]))
    assert melody.notes == (Note(0, 96, 60, 70), Note(96, 96, 62, 70))
    assert melody.ticks_per_quarter == 96
    assert melody.program == 40
    assert melody.tempos == (Tempo(0, 400_000),)
    assert melody.metres == (Metre(0, 6, 8),)


def test_a_note_without_an_end_sounds_to_the_end_of_its_track() -> None:
    left = [mido.Message("note_on", note=60), mido.MetaMessage("end_of_track", time=200)]
    assert read_melody(midi(left)).notes == (Note(0, 200, 60, 64),)


def test_of_several_parts_the_melody_and_never_the_drums() -> None:
    bass, top, drums = tune(40, 41, 42), tune(70, 71), tune(99, 99, channel=9)
    assert {note.pitch for note in read_melody(midi(bass, top, drums)).notes} == {70, 71}
    named = tune(40, 41, 42, name="Lead voice")
    assert {note.pitch for note in read_melody(midi(named, top, drums)).notes} == {40, 41, 42}
    with pytest.raises(StudioError, match="no notes but drums"):
        read_melody(midi(drums), "x.mid")
    with pytest.raises(StudioError, match=r"x\.mid has no notes\."):
        read_melody(midi([mido.MetaMessage("end_of_track", time=200)]), "x.mid")


def test_its_own_json(tmp_path: Path) -> None:
    melody = Melody(notes=(Note(0, 480, 60),))
    path = tmp_path / "曲 1.melody.json"
    path.write_text(melody.to_json(), encoding="utf-8")
    assert read_artifact(path) == melody


@pytest.mark.parametrize(
    "data", [b"", b"MThd", midi(tune(60))[:-6], b"{}", b'{"notes": 3}', b"RIFFxxxx", bytes(200)]
)
def test_broken_files_are_refused(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"x\.mid"):
        read_melody(data, "x.mid")


def test_a_tune_of_a_billion_bars_is_refused_at_once() -> None:
    endless = Melody(notes=(Note(0, 480, 60),)).to_json().replace('"length":1920', '"length":%d')
    with pytest.raises(StudioError, match="too long"):
        read_melody((endless % 10**12).encode(), "x.melody.json")


@pytest.mark.parametrize("kind", ["json", "midi", "exported"])
def test_a_tune_that_changes_its_tempo_more_often_than_a_project_can_keep_is_refused(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    tune = Melody((Note(0, 9600, 60),), tempos=tuple(Tempo(n, 400_000 + n) for n in range(21)))
    if kind == "json":
        data = tune.to_json().encode()
    elif kind == "exported":
        data = encode(tune)
    else:
        track = mido.MidiTrack([mido.Message("note_on", note=60)])
        track += [mido.MetaMessage("set_tempo", tempo=400_000 + n, time=1) for n in range(20)]
        data = midi(mido.MidiTrack([*track, mido.Message("note_off", note=60, time=9000)]))
    monkeypatch.setattr(limits, "CHANGES", 21)
    assert len(read_melody(data, "x.mid").tempos) == 21
    monkeypatch.setattr(limits, "CHANGES", 20)
    with pytest.raises(StudioError, match=r"x\.mid is too long"):
        read_melody(data, "x.mid")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.melody.json", b'{"notes": [[0, 1', "no tune of the studio's"),
        ("a.melody.json", b"", "no tune of the studio's"),
        ("a.musicxml", b"<?xml version='1.0'?><score-partwise><pa", "not MusicXML"),
        ("a.mxl", b"no zip", "not MusicXML"),
        ("a.mid", b"MThd\0\0", "not a MIDI file"),
    ],
)
def test_what_is_damaged_is_called_what_it_was_to_be(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for read in (read_melody, choices):
        with pytest.raises(StudioError) as caught:
            read(path)
        assert kind in str(caught.value)
        assert name in str(caught.value)
