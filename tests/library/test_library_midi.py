"""MIDI files that players play are read, whatever is broken in them; what was lost is told."""

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from calls import steps
from library.midi_bytes import chunk, head, meta, number, song, track, tune

from aigc_studio.api import Melody, Metre, Note, StudioError, Tempo
from aigc_studio.library import readers
from aigc_studio.library.checks import preflight
from aigc_studio.library.melodies import midi_events
from aigc_studio.library.melodies.midi_files import read_midi
from aigc_studio.library.melodies.reading import part_names, read_melody
from aigc_studio.library.options import ALL_PARTS, ImportOptions

_plain = tune(60, 62, 64, 65)


def read(data: bytes, part: str = "") -> tuple[Melody, list[str]]:
    remarks: list[str] = []
    return read_melody(data, "x.mid", part, remarks), remarks


def pitches(melody: Melody) -> list[int]:
    return [note.pitch for note in melody.notes]


@pytest.mark.parametrize(
    "event",
    [
        *(meta(0x59, bytes(each)) for each in ((0x80, 0), (0xEE, 1), (0xFE, 0xFF), (9,), ())),
        *(meta(0x54, bytes(each)) for each in ((0xC8, 1, 1, 1, 1), (0x60, 0), ())),
        *(meta(0x20, bytes(each)) for each in ((), (1, 2), (200,))),
        *(meta(0x00, bytes(each)) for each in ((1,), (1, 2, 3))),
        *(meta(kind, "词é".encode("gb18030")) for kind in (1, 2, 3, 4, 5, 6, 7, 8, 9)),
        meta(0x21), meta(0x60, b"abc"), meta(0x7F, b"\xff" * 300), meta(0x4B, b"?"), meta(0xFE),
        meta(0x58, b"\4\2"), meta(0x58, b"\4\2\x18\x08\0\0"), meta(0x51, b"\7\xa1\x20\0"),
        b"\0\xf0\5\x41\x10\x42\x12\xf7", b"\0\xf0\4\x41\x10\x42\x12", b"\0\xf7\3\xf8\xfa\xfc",
        b"\0\xf0\7\x41\x10\x42\x12\xf7", b"\0\xf0\x41\x10\x42\xf7", b"\0\xf8", b"\0\xf1\5",
        b"\0\xf2\1\2", b"\0\xb0\7\x64\0\x0a\x40", b"\0\xe0\0\x40", b"\0\xd0\5\0\xa0\x3c\5",
        b"\x80\x80\0\xb0\7\x64",
    ],
)  # fmt: skip
def test_a_side_event_that_is_odd_costs_nothing(event: bytes) -> None:
    melody, remarks = read(song(event))
    assert pitches(melody) == [60, 62, 64, 65]
    assert (melody.length, melody.metres, melody.tempos) == (1920, (Metre(0),), (Tempo(0),))
    assert not remarks


@pytest.mark.parametrize(
    "event",
    [
        meta(0x51, b"\7\xa1"), meta(0x51), meta(0x51, b"\0\0\0"),
        meta(0x58, b"\4"), meta(0x58, b"\0\2\x18\x08"), meta(0x58, b"\4\x1f\x18\x08"),
    ],
)  # fmt: skip
def test_a_tempo_or_metre_that_says_nothing_is_left_out_and_told(event: bytes) -> None:
    melody, remarks = read(song(event))
    assert (pitches(melody), melody.length) == ([60, 62, 64, 65], 1920)
    assert (melody.metres, melody.tempos) == ((Metre(0),), (Tempo(0),))
    assert remarks == ["1 tempo or metre cannot be read and was left out."]


