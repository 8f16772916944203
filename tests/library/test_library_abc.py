"""The reader of ABC: tunes that we wrote, sign by sign."""

import random

import pytest

from aigc_studio.api import KeySignature, Melody, Metre, StudioError, Tempo
from aigc_studio.library.melodies import read_melody
from aigc_studio.library.melodies.abc import Repeats, Tune, attributes, read_tunes, tonic_name
from aigc_studio.library.melodies.abc.fields import read_key, read_length, read_metre, read_tempo

HEAD = "X:1\nT:A tune\nM:4/4\nL:1/4\n"


def tunes(text: str, repeats: Repeats = "played", voice: str = "") -> list[Tune]:
    return list(read_tunes(text, repeats, voice))


def tune(music: str, key: str = "C", head: str = HEAD, repeats: Repeats = "played") -> Tune:
    (found,) = tunes(f"{head}K:{key}\n{music}\n", repeats)
    return found


def melody(music: str, key: str = "C", head: str = HEAD, repeats: Repeats = "played") -> Melody:
    found = tune(music, key, head, repeats).melody
    assert found is not None
    return found


def pitches(music: str, key: str = "C", head: str = HEAD) -> list[int]:
    return [note.pitch for note in melody(music, key, head).notes]


def quarters(music: str, head: str = HEAD) -> list[float]:
    found = melody(music, head=head)
    return [note.duration / found.ticks_per_quarter for note in found.notes]


class TestPitch:
    def test_octaves(self) -> None:
        assert pitches("C, C c c' c''") == [48, 60, 72, 84, 96]
        assert pitches("c, C' C,,") == [60, 72, 36]

    def test_an_accidental_holds_to_the_bar_line_in_every_octave(self) -> None:
        assert pitches("^F F f F | F") == [66, 66, 78, 66, 65]

    def test_double_and_natural_accidentals(self) -> None:
        assert pitches("^^F __B =F _e", "D") == [67, 69, 65, 75]

    def test_a_directive_says_how_far_they_reach(self) -> None:
        for told, last in (("octave", 77), ("not", 77), ("pitch", 78)):
            head = f"{HEAD}%%propagate-accidentals {told}\n"
            assert pitches("^F f", head=head)[1] == last

    def test_a_tie_carries_its_accidental_over_the_bar_line_and_no_further(self) -> None:
        assert pitches("C D E ^F- | F F") == [60, 62, 64, 66, 65]
        assert melody("C D E ^F- | F F").notes[3].duration == 2 * 480

    def test_the_key_alters_notes(self) -> None:
        assert pitches("F C", "D") == [66, 61]
        assert pitches("B E A", "Cm") == [70, 63, 68]

    def test_a_key_in_mid_tune(self) -> None:
        found = melody("F F [K:D] F F | F4 |\nK:F\nB4 |")
        assert [note.pitch for note in found.notes] == [65, 65, 66, 66, 66, 70]
        assert found.keys == (
            KeySignature(0),
            KeySignature(960, 2),
            KeySignature(2 * 1920, -1),
        )

    def test_what_no_midi_can_say_moves_by_octaves(self) -> None:
        found = tune("C,,,,,,,, c''''''''")
        assert found.melody is not None
        assert all(0 <= note.pitch <= 127 for note in found.melody.notes)
        assert any("octaves" in each for each in found.remarks)


@pytest.mark.parametrize(
    ("text", "fifths", "mode", "tonic"),
    [
        ("C", 0, "major", "C"),
        ("Bb", -2, "major", "Bb"),
        ("F#m", 3, "minor", "F#"),
        ("A Minor", 0, "minor", "A"),
        ("Amin", 0, "minor", "A"),
        ("D dorian", 0, "dorian", "D"),
        ("DDor", 0, "dorian", "D"),
        ("Emix", 3, "mixolydian", "E"),
        ("G lydian", 2, "lydian", "G"),
        ("Bphr", 1, "phrygian", "B"),
        ("B Loc", 0, "locrian", "B"),
        ("EM", 4, "major", "E"),
        ("G major clef=treble", 1, "major", "G"),
        ("G bass", 1, "major", "G"),
        ("D exp ^f ^c", 2, "major", "D"),
        ("A exp ^f ^c", 2, "mixolydian", "A"),
        ("HP", 2, "mixolydian", "A"),
    ],
)
def test_keys(text: str, fifths: int, mode: str, tonic: str) -> None:
    key = read_key(text)
    assert (key.fifths, key.mode, key.is_understood) == (fifths, mode, True)
    assert key.fifths is not None
    assert tonic_name(KeySignature(0, key.fifths, key.mode)) == tonic


