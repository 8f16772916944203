"""Tunes as examples: collections in ABC, parts of MIDI files, packs of tunes, keys."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from library.midi_bytes import chunk, head, meta, number, song, track, tune

from aigc_studio.api import KeySignature, Melody, Progress, StudioError
from aigc_studio.library import checks, melodies
from aigc_studio.library.datasets import DatasetStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.melodies import read_melody
from aigc_studio.library.melodies.abc.voices import Voice
from aigc_studio.library.melodies.collections_of_tunes import MOST_LISTED
from aigc_studio.library.melodies.families import is_held_out
from aigc_studio.library.members import Members
from aigc_studio.library.options import ALL_PARTS, ImportOptions
from aigc_studio.library.pack_readers import hold_out, read_tunes
from aigc_studio.library.packs import PackStore
from aigc_studio.library.rows import ExampleInfo

A = "C>DEF GABc|d2e2 f2g2|agfe dcBA|G2E2 D2C2|"
B = "e2gf edcB|A2ce a2ge|fdBG ECDE|FAce gfed|"


def abc_tune(number: int, title: str, music: str = A, key: str = "C", more: str = "") -> str:
    return f"X:{number}\nT:{title}\nM:4/4\nL:1/8\n{more}K:{key}\n{music}\n\n"


def rows_of(store: DatasetStore) -> list[ExampleInfo]:
    browser = store.browse("Mine")
    return [browser.info(number) for number in range(len(browser))]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "tunes"
    folder.mkdir()
    tunes = [
        abc_tune(1, "The Hare", more="R:Reel\nZ:Ann\n"),
        abc_tune(2, "Another", B, "Ador", more="R:Jig\n"),
        abc_tune(3, "The Hare again"),  # the same tune
        abc_tune(4, "Silent", "z8|"),
        "X:5\nT:Broken off\nM:4/4\n\n",
        abc_tune(6, "Hare, in D", A, "D"),  # a variant: with the same steps, as it happens not
    ]
    (folder / "book.abc").write_text("".join(tunes))
    (folder / "single.mid").write_bytes(song())
    return folder


class TestADatasetOfTunes:
    def test_the_look_says_of_each_tune_why_it_is_not_taken(self, book: Path) -> None:
        found = checks.preflight(book, "melody")
        rows = {row.name: row for row in found.rows}
        assert rows["book.abc"].used
        assert rows["book.abc"].examples == 3
        assert rows["book.abc"].detail.startswith("3 tunes, ")
        assert "no notes" in rows["book.abc#4 Silent"].reason
        assert "K:" in rows["book.abc#5 Broken off"].reason
        assert not rows["book.abc#4 Silent"].used
        assert found.examples == 4
        assert {each.name for each in found.attributes} >= {"title", "metre", "key", "mode", "type"}

    def test_the_import_takes_what_the_look_said(self, book: Path, tmp_path: Path) -> None:
        store = DatasetStore(tmp_path / "data")
        list(store.import_files(book, "Mine", "melody"))
        rows = rows_of(store)
        found = {row.source: row for row in rows}
        assert list(found) == ["book.abc#1", "book.abc#2", "book.abc#6", "single.mid"]
        assert found["book.abc#2"].attributes == {
            "title": "Another", "metre": "4/4", "key": "A", "mode": "dorian", "type": "jig",
        }  # fmt: skip
        assert store.info("Mine").fingerprint == checks.preflight(book, "melody").fingerprint

    def test_variants_of_a_tune_are_one_group(self, tmp_path: Path) -> None:
        path = tmp_path / "book.abc"
        other = "cdef gabc'|" + B  # another beginning
        tunes = [abc_tune(1, "One", B + B), abc_tune(2, "Two", other + B), abc_tune(3, "Three")]
        path.write_text("".join(tunes))
        store = DatasetStore(tmp_path / "data")
        list(store.import_files(path, "Mine", "melody"))
        groups = [row.group for row in rows_of(store)]
        assert groups == ["book.abc#1", "book.abc#1", "book.abc#3"]

    def test_why_a_file_gives_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "a.abc").write_text(abc_tune(1, "Silent", "z8|"))
        found = checks.preflight(tmp_path, "melody")
        assert [row.reason for row in found.rows] == ["It has no notes."]
        (tmp_path / "a.abc").write_text(abc_tune(1, "One", "z|") + abc_tune(2, "Two", "z|"))
        found = checks.preflight(tmp_path, "melody")
        assert found.rows[0].reason == "None of its 2 tunes can be used."
        assert len(found.rows) == 3
        assert "1 files" in found.problem

    def test_a_file_without_a_tune_is_skipped_with_the_reason(self, tmp_path: Path) -> None:
        (tmp_path / "a.abc").write_text("Dear Sir or Madam,\n\nplease find attached.\n")
        (tmp_path / "b.abc").write_text(abc_tune(1, "Fine"))
        found = checks.preflight(tmp_path, "melody")
        assert [row.used for row in found.rows if row.name == "a.abc"] == [False]
        assert next(row.reason for row in found.rows if row.name == "a.abc")


class TestAPackOfTunes:
    @pytest.fixture
    def archive(self, tmp_path: Path) -> Path:
        path = tmp_path / "pack.zip"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("corpus/one/a.abc", abc_tune(1, "The Hare") + abc_tune(2, "Short", "C|"))
            file.writestr("corpus/two/b.abc", abc_tune(1, "Elsewhere", A) + abc_tune(2, "B", B))
        return path

    def read(self, archive: Path) -> list[Draft]:
        with Members(archive) as members:
            names = members.find(["corpus/one/*.abc", "corpus/two/*.abc"])
            assert names == ["corpus/one/a.abc", "corpus/two/b.abc"]
            found = read_tunes(members, names, {"fewest": 16, "most": 400})
            held = hold_out(found, {"rule": "titles"})
            return [each for each in held if isinstance(each, Draft)]

    def test_short_ones_and_doubles_are_left_out(self, archive: Path) -> None:
        found = self.read(archive)
        assert [each.source for each in found] == ["one/a.abc#1", "two/b.abc#2"]
        assert found[0].attributes["title"] == "The Hare"

    def test_a_family_with_a_title_that_is_held_out_is_held_out(self, tmp_path: Path) -> None:
        held = next(f"Tune {n}" for n in range(100) if is_held_out(f"Tune {n}"))
        free = next(f"Tune {n}" for n in range(100) if not is_held_out(f"Tune {n}"))
        path = tmp_path / "pack.zip"
        with zipfile.ZipFile(path, "w") as file:
            # One note is another: a variant.
            tunes = abc_tune(1, free, A) + abc_tune(2, held, A[:-4] + "E2|") + abc_tune(3, "B", B)
            file.writestr("corpus/one/a.abc", tunes)
        found = self.read_one(path)
        assert [each.split for each in found] == ["test", "test", found[2].split]
        assert found[0].group == found[1].group != found[2].group

    def read_one(self, path: Path) -> list[Draft]:
        with Members(path) as members:
            names = members.find(["corpus/one/*.abc"])
            found = read_tunes(members, names, {"fewest": 16, "most": 400})
            held = hold_out(found, {"rule": "titles"})
            return [each for each in held if isinstance(each, Draft)]

    def test_the_manifests_show_credits_and_notices(self) -> None:
        packs = PackStore()
        assert "Jack Campin" in packs.find("fiddle-tunes").credit
        assert "on-commercial" in packs.find("folk-songs").licence


def keyed(fifths: int, minor: int) -> bytes:
    return song(meta(0x59, bytes([fifths % 256, minor])))


class TestKeysOfMidi:
    @pytest.mark.parametrize(
        ("fifths", "minor", "mode"), [(0, 0, "major"), (-7, 1, "minor"), (7, 0, "major")]
    )
    def test_are_read(self, fifths: int, minor: int, mode: str) -> None:
        assert read_melody(keyed(fifths, minor)).keys == (KeySignature(0, fifths, mode),)

    def test_one_in_mid_tune_has_c_major_before_it(self) -> None:
        data = head() + track(tune(60), meta(0x59, bytes([2, 0])), tune(62))
        assert read_melody(data).keys == (KeySignature(0), KeySignature(480, 2))

    @pytest.mark.parametrize("content", [b"\x80\0", b"\x12\0", b"\0\xff", b"\0", b""])
    def test_those_that_there_are_not_cost_nothing(self, content: bytes) -> None:
        told: list[str] = []
        found = read_melody(song(meta(0x59, content)), remarks=told)
        assert (len(found.notes), found.keys, told) == (4, (), [])

    def test_a_file_without_says_none(self) -> None:
        assert read_melody(song()).keys == ()


def two_parts(path: Path) -> Path:
    parts = [
        track(meta(3, b"Flute"), b"\0\xc0\x49", tune(72, 74, 76)),
        track(meta(3, b"Bass"), b"\0\xc1\x20", tune(36, 38, channel=1)),
        track(tune(40, 41, channel=9)),
    ]
    path.write_bytes(head(1, len(parts)) + b"".join(parts))
    return path


class TestChoices:
    def test_parts_of_midi(self, tmp_path: Path) -> None:
        found = melodies.choices(two_parts(tmp_path / "a.mid"))
        assert found.are_parts
        assert [(each.name, each.is_taken) for each in found.found] == [
            ("Flute", True), ("Bass", False), ("Drums", False),
        ]  # fmt: skip
        flute, bass, drums = found.found
        assert flute.melody == read_melody(tmp_path / "a.mid")
        assert bass.melody is not None
        assert bass.melody.program == 32
        assert drums.melody is None
        assert drums.reason

    def test_parts_together(self, tmp_path: Path) -> None:
        found = melodies.choices(two_parts(tmp_path / "a.mid"))
        parts = [each.melody for each in found.found if each.melody is not None]
        whole = melodies.together(parts)
        assert whole.notes == read_melody(tmp_path / "a.mid", part=ALL_PARTS).notes
        assert whole.program == 73

    def test_five_hundred_tracks(self, tmp_path: Path) -> None:
        tracks = [track(meta(3, b"Part %d" % n), tune(60, 62)) for n in range(500)]
        (tmp_path / "a.mid").write_bytes(head(1, 500) + b"".join(tracks))
        assert len(melodies.choices(tmp_path / "a.mid").found) == 500

    def test_tunes_of_a_collection(self, book: Path) -> None:
        found = melodies.choices(book / "book.abc")
        assert not found.are_parts
        assert [each.is_taken for each in found.found] == [True, *[False] * 5]
        assert found.found[3].melody is None
        assert found.found[3].reason

    def test_voices_of_a_tune(self, tmp_path: Path) -> None:
        text = "X:1\nT:Duet\nL:1/4\nV:1 name=Flute\nV:2\nK:C\nV:1\nc4|\nV:2\nC4|\n"
        (tmp_path / "a.abc").write_text(text)
        found = melodies.choices(tmp_path / "a.abc")
        assert [(each.name, each.is_taken) for each in found.found] == [
            ("Flute", True), ("2", False),
        ]  # fmt: skip

    def test_each_line_of_many_voices_is_read_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        read = Voice.read

        def note(voice: Voice, lines: list[str]) -> None:
            seen.extend(lines)
            read(voice, lines)

        monkeypatch.setattr(Voice, "read", note)
        text = "X:1\nL:1/4\nK:C\n" + "".join(f"V:{n}\n{'CDEF'[n % 4]}4|\n" for n in range(300))
        (tmp_path / "a.abc").write_text(text)
        found = melodies.choices(tmp_path / "a.abc")
        assert [each.name for each in found.found] == [str(n) for n in range(300)]
        assert [each.is_taken for each in found.found] == [True, *[False] * 299]
        pitches = [each.melody.notes[0].pitch for each in found.found if each.melody is not None]
        assert pitches == [60, 62, 64, 65] * 75
        assert len(seen) == 300

    def test_the_first_of_very_many_are_listed(self, tmp_path: Path) -> None:
        text = "X:1\nL:1/4\nK:C\n" + "".join(f"V:{n}\nC4|\n" for n in range(MOST_LISTED + 3))
        (tmp_path / "a.abc").write_text(text)
        tracks = [track(tune(60)) for n in range(MOST_LISTED + 3)]
        (tmp_path / "a.mid").write_bytes(head(1, len(tracks)) + b"".join(tracks))
        for name in ("a.abc", "a.mid"):
            found = melodies.choices(tmp_path / name)
            assert (len(found.found), found.more) == (MOST_LISTED, 3)

    @pytest.mark.parametrize("data", [b"", b"hello", chunk(b"MThd", b"\0\1\0\1\1\xe0")])
    def test_what_cannot_be_read(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "a.mid").write_bytes(data)
        with pytest.raises(StudioError, match=r"a\.mid"):
            melodies.choices(tmp_path / "a.mid")


def test_another_voice_is_taken_where_it_is_asked_for(tmp_path: Path) -> None:
    text = "X:1\nL:1/4\nV:1\nV:2\nK:C\nV:1\nc4|\nV:2\nC4|\n"
    (tmp_path / "a.abc").write_text(text)
    store = DatasetStore(tmp_path / "data")
    list(store.import_files(tmp_path / "a.abc", "Mine", "melody", ImportOptions(part="2")))
    melody = store.open("Mine")[0].artifact
    assert isinstance(melody, Melody)
    assert [note.pitch for note in melody.notes] == [60]
    assert replace(melody).metres == melody.metres


def test_delta_times_of_any_length() -> None:
    assert number(200) == b"\x81\x48"


def test_of_a_large_collection_it_is_told_how_far_it_is(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_text(
        "\n".join(f"X:{n}\nT:Tune {n}\nL:1/8\nK:C\nCDEF G2 A{n % 7 + 1}|\n" for n in range(1, 251))
    )
    seen, looking = list[Progress](), checks.look(book, "melody")
    while True:
        try:
            seen.append(next(looking))
        except StopIteration:
            break
    variants = (200, 250, "Looking for variants of tunes")
    reading = [(100, 250, "book.abc"), (200, 250, "book.abc")]
    told = [(each.step, each.total, each.text) for each in seen]
    assert told == [*reading, variants, (1, 1, "book.abc")]
    seen = list(DatasetStore(tmp_path / "sets").import_files(book, "book", "melody"))
    assert [(each.step, each.total) for each in seen[:2]] == [(100, 250), (200, 250)]