def _rmid(data: bytes, behind: bytes = b"") -> bytes:
    inner = b"RMIDdata" + len(data).to_bytes(4, "little") + data + behind
    return b"RIFF" + len(inner).to_bytes(4, "little") + inner


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (head(more=b"\0\0\0\0") + track(_plain), ""),
        (head(tracks=0) + track(_plain), ""),
        (head(tracks=9) + track(_plain), "1 of the 9 tracks"),
        (chunk(b"MThd", head()[8:], size=99) + track(_plain), ""),
        (chunk(b"MThd", head()[8:], size=0) + track(_plain), ""),
        (head(kind=7) + track(_plain), ""),
        (b"\0" * 128 + head() + track(_plain), ""),
        (_rmid(head() + track(_plain)), ""),
        (_rmid(head() + track(_plain), b"LIST\x04\0\0\0INFO"), ""),
        (head() + chunk(b"XFIH", b"hello world") + track(_plain), "XFIH"),
        (head() + chunk(b"odd ", b"abc", size=1 << 30) + track(_plain), ""),
        (head(1, 2) + track() + chunk(b"CASM", b"ab" * 9) + track(_plain), "CASM"),
        (head() + track(_plain) + b"\0\x1a" * 50, ""),
        (head() + track(_plain) + b"junk behind it", ""),
        (head() + track(_plain, end=b""), ""),
        (head() + track(_plain, end=b"\0\xff\x2f"), ""),
        (head() + chunk(b"MTrk", _plain + meta(0x2F), size=0), ""),
        (head() + chunk(b"MTrk", _plain + meta(0x2F), size=20), ""),
        (head() + chunk(b"MTrk", _plain + meta(0x2F), size=1 << 31), ""),
        (head(1, 2) + chunk(b"MTrk", _plain + meta(0x2F), size=3) + track(), ""),
        (track(_plain), "how long a beat is"),
        (head(division=0) + track(_plain), "how long a beat is"),
    ],
)
def test_containers_that_players_read(data: bytes, told: str) -> None:
    melody, remarks = read(data)
    assert (pitches(melody), melody.length) == ([60, 62, 64, 65], 1920)
    assert told in " ".join(remarks)
    assert bool(told) == bool(remarks)


def test_running_status_goes_on_behind_side_events() -> None:
    notes = b"\0\x90\x3c\x50" + number(480) + b"\x3c\0" + meta(5, b"la") + b"\0\x3e\x50"
    notes += b"\0\xf0\3\x41\x10\xf7" + number(480) + b"\x3e\0"
    melody, remarks = read(head() + track(notes))
    assert melody.notes == (Note(0, 480, 60), Note(480, 480, 62))
    assert not remarks


def test_what_comes_before_a_cut_is_read() -> None:
    whole = song()
    for cut, count in ((20, 2), (12, 3), (5, 4)):
        melody, remarks = read(whole[:-cut])
        assert pitches(melody)[:count] == [60, 62, 64, 65][:count]
        assert "cut off" in " ".join(remarks)
    two = head(1, 2) + track(_plain) + track(tune(40, 41))
    melody, remarks = read(two[:-9])
    assert pitches(melody) == [60, 62, 64, 65]
    assert "Track 2 is cut off" in remarks[0]


@pytest.mark.parametrize(
    "junk", [b"\0\xff\x03\xff\xff\xff\x7f", b"\0\x90\xc0\xc1", b"\0\xf0\x7f\x90"]
)
def test_a_broken_place_costs_itself_only(junk: bytes) -> None:
    melody, remarks = read(head() + track(tune(60, 62), meta(1), junk, tune(64, 65)))
    assert set(pitches(melody)) >= {60, 62, 65}
    assert "could not be read" in remarks[0]


@pytest.mark.parametrize("seed", range(40))
def test_one_wrong_byte_is_never_the_end_of_the_window(seed: int) -> None:
    dice = random.Random(seed)
    data = bytearray(head(1, 2) + track(meta(3, b"A"), _plain) + track(tune(40, 41, channel=3)))
    for _each in range(dice.choice((1, 3))):
        data[dice.randrange(14, len(data))] = dice.randrange(256)
    with suppress(StudioError):
        melody, _remarks = read(bytes(data))
        assert set(pitches(melody)) <= set(range(128))