def test_keys_that_are_none_of_the_seven_modes_alter_notes_all_the_same() -> None:
    assert read_key("D Phr ^f").altered == {"B": -1, "E": -1, "F": 1}
    assert read_key("D Phr ^f").fifths is None
    assert read_key("none").fifths is None
    assert read_key("").altered == {}
    assert not read_key("H major").is_understood


def test_a_clef_that_sounds_in_another_octave() -> None:
    assert pitches("C", "C treble-8") == [48]
    assert pitches("C", "C octave=1") == [72]
    assert pitches("C", "C transpose=-2") == [58]


class TestLengths:
    def test_multiples_and_fractions(self) -> None:
        assert quarters("C2 C/ C/2 C// C3/2 C/4 C") == [2, 0.5, 0.5, 0.25, 1.5, 0.25, 1]

    def test_the_metre_says_the_usual_length(self) -> None:
        assert quarters("C", "X:1\nM:2/4\n") == [0.25]
        assert quarters("C", "X:1\nM:3/4\n") == [0.5]
        assert quarters("C", "X:1\n") == [0.5]

    def test_broken_rhythm(self) -> None:
        assert quarters("A>B A<B A>>B A <<< B") == [
            1.5, 0.5, 0.5, 1.5, 1.75, 0.25, 0.125, 1.875,
        ]  # fmt: skip

    def test_what_stands_between_changes_no_broken_rhythm(self) -> None:
        for between in ("(", "{c}", ".", "-", '"Am"', "!trill!", "~", " "):
            assert quarters(f"A>{between}B")[:2] == [1.5, 0.5], between

    def test_broken_rhythm_without_a_note_is_told(self) -> None:
        assert any("> or <" in each for each in tune(">A B |").remarks)
        assert any("> or <" in each for each in tune("A B> |").remarks)

    def test_tuplets(self) -> None:
        assert quarters("(3ABc") == pytest.approx([2 / 3] * 3)
        assert quarters("(2AB", "X:1\nM:6/8\nL:1/8\n") == pytest.approx([0.75] * 2)
        assert quarters("(5ABcde", "X:1\nM:6/8\nL:1/8\n") == pytest.approx([0.3] * 5)
        assert quarters("(5ABcde") == pytest.approx([0.4] * 5)
        assert quarters("(3:2:4 A/B/cd e") == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3, 1])
        assert quarters("(3::2 AB c") == pytest.approx([2 / 3, 2 / 3, 1])
        assert quarters("(3 A2 z B c") == pytest.approx([4 / 3, 2 / 3, 1])

    def test_rests(self) -> None:
        found = melody("z2 C x | Z2 | C4 |")
        assert [note.start for note in found.notes] == [960, 1920 * 3]
        # Inside a bar a rest of whole bars is a plain one: some write Z for z.
        assert melody("C2 Z2 | C4 |").notes[1].start == 1920

    def test_ties_join_and_slurs_do_not(self) -> None:
        found = tune("(C C) C-C | C-D")
        assert found.melody is not None
        assert [note.duration for note in found.melody.notes] == [480, 480, 960, 480, 480]
        assert any("slur" in each for each in found.remarks)

    def test_ticks_are_as_fine_as_the_tune_needs(self) -> None:
        assert melody("C/64").ticks_per_quarter == 960
        assert melody("(7ABcdefg").ticks_per_quarter == 3360
        assert melody("(3ABc").ticks_per_quarter == 480


class TestBars:
    def test_an_upbeat_is_a_short_first_bar(self) -> None:
        found = melody("G | C C C C | C C C |]")
        assert found.metres == (Metre(0), Metre(480))
        assert found.bars == ((0, 480), (480, 2400), (2400, 4320))
        assert found.length == 480 * 8
        assert tune("G | C C C C | C C C |]").remarks == ()

    def test_the_end_of_a_section_and_the_next_upbeat_are_one_bar(self) -> None:
        found = melody("|: E | C C C C | C C C :||: E | C C C C | C C C :|")
        assert found.metres == (Metre(0), Metre(480))
        assert found.length == 480 * 8 * 4

    def test_bars_that_are_too_short_or_too_long_are_kept_and_told(self) -> None:
        found = tune("C C C C | C C C | C4 C C | C4 |")
        assert found.melody is not None
        assert found.melody.length == 480 * 17
        assert [each.split()[0] for each in found.remarks] == ["1", "1"]
        assert "shorter" in found.remarks[0]
        assert "longer" in found.remarks[1]

    def test_a_missing_bar_line_is_no_long_bar(self) -> None:
        assert tune("C C C C C C C C | C4 |").remarks == ()

    def test_metres_in_mid_tune(self) -> None:
        found = melody("C4 | [M:3/4] C3 |\nM:2/4\nC2 |")
        assert found.metres == (Metre(0), Metre(1920, 3, 4), Metre(3360, 2, 4))

    def test_a_tune_without_metre(self) -> None:
        found = tune("C C C | C |", head="X:1\nM:none\nL:1/4\n")
        assert found.metre == "none"
        assert found.melody is not None
        assert found.melody.metres == (Metre(0),)
        assert found.remarks == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("6/8", "6/8"),
        ("C", "4/4"),
        ("C|", "2/2"),
        ("2+3/8", "5/8"),
        ("(2+2+3)/8", "7/8"),
        ("none", "none"),
        ("", "none"),
        ("9/8 % as printed", "9/8"),
    ],
)
def test_metres(text: str, told: str) -> None:
    assert str(read_metre(text)) == told