def test_of_type_2_the_first_tune_or_the_one_that_is_asked_for() -> None:
    data = head(2, 3) + track(meta(3, b"empty")) + track(meta(3, b"One"), _plain)
    data += track(meta(3, b"Two"), meta(0x51, b"\1\2\3"), tune(50, 51))
    melody, remarks = read(data)
    assert (pitches(melody), melody.tempos) == ([60, 62, 64, 65], (Tempo(0),))
    assert "2 tunes" in remarks[0]
    assert pitches(read(data, "two")[0]) == [50, 51]
    assert pitches(read(data, "2")[0]) == [50, 51]


def test_seconds_are_counted_as_beats_of_120() -> None:
    melody, remarks = read(
        head(division=0xE728) + track(meta(0x51, b"\1\2\3"), tune(60, length=500))
    )
    # 25 frames of 40 parts: a millisecond each, and half a second is a quarter.
    assert melody.notes[0].duration == melody.ticks_per_quarter
    assert melody.tempos == (Tempo(0),)
    assert "seconds" in remarks[0]


def test_notes_of_no_length_are_kept_as_short_ones() -> None:
    melody, remarks = read(head() + track(tune(60, length=0), number(480) + tune(62)[1:]))
    assert pitches(melody) == [60, 62]
    assert (melody.notes[0].duration, melody.notes[1].duration) == (60, 480)
    assert remarks == ["1 note has no length and was kept as a short one."]
    assert pitches(read(head() + track(tune(60, 62, length=0)))[0]) == [60, 62]


def test_notes_without_an_end_are_told() -> None:
    melody, remarks = read(head() + track(b"\0\x90\x3c\x50", tune(62, 64)))
    assert Note(0, 960, 60) in melody.notes
    assert remarks == ["1 note never ends: it was ended with its track."]


def _on(pitch: int, delta: int = 0) -> bytes:
    return number(delta) + bytes((0x90, pitch, 80))


def _off(pitch: int, delta: int = 480) -> bytes:
    return number(delta) + bytes((0x80, pitch, 0))


def test_one_missing_end_shifts_no_later_note() -> None:
    notes = _on(60) + _on(60, 480) + _off(60) + _on(60) + _off(60) + _on(60, 240) + _off(60, 240)
    melody, remarks = read(head() + track(notes))
    assert [(note.start, note.duration) for note in melody.notes] == [
        (0, 480), (480, 480), (960, 480), (1680, 240),
    ]  # fmt: skip
    assert remarks == ["1 note was struck again before its end and was ended there."]


def test_notes_that_overlap_before_and_behind_a_missing_end_are_kept() -> None:
    overlap = _on(60) + _on(60, 240) + _off(60, 240) + _off(60, 240)
    melody, _remarks = read(head() + track(overlap, _on(62), _on(62, 480), _off(62), overlap))
    assert [(note.start, note.duration) for note in melody.notes if note.pitch == 60] == [
        (0, 480), (240, 480), (1680, 480), (1920, 480),
    ]  # fmt: skip


def test_a_note_struck_twice_at_once_is_one() -> None:
    melody, remarks = read(head() + track((_on(60) + _on(60) + _off(60)) * 3))
    assert [(note.start, note.duration) for note in melody.notes] == [
        (0, 480), (480, 480), (960, 480),
    ]  # fmt: skip
    assert remarks[0].startswith("3 notes were struck again")


@pytest.mark.parametrize("controller", [120, 123])
def test_all_notes_off_ends_the_notes_of_its_channel(controller: int) -> None:
    silence = number(480) + bytes((0xB0, controller, 0))
    other = bytes((0, 0x91, 64, 80))
    rest = number(480) + bytes((0x81, 64, 0))
    melody, remarks = read(head() + track(_on(60), other, silence, rest, _on(62), _off(62)), "1")
    assert melody.notes == (Note(0, 480, 60, 80), Note(960, 480, 62, 80))
    assert not remarks
    whole, _told = read(head() + track(_on(60), other, silence, rest), ALL_PARTS)
    assert Note(0, 960, 64, 80) in whole.notes


def test_what_comes_behind_an_end_in_the_middle_is_read() -> None:
    end = meta(0x2F)
    melody, remarks = read(head() + track(tune(60, 62), end, tune(64), end, tune(65)))
    assert (pitches(melody), melody.length, remarks) == ([60, 62, 64, 65], 1920, [])
    padded = head() + chunk(b"MTrk", _plain + end + b"\0" * 20)
    assert read(padded)[0].notes == read(head() + track(_plain))[0].notes


def test_a_note_that_never_ends_does_not_last_for_hours() -> None:
    far = meta(0x2F, delta=500 * 1920)
    melody, remarks = read(head() + track(_on(60), _on(62, 480), end=far))
    assert melody.length == 1920
    assert remarks == ["2 notes never end: they were ended with their track."]


def test_a_message_that_says_it_is_empty_is_passed_over() -> None:
    melody, remarks = read(song(b"\0\xf0\0\x7e\x7f\x09\x01\xf7"))
    assert (melody.notes[0].start, remarks) == (0, [])
    melody, remarks = read(song(b"\0\xf0\0", b"\0\xf7\2\x41\xf7"))
    assert (melody.notes[0].start, remarks) == (0, [])


def test_channels_of_one_track_have_programs_of_their_own() -> None:
    first = b"\0\xc0\5" + tune(72, 73)
    second = b"\0\xc1\x09" + tune(48, 50, channel=1)
    assert read(head(0) + track(first, second), "2")[0].program == 9


def test_the_end_of_the_track_is_the_end_of_the_tune() -> None:
    melody, _remarks = read(head() + track(_plain, end=meta(0x2F, delta=7 * 1920)))
    assert (melody.length, len(melody.bars)) == (8 * 1920, 8)
    melody, _remarks = read(head() + track(tune(60), end=meta(0x2F)))
    assert melody.length == 1920
    melody, _remarks = read(head() + track(_plain, end=meta(0x2F, delta=(1 << 28) - 1) * 4))
    assert len(melody.notes) == 4


def test_a_rest_at_the_end_of_hours_is_no_reason_to_refuse() -> None:
    ends = b"".join(number((1 << 28) - 1) + b"\xff\x01\0" for _each in range(4))
    melody, _remarks = read(head() + track(_plain, ends))
    assert melody.length == 1920


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gb18030", "big5", "shift_jis", "utf-8-sig", "utf-16"]
)
@pytest.mark.parametrize("name", ["旋律", "主旋律"])
def test_the_tune_is_known_by_its_name(name: str, encoding: str) -> None:
    accompaniment = track(meta(3, "伴奏".encode(encoding)), tune(72, 73, 74, 75, channel=1))
    named = track(meta(3, name.encode(encoding)), tune(48, 49, 50, 51))
    melody, remarks = read(head(1, 2) + accompaniment + named)
    assert pitches(melody) == [48, 49, 50, 51]
    assert "Of 2 parts" in remarks[0]


@pytest.mark.parametrize(
    "name", ["MELODY", "Lead Vocal", "メロディ", "인성 멜로디", "Мелодия", "solo"]
)
def test_names_in_other_languages(name: str) -> None:
    encoding = "cp949" if "멜" in name else "cp1251" if "М" in name else "utf-8"
    other = track(meta(3, b"Strings"), tune(80, 81, channel=1))
    melody, _remarks = read(
        head(1, 2) + other + track(meta(3, name.encode(encoding)), tune(40, 41))
    )
    assert pitches(melody) == [40, 41]


def _hands() -> bytes:
    right = track(meta(3, b"Piano RH"), tune(72, 73, 74, 75))
    return head(1, 2) + right + track(meta(3, b"Piano {LH}"), tune(48, 49, 50, 51))