def test_metres_and_lengths_that_are_none() -> None:
    assert read_metre("4/3") is None
    assert read_metre("0/4") is None
    assert read_metre("fast") is None
    assert read_length("0/8") is None
    assert read_length("1/8") == (1, 8)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1/4=120", 500_000),
        ("3/8=60", 666_667),
        ("120", 1_000_000),
        ("C=60", 2_000_000),
        ("C3=60", 666_667),
        ('"Allegro" 1/4=100', 600_000),
        ('1/4=100 "Allegro"', 600_000),
        ("1/4 3/8 1/4 3/8=40", 300_000),
        ("1/4=206.7875", 290_153),
    ],
)
def test_tempos(text: str, microseconds: int) -> None:
    assert read_tempo(text, (1, 8)) == microseconds


def test_tempos_that_are_none() -> None:
    for text in ("", '"Slow"', "1/4=0", "0/4=100", "fast=1"):
        assert read_tempo(text, (1, 8)) is None


def test_a_tempo_in_mid_tune() -> None:
    found = melody("C4 | [Q:1/4=60] C4 |", head=f"{HEAD}Q:1/4=200\n")
    assert found.tempos == (Tempo(0, 300_000), Tempo(1920, 1_000_000))


class TestRepeats:
    @pytest.mark.parametrize(
        ("music", "played"),
        [
            ("|: C :| D |", "CCD"),
            ("C :| D |", "CCD"),
            ("|: C :: D :| E |]", "CCDDE"),
            ("|: C |1 D :|2 E || F |", "CDCEF"),
            ("|: C [1 D :| [2 E |] F |", "CDCEF"),
            ("|: C |1,3 D :|2 E :| F |", "CDCECDF"),
            ("|: C |1-2 D :|3 E || F", "CDCDCEF"),
            ("|:: C ::| D |", "CCCD"),
            ("C || D :| E |", "CDDE"),
            ("C |: D :| E |: F :|", "CDDEFF"),
            ("|: C :||: D :|", "CCDD"),
            ("|: C |1 D :|2 E :|", "CDCE"),
            ("|: C |1 D :|2 E ::\nF |1 G :|2 A :|", "CDCEFGFA"),
        ],
    )
    def test_are_written_out(self, music: str, played: str) -> None:
        names = {60: "C", 62: "D", 64: "E", 65: "F", 67: "G", 69: "A"}
        assert "".join(names[note.pitch] for note in melody(music).notes) == played

    def test_once_takes_the_last_ending(self) -> None:
        found = melody("|: C |1 D :|2 E || |: F |1 G :|2 A :|", repeats="once")
        assert [note.pitch for note in found.notes] == [60, 64, 65, 69]

    def test_as_written_all_endings_stand_behind_each_other(self) -> None:
        found = melody("|: C |1 D :|2 E :|", repeats="written")
        assert [note.pitch for note in found.notes] == [60, 62, 64]

    def test_more_than_a_melody_may_have_is_left_at_once(self) -> None:
        found = tune("|:" + ":" * 60 + " " + "C4|" * 3999 + "C4 " + ":" * 60 + ":|")
        assert found.melody is not None
        assert len(found.melody.notes) == 4000
        assert "repeats" in found.remarks[0]


class TestWhatIsLeftOut:
    def test_chords_give_their_highest_note(self) -> None:
        found = tune("[CEG]2 [c2E2] | [CE]/G |")
        assert found.melody is not None
        assert [note.pitch for note in found.melody.notes] == [67, 72, 64, 67]
        assert [note.duration for note in found.melody.notes][:3] == [960, 960, 240]
        assert any("chords" in each for each in found.remarks)

    def test_grace_notes_are_counted(self) -> None:
        found = tune("{cd}C {/e}D")
        assert found.melody is not None
        assert len(found.melody.notes) == 2
        assert found.remarks[-1].startswith("3 grace")

    def test_words_marks_and_comments_are_no_notes(self) -> None:
        music = (
            '"Am"C !trill!D +fermata+E ~F % CDE\nw: A-B C\nW: words\n%%text CDE\n'
            "s: *\nvA uB .c Hd Te y2 `f\nr:remark\n"
        )
        assert len(melody(music).notes) == 4 + 6

    def test_lines_go_on(self) -> None:
        assert len(melody("C D \\\nE F | \\ % comment\nG4 |").notes) == 5

    def test_overlays(self) -> None:
        found = tune("C4 & E4 | D4 |")
        assert found.melody is not None
        assert [note.pitch for note in found.melody.notes] == [60, 62]

    def test_jumps_are_told(self) -> None:
        assert any("D.C." in each for each in tune("C4 !D.C.!|").remarks)


class TestVoices:
    TEXT = (
        'X:1\nM:4/4\nL:1/4\nV:1 name="Flute"\nV:2 clef=bass\nK:C\nV:1\nc4 |\nV:2\nC4 |\n'
        "[V:1] d4 |\n[V:2] D4 |[V:1] e4 |\n"
    )

    def test_the_first_that_has_notes_is_taken(self) -> None:
        (found,) = tunes(self.TEXT)
        assert found.melody is not None
        assert [note.pitch for note in found.melody.notes] == [72, 74, 76]
        assert found.voices == ("Flute", "2")
        assert "Flute" in found.remarks[0]

    def test_another_by_name_or_number(self) -> None:
        for wanted in ("2", "flute"):
            (found,) = tunes(self.TEXT, voice=wanted)
            assert found.melody is not None
            assert found.melody.notes[0].pitch == (60 if wanted == "2" else 72)
        (found,) = tunes(self.TEXT, voice="oboe")
        assert found.melody is None
        assert "Flute" in found.reason

    def test_all_together(self) -> None:
        (found,) = tunes(self.TEXT, voice="all")
        assert found.melody is not None
        assert [note.pitch for note in found.melody.notes] == [60, 72, 62, 74, 76]


class TestCollections:
    def test_many_tunes(self) -> None:
        text = (
            "%abc-2.1\nA song book.\n\nX:1\nT:One\nK:C\nCDE|\n\nfree text\n\nX:2\nT:Two\nK:D\nF|\n"
        )
        assert [each.title for each in tunes(text)] == ["One", "Two"]

    def test_without_empty_lines_or_numbers(self) -> None:
        assert [each.title for each in tunes("X:1\nT:a\nK:C\nC|\nX:2\nT:b\nK:C\nD|")] == ["a", "b"]
        assert [each.title for each in tunes("T:a\nK:C\nC|\n\nT:b\nK:C\nD|")] == ["a", "b"]

    def test_fields_of_the_file_count_for_all(self) -> None:
        found = tunes("M:3/4\nL:1/4\nZ:Somebody\n\nX:1\nK:C\nC3|\n\nX:2\nM:2/4\nK:C\nC2|\n")
        assert [each.metre for each in found] == ["3/4", "2/4"]
        assert found[1].fields["Z"] == ("Somebody",)

    def test_an_empty_line_inside_the_music(self) -> None:
        (found,) = tunes("X:1\nL:1/4\nM:4/4\nK:C\nCDEF|\n\nGABc|\n")
        assert found.melody is not None
        assert len(found.melody.notes) == 8
        assert "empty line" in found.remarks[0]

    def test_broken_headers_cost_their_own_tune(self) -> None:
        found = tunes("X:1\nT:No key\nM:4/4\n\nX:2\nT:Good\nK:C\nC|\n\nX:3\nT:Silent\nK:C\nz4|\n")
        assert [each.melody is None for each in found] == [True, False, True]
        assert "K:" in found[0].reason
        assert "no notes" in found[2].reason

    def test_line_ends_of_all_systems(self) -> None:
        text = f"{HEAD}K:C\nCD|\nEF|\n"
        for end in ("\n", "\r\n", "\r"):
            (found,) = tunes(text.replace("\n", end))
            assert found.melody is not None
            assert len(found.melody.notes) == 4

    def test_what_mail_did_to_it(self) -> None:
        head = HEAD.replace("T:A tune", "T:A tune=20\nQ:1/4=3D200")
        found = melody("=3DF ^F =3DF G |=20\nCD =\nEF |", "G", head)
        assert [note.pitch for note in found.notes] == [65, 66, 65, 67, 60, 62, 64, 66]
        # Where a tempo looks like it, it stays one.
        assert melody("C4|", head=f"{HEAD}Q:1/4=200\n").tempos == (Tempo(0, 300_000),)

    def test_titles_with_accents(self) -> None:
        (found,) = tunes('X:1\nT:Caf\\\'e &amp; th\\u00e9\nC:"Trad."\nK:C\nC|')
        assert found.title == "Café & thé"
        assert found.first("C") == "Trad."