def test_of_several_parts_a_person_may_choose() -> None:
    melody, remarks = read(_hands())
    assert pitches(melody) == [72, 73, 74, 75]
    assert "4 of 8 notes" in remarks[0]
    assert "1 Piano RH, 2 Piano {LH}" in remarks[0]
    for part in ("2", "piano {lh}"):
        melody, remarks = read(_hands(), part)
        assert (pitches(melody), remarks) == ([48, 49, 50, 51], [])
    melody, remarks = read(_hands(), ALL_PARTS)
    assert (len(melody.notes), remarks, melody.length) == (8, [], 1920)
    with pytest.raises(StudioError, match=r"x\.mid has no part 3: it has 1 Piano RH"):
        read(_hands(), "3")
    assert part_names(_hands()) == ("Piano RH", "Piano {LH}")


def test_drums_are_told_and_never_taken() -> None:
    data = head(1, 2) + track(_plain) + track(tune(35, 35, 35, channel=9))
    melody, remarks = read(data)
    assert (pitches(melody), remarks) == ([60, 62, 64, 65], ["3 notes of drums were left out."])
    assert len(read(data, ALL_PARTS)[0].notes) == 4


def test_channels_of_one_track_are_parts_unless_they_nest() -> None:
    two = b"\0\x90\x3c\x50\0\x91\x30\x50" + number(480) + b"\x81\x30\0\0\x80\x3c\0"
    assert len(part_names(head() + track(two))) == 2
    nested = b"\0\x90\x3c\x50" + number(100) + b"\x91\x3c\x40" + number(100) + b"\x81\x3c\0"
    nested += number(280) + b"\x80\x3c\0"
    melody, remarks = read(head() + track(nested))
    assert melody.notes == (Note(0, 480, 60, 80), Note(100, 100, 60, 64))
    assert not remarks
    other = b"\0\xc1\x20" + nested  # another instrument is another part
    assert len(part_names(head() + track(other))) == 2


def test_more_tracks_than_a_head_can_count_are_left_out() -> None:
    track = chunk(b"MTrk", tune(60, 62) + meta(0x2F))
    melody, told = read(head(1, 0xFFFF) + track + chunk(b"MTrk", b"") * 70_000)
    assert pitches(melody) == [60, 62]
    assert "It has more than 65,535 tracks: the others were left out." in told


def test_a_track_behind_very_many_other_parts_is_looked_for_once() -> None:
    class Data(bytes):
        looked = 0

        def find(self, *asked: Any) -> int:
            self.looked += 1
            return super().find(*asked)

    other = chunk(b"AAAA", b"") * 5_000
    track = chunk(b"MTrk", tune(60, 62) + meta(0x2F))
    data = Data(head(1, 2) + other + track + other + track)
    told: list[str] = []
    assert len(read_midi(data, told).tracks) == 2
    assert data.looked < 10
    assert told[0].startswith("10000 parts of the file are not tracks and were left out")


def test_a_tune_of_a_million_events_is_refused_at_once() -> None:
    with pytest.raises(StudioError, match="too long"):
        read(head() + track(b"\0\xb0\1\1" + b"\1\1\1" * 1_000_100))
    with pytest.raises(StudioError, match="damaged"):
        read(head() + track(b"\x80" * 1_000_000))