def test_attributes_of_a_tune() -> None:
    text = "X:1\nT:The Hare\nR:Slip  Jig\nZ:Ann\nZ:Ben\nM:9/8\nK:Edor\nEFG|\n"
    assert attributes(tunes(text)[0]) == {
        "title": "The Hare", "metre": "9/8", "key": "E", "mode": "dorian", "type": "slip jig",
        "transcriber": "Ann; Ben",
    }  # fmt: skip


def test_the_program_of_a_directive() -> None:
    assert melody("C4|", head=f"{HEAD}%%MIDI program 73\n").program == 73


def test_bytes_in_any_encoding_are_read() -> None:
    text = f"{HEAD.replace('A tune', 'Größe')}K:C\nCDEF|\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert len(read_melody(text.encode(encoding), "a.abc").notes) == 4
    assert len(read_melody(text.encode()).notes) == 4  # known by how it begins


def test_a_tune_of_a_collection_is_chosen() -> None:
    data = b"X:1\nT:Empty\nK:C\nz|\n\nX:2\nT:Two\nK:C\nC|\n\nX:3\nT:Three\nK:C\nD|\n"
    told: list[str] = []
    assert read_melody(data, "a.abc", remarks=told).notes[0].pitch == 60
    assert "3 tunes" in told[0]
    assert "Two" in told[0]
    for wanted in ("3", "three"):
        assert read_melody(data, "a.abc", wanted).notes[0].pitch == 62
    for wanted in ("4", "Four", "{name}"):
        with pytest.raises(StudioError, match=r"a\.abc has no tune"):
            read_melody(data, "a.abc", wanted)


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"hello", b"X:1\n", b"X:1\nK:C\n", b"K:C"])
def test_what_is_no_tune_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"a\.abc"):
        read_melody(data, "a.abc")


def test_nothing_in_a_text_can_break_the_reader() -> None:
    signs = "ABCDEFGabcdefgz|:[]{}()<>-_^=,'/0123456789xZ!\"+&\\%KMLQVTy \n\r~.*$;?@#é\0"
    chance = random.Random(11)
    for _ in range(300):
        body = "".join(chance.choice(signs) for _ in range(chance.randrange(200)))
        for repeats in ("played", "once", "written"):
            for found in tunes(f"{HEAD}K:D\n{body}\nABc def|", repeats):
                assert (found.melody is None) == bool(found.reason)
    assert len(tunes("X:1\nK:C\n" + "A9999/9999" * 2000)) == 1
    assert len(tunes("X:1\nK:C\n" + "Z999|" * 4000)) == 1
    assert len(tunes("X:1\nK:C\n" + "[" * 50_000)) == 1
    assert len(tunes("X:1\nK:C\n" + '"' * 50_000 + "(" * 50_000)) == 1


@pytest.mark.parametrize(
    ("told", "pitch"), [("12", 84), ("-12", 60), ("+2", 74), ("x", 72), ("", 72)]
)
def test_a_directive_moves_all_notes(told: str, pitch: int) -> None:
    melody = read_melody(f"X:1\n%%MIDI transpose {told}\nK:C\nc|".encode(), "a.abc")
    assert [note.pitch for note in melody.notes] == [pitch]


@pytest.mark.parametrize(
    ("order", "is_told"), [("ABA", True), ("A2B", True), ("AB", False), ("A.B", False), ("", False)]
)
@pytest.mark.parametrize("parts", ["P:A\nc8|\nP:B\nd8|", "[P:A]c8|\n[P:B]d8|"])
def test_an_order_of_parts_that_is_not_followed_is_told(
    order: str, is_told: bool, parts: str
) -> None:
    remarks: list[str] = []
    text = f"X:1\nP:{order}\nM:4/4\nL:1/8\nK:C\n{parts}\n"
    melody = read_melody(text.encode(), "a.abc", remarks=remarks)
    assert [note.pitch for note in melody.notes] == [72, 74]
    sentence = "Its parts are there as they stand: the order that it names (P:) was not followed."
    assert remarks == [sentence] * is_told