def test_remarks_reach_the_look_before_an_import_and_the_board(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(_hands())
    (tmp_path / "b.kar").write_bytes(song(meta(0x59, b"\x80\0")))
    (tmp_path / "c.rmi").write_bytes(_rmid(head() + track(tune(50, 52))))
    found = preflight(tmp_path, "melody")
    assert len(found.used) == 3
    assert any(each.startswith("a.mid: Of 2 parts") for each in found.remarks)
    chosen = preflight(tmp_path / "a.mid", "melody", ImportOptions(part=ALL_PARTS))
    assert chosen.rows[0].detail.startswith("8 notes")
    assert not chosen.rows[0].remarks
    _melody, remarks = readers.read(tmp_path / "a.mid")
    assert "Of 2 parts" in remarks[0]


@pytest.mark.parametrize(
    "more", ['"invented":1,', '"metres":[{"start":0,"numerator":4,"denominator":4,"clicks":24}],']
)
def test_its_own_json_may_come_from_another_version(more: str) -> None:
    plain = Melody((Note(0, 480, 60),)).to_json()
    assert (
        read(b"\xef\xbb\xbf" + (plain[:1] + more + plain[1:]).encode())[0]
        == read(plain.encode())[0]
    )
    short = b'{"notes":[{"start":0,"duration":480,"pitch":60}]}'
    assert read(short)[0] == Melody((Note(0, 480, 60),))


@pytest.mark.parametrize(
    ("side", "name"),
    [
        ('"tempos":"fast"', "tempos"), ('"tempos":[{"start":5}]', "tempos"),
        ('"tempos":[7]', "tempos"),
        ('"metres":[{"start":0,"numerator":0}]', "metres"), ('"metres":[]', "metres"),
        ('"program":999', "program"), ('"length":-4', "length"), ('"length":"long"', "length"),
    ],
)  # fmt: skip
def test_a_broken_part_beside_the_notes_costs_itself_only(side: str, name: str) -> None:
    note = '{"start":0,"duration":480,"pitch":60}'
    melody, remarks = read(f'{{"notes":[{note}],"program":5,{side}}}'.encode())
    assert melody.notes == (Note(0, 480, 60),)
    assert melody.tempos == (Tempo(0),)
    assert remarks == [f"Its {name} cannot be read and was reset to the default."]
    broken = [
        '{"start":0}',
        "7",
        '{"start":0,"duration":0,"pitch":60}',
        '{"start":0.5,"duration":1,"pitch":1}',
    ]
    melody, remarks = read(f'{{"notes":[{",".join([note, *broken])}]}}'.encode())
    assert (melody.notes, remarks) == (
        (Note(0, 480, 60),),
        ["4 notes cannot be read and were left out."],
    )
    with pytest.raises(StudioError, match="damaged"):
        read(f'{{"notes":[{",".join(broken)}]}}'.encode())


def test_what_ends_all_notes_of_a_channel_costs_no_more_where_others_have_many() -> None:
    every = [bytes([0, 0x90 | channel, pitch, 80]) for channel in range(8) for pitch in range(128)]
    silence = b"\0\xbf\x7b\0"  # on a channel that has none

    def cost(count: int) -> int:
        return steps(lambda: read(head() + track(*every, *[silence] * count, _plain)))

    assert (cost(60) - cost(20)) / 40 < 1_000  # with a look at each of the notes: over 10,000


def test_a_file_of_broken_tracks_is_mended_in_no_more_places_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[int] = []
    found = midi_events._next_sound

    def counted(data: bytes, broken: int, end: int, status: int) -> int:
        looks.append(broken)
        return found(data, broken, end, status)

    monkeypatch.setattr(midi_events, "_next_sound", counted)
    strange = chunk(b"MTrk", b"\1" * 8)
    melody, remarks = read(head(1, 3001) + strange * 3000 + track(_plain))
    assert pitches(melody) == [60, 62, 64, 65]
    assert remarks[0] == "24,000 bytes could not be read and were skipped."
    assert len(looks) == 1000


def test_bytes_are_lost_once_where_tracks_say_that_they_hold_those_behind_them() -> None:
    lying = chunk(b"MTrk", b"\xf1" * 8, 10_000_000)
    melody, remarks = read(head(1, 4) + lying * 3 + track(_plain))
    assert pitches(melody) == [60, 62, 64, 65]
    assert remarks[0] == "24 bytes could not be read and were skipped."
