import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mido
import numpy as np
import pytest
from kinds import a_melody, there
from PIL import ExifTags
from PIL import Image as Pillow

from aigc_studio.api import Artifact, Image, Melody, Metre, Note, StudioError, Tempo, Text, limits
from aigc_studio.library import readers
from aigc_studio.project import Provenance, export, labels
from aigc_studio.project.export import ExportOptions
from aigc_studio.project.labels import source_type

IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
AIGC = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "输出 folder é"


def metadata(path: Path) -> tuple[ElementTree.Element | None, Any]:
    """The XMP and the EXIF software of a picture, as an independent reader finds them."""
    with Pillow.open(path) as picture:
        packet = picture.info.get("xmp")
        software = picture.getexif().get(ExifTags.Base.Software)
    root = ElementTree.fromstring(packet) if packet else None
    return root, software


def everything(tune: Melody, noise: Callable[..., Image]) -> dict[str, Artifact]:
    return {
        ".png": noise(30, 20),
        ".jpg": noise(30, 20),
        ".jpeg": noise(3, 2, "L"),
        ".webp": noise(30, 20),
        ".txt": Text("第一行\nline \U0001f600"),
        ".mid": tune,
        ".midi": tune,
        ".abc": tune,
        ".melody.json": tune,
    }


@pytest.mark.parametrize(
    "suffix",
    [".png", ".jpg", ".jpeg", ".webp", ".txt", ".mid", ".midi", ".abc", ".melody.json"],
)
class TestEveryFormat:
    def test_says_what_made_it(
        self,
        folder: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        path = folder / f"名 a{suffix.upper()}"
        artifact = everything(tune, noise)[suffix]
        made = replace(provenance, medium=artifact.medium)
        written = export.export(artifact, path, made)
        assert sorted(folder.iterdir()) == sorted(written)
        assert export.read_provenance(path) == made

    def test_is_the_same_bytes_again(
        self,
        folder: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        artifact = everything(tune, noise)[suffix]
        first = export.export(artifact, folder / f"a{suffix}", provenance)
        second = export.export(artifact, folder / "again" / f"a{suffix}", provenance)
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

    def test_leaves_the_prompt_out_when_asked(
        self,
        folder: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        path = folder / f"a{suffix}"
        made = replace(provenance, prompt="secret-words")
        artifact = everything(tune, noise)[suffix]
        written = export.export(artifact, path, made, ExportOptions(include_prompt=False))
        assert export.read_provenance(path) == made.without_prompt()
        assert not any(b"secret-words" in each.read_bytes() for each in written)

    def test_makes_no_claim_for_what_a_person_made(
        self,
        folder: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        path = folder / f"a{suffix}"
        artifact = everything(tune, noise)[suffix]
        export.export(artifact, path, provenance)
        written = export.export(artifact, path, None)
        assert sorted(folder.iterdir()) == [path] == list(written)
        assert export.read_provenance(path) is None
        assert b"trainedAlgorithmicMedia" not in path.read_bytes()
        export.export(artifact, path, provenance, ExportOptions(label=False))
        assert export.read_provenance(path) is None
        assert b"rovenance" not in path.read_bytes()

    def test_is_read_by_the_library(
        self,
        folder: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        path = folder / f"a{suffix}"
        artifact = everything(tune, noise)[suffix]
        export.export(artifact, path, provenance)
        back = readers.read_artifact(path)
        if suffix == ".abc":  # which knows no velocities
            assert isinstance(artifact, Melody)
            artifact = replace(
                artifact, notes=tuple(replace(note, velocity=80) for note in artifact.notes)
            )
        if suffix not in (".jpg", ".jpeg"):
            assert back == artifact
        assert back.medium == artifact.medium

    def test_a_cut_or_changed_file_never_gives_a_traceback(
        self,
        folder: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        path = folder / f"a{suffix}"
        export.export(everything(tune, noise)[suffix], path, provenance)
        whole = path.read_bytes()
        dice = np.random.default_rng(1)
        for _turn in range(40):
            data = bytearray(whole[: dice.integers(len(whole) + 1)])
            for place in dice.integers(0, max(len(data), 1), 5):
                if data:
                    data[place] = dice.integers(256)
            path.write_bytes(bytes(data))
            found = export.read_provenance(path)
            # What is hit may be a letter of its words; never is it another thing.
            assert found is None or found.medium in ("image", "text", "melody")

    def test_a_folder_that_cannot_be_written_is_a_sentence(
        self,
        tmp_path: Path,
        tune: Melody,
        noise: Callable[..., Image],
        provenance: Provenance,
        suffix: str,
    ) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(StudioError, match="cannot be written"):
            export.export(everything(tune, noise)[suffix], tmp_path / "file" / f"a{suffix}", None)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_the_labels_are_where_other_programs_look(
    folder: Path, noise: Callable[..., Image], provenance: Provenance, suffix: str
) -> None:
    path = folder / f"a{suffix}"
    export.export(noise(8, 8), path, provenance)
    root, software = metadata(path)
    assert there(root).findtext(f".//{IPTC}") == SOURCE + "trainedAlgorithmicMedia"
    assert software.startswith("AIGC Studio ")
    label = json.loads(there(there(root).findtext(f".//{AIGC}")))
    assert label["Label"] == "1"
    assert set(label) == {
        "Label", "ContentProducer", "ProduceID", "ReservedCode1",
        "ContentPropagator", "PropagateID", "ReservedCode2",
    }  # fmt: skip
    export.export(noise(8, 8), path, None)
    assert metadata(path)[0] is None


def test_what_was_made_from_what_decides_the_source_type(provenance: Provenance) -> None:
    pure = SOURCE + "trainedAlgorithmicMedia"
    mixed = SOURCE + "compositeWithTrainedAlgorithmicMedia"
    assert source_type([provenance]) == pure
    assert source_type([provenance, provenance]) == pure
    assert source_type([replace(provenance, composite=True)]) == mixed
    assert source_type([provenance.edited_by_hand()]) == mixed
    assert source_type([provenance, None]) == mixed
    assert source_type([None, None]) == ""
    assert source_type([]) == ""


def test_a_whole_board_names_all_that_made_it(
    folder: Path, noise: Callable[..., Image], provenance: Provenance
) -> None:
    path = folder / "board.png"
    other = replace(provenance, seed=99)
    export.export(noise(9, 9), path, [provenance, None, other, provenance])
    assert export.read_provenances(path) == (provenance, other)
    assert export.read_provenance(path) is None
    export.export(noise(9, 9), path, [None, None])
    assert export.read_provenances(path) == ()


@pytest.mark.parametrize("suffix", [".png", ".webp"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_png_and_webp_are_exact(
    folder: Path, noise: Callable[..., Image], suffix: str, mode: str
) -> None:
    image = noise(17, 9, mode)
    export.export(image, folder / f"a{suffix}", None)
    with Pillow.open(folder / f"a{suffix}") as picture:
        back = Image.from_pillow(picture)
    assert back.convert("RGBA") == image.convert("RGBA")


def test_what_is_transparent_becomes_white_in_jpeg(folder: Path) -> None:
    export.export(Image(np.zeros((16, 16, 4), np.uint8)), folder / "a.jpg", None)
    with Pillow.open(folder / "a.jpg") as picture:
        assert picture.getpixel((8, 8)) == (255, 255, 255)


@pytest.mark.parametrize(
    "prompt", ["</rdf:RDF>]]>&amp;<!--", "\x00\x07\ud800", "x\r\ny", "🎲" * 999]
)
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".mid", ".txt"])
def test_any_prompt_survives(
    folder: Path,
    noise: Callable[..., Image],
    tune: Melody,
    provenance: Provenance,
    suffix: str,
    prompt: str,
) -> None:
    artifact = everything(tune, noise)[suffix]
    made = replace(provenance, prompt=prompt)
    export.export(artifact, folder / f"a{suffix}", made)
    assert export.read_provenance(folder / f"a{suffix}") == made


@pytest.mark.parametrize("suffix", [".png", ".webp", ".mid", ".txt"])
@pytest.mark.parametrize("letter", ["x", "🎲", "&"])
def test_the_longest_prompt_survives_and_of_a_longer_one_the_beginning(
    folder: Path,
    noise: Callable[..., Image],
    tune: Melody,
    provenance: Provenance,
    suffix: str,
    letter: str,
) -> None:
    artifact = everything(tune, noise)[suffix]
    made = replace(provenance, prompt=letter * limits.PROMPT)
    export.export(artifact, folder / f"a{suffix}", made)
    assert export.read_provenance(folder / f"a{suffix}") == made
    made = replace(provenance, prompt=letter * 5_000_000)
    export.export(artifact, folder / f"b{suffix}", made)
    found = there(export.read_provenance(folder / f"b{suffix}"))
    assert found == replace(made, prompt=found.prompt)
    assert found.prompt.startswith(letter * 1_000)
    assert found.prompt.endswith(f"{letter}…")


def test_a_label_of_very_many_parts_tells_of_the_first(
    folder: Path,
    noise: Callable[..., Image],
    provenance: Provenance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "PROVENANCE", 1 << 16)
    made = [replace(provenance, seed=n, prompt="words") for n in range(500)]
    export.export(noise(3, 3), folder / "a.png", made)
    found = export.read_provenances(folder / "a.png")
    assert len(found) > 50
    assert list(found) == made[: len(found)]


def test_a_prompt_too_long_for_jpeg_is_a_sentence(
    folder: Path, noise: Callable[..., Image], provenance: Provenance
) -> None:
    made = replace(provenance, prompt="x" * 70_000)
    with pytest.raises(StudioError, match="prompt"):
        export.export(noise(3, 3), folder / "a.jpg", made)
    assert not folder.exists()
    export.export(noise(3, 3), folder / "a.jpg", made, ExportOptions(include_prompt=False))
    export.export(noise(3, 3), folder / "a.png", made)
    assert export.read_provenance(folder / "a.png") == made


@pytest.mark.parametrize("name", ["a.gif", "a", ".png", "a.png.exe", "a.mid", "a.txt"])
def test_a_name_of_no_picture_is_a_sentence(
    folder: Path, noise: Callable[..., Image], name: str
) -> None:
    with pytest.raises(StudioError, match="png"):
        export.export(noise(3, 3), folder / name, None)


def test_a_picture_too_large_for_its_format_is_a_sentence(folder: Path) -> None:
    image = Image(np.zeros((1, 17_000), np.uint8))
    with pytest.raises(StudioError, match="16383"):
        export.export(image, folder / "a.webp", None)
    export.export(image, folder / "a.png", None)


def test_a_text_that_was_changed_since_counts_as_edited(
    folder: Path, provenance: Provenance
) -> None:
    path = folder / "a.txt"
    made = replace(provenance, medium="text")
    export.export(Text("hello"), path, made)
    told = json.loads((folder / "a.txt.provenance.json").read_text("utf-8"))
    assert told["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    assert told["AIGC"]["Label"] == "1"
    path.write_text("hello, changed", encoding="utf-8")
    assert export.read_provenance(path) == made.edited_by_hand()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"provenance": 3}',
        '{"provenance": [{"generator": 3}]}',
        "[" * 99_999,
        "\xff",
    ],
)
def test_a_malformed_sidecar_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt.provenance.json").write_bytes(text.encode("latin-1"))
    assert export.read_provenance(tmp_path / "a.txt") is None
    assert export.read_provenance(tmp_path / "missing.png") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_nobody_waits_for_a_sidecar_that_is_a_pipe(tmp_path: Path) -> None:
    """All that is read and saved in order after it waited as well."""
    (path := tmp_path / "a.txt").write_text("x")
    os.mkfifo(path.with_name(path.name + export.SIDECAR))
    assert export.read_provenance(path) is None


def _with_packet(path: Path, packet: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    Pillow.new("RGB", (4, 4)).save(path, "JPEG", xmp=packet)


def test_a_bomb_in_xml_is_not_unpacked(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">]>'
    space = b"urn:aigc-studio:provenance:1"
    _with_packet(
        tmp_path / "a.jpg",
        bomb + b"<r><P:Provenance xmlns:P='" + space + b"'>&c;</P:Provenance></r>",
    )
    assert export.read_provenance(tmp_path / "a.jpg") is None


def test_a_document_type_is_refused_even_when_it_is_harmless(
    folder: Path, noise: Callable[..., Image], provenance: Provenance
) -> None:
    packet = labels.packet(there(labels.label([provenance])))
    _with_packet(folder / "a.jpg", packet)
    assert export.read_provenance(folder / "a.jpg") == provenance
    _with_packet(folder / "b.jpg", packet.replace(b"<x:xmpmeta", b"<!DOCTYPE x><x:xmpmeta"))
    assert export.read_provenance(folder / "b.jpg") is None


@pytest.mark.parametrize("packet", [b"<", b"\xff\xfe\x00", b"<a/>", b"not xml"])
def test_a_foreign_packet_is_none(tmp_path: Path, packet: bytes) -> None:
    _with_packet(tmp_path / "a.jpg", packet)
    assert export.read_provenance(tmp_path / "a.jpg") is None


def test_a_picture_that_claims_to_be_enormous_is_not_decoded(
    folder: Path, noise: Callable[..., Image], provenance: Provenance
) -> None:
    path = folder / "a.png"
    export.export(noise(4, 4), path, provenance)
    data = bytearray(path.read_bytes())
    data[16:24] = (90_000).to_bytes(4, "big") * 2
    path.write_bytes(bytes(data))
    assert export.read_provenance(path) is None


@pytest.mark.parametrize("suffix", [".webp", ".png"])
def test_a_strip_becomes_an_animation(
    folder: Path, noise: Callable[..., Image], provenance: Provenance, suffix: str
) -> None:
    path = folder / f"morph{suffix}"
    images = [noise(9, 7, "L"), noise(9, 7, "RGB"), noise(9, 7, "L")]
    export.export_animation(images, path, provenance)
    with Pillow.open(path) as picture:
        assert getattr(picture, "n_frames", 1) == 3
        for number, image in enumerate(images):
            picture.seek(number)
            assert Image.from_pillow(picture.convert("RGBA")) == image.convert("RGBA")
    assert export.read_provenance(path) == provenance
    first = path.read_bytes()
    export.export_animation(images, path, provenance)
    assert path.read_bytes() == first


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_strip_becomes_a_gif_with_its_label_beside_it(
    folder: Path, provenance: Provenance, mode: Any
) -> None:
    pixels = np.zeros((8, 10, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[2:5, 3:6] = (250, 120, 10, 255)
    pixels[6:, :, 3] = 90
    first = Image(pixels).convert(mode)
    images = [first, Image(np.ascontiguousarray(first.pixels[::-1]))]
    path = folder / "walk.gif"
    files = export.export_animation(images, path, provenance)
    assert [each.name for each in files] == ["walk.gif", "walk.gif.provenance.json"]
    assert export.read_provenance(path) == provenance
    with Pillow.open(path) as picture:
        assert getattr(picture, "n_frames", 1) == 2
        for number, image in enumerate(images):
            picture.seek(number)
            seen = np.asarray(picture.convert("RGBA")).astype(int)
            wanted = image.convert("RGBA").pixels.astype(int)
            solid = wanted[..., 3] >= 128
            assert (seen[..., 3] == np.where(solid, 255, 0)).all()
            assert np.abs(seen - wanted)[solid].max() <= 1
    assert export.animation_bytes(images, path, provenance)[path] == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("a.jpg", (3, 3)), ("a.png", (3, 4)), ("a.png", ()), (".gif", (3, 3)), ("a.gif", (2, 3))],
)
def test_what_cannot_be_an_animation_is_a_sentence(
    folder: Path, noise: Callable[..., Image], name: str, sizes: tuple[int, ...]
) -> None:
    with pytest.raises(StudioError, match="one size"):
        export.export_animation([noise(size, 3) for size in sizes], folder / name, None)


def any_melody(dice: np.random.Generator) -> Melody:
    """Notes of all lengths, on top of and inside each other, with rests, tempos and metres."""
    ticks, span = int(dice.choice([1, 24, 96, 480, 32767])), int(dice.choice([10, 200, 5000]))
    notes = [
        Note(
            int(dice.integers(span)), int(dice.integers(1, 900)), int(dice.choice([60, 61, 127])),
            int(dice.integers(128)),
        )
        for _each in range(int(dice.choice([0, 1, 3, 60])))
    ]  # fmt: skip
    end = max((note.start + note.duration for note in notes), default=0)
    changes = [int(each) for each in dice.integers(0, 2 * span, int(dice.integers(3)))]
    return Melody(
        tuple(notes),
        ticks_per_quarter=ticks,
        program=int(dice.integers(128)),
        tempos=(Tempo(0, 1), *(Tempo(at, int(dice.integers(1, 1 << 24))) for at in changes)),
        metres=(Metre(0), *(Metre(at, int(dice.integers(1, 9)), 4) for at in changes)),
        length=int(dice.choice([0, end, end + 1, end + 77_777])),
    )


TEXTS = (
    "plain", "two\nlines\n", "a\u2028b\x85c\x0bd\x0c", "é ≠ é",
    "\x01 and \x1b", "ÿþ Ã© Â", "春", "\ufffd", "RIFF of text", "text,label\n", "😀" * 9,
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back(folder: Path, text: str) -> None:
    export.export(Text(text), folder / "a.txt", None)
    assert readers.read_artifact(folder / "a.txt") == Text(text)


@pytest.mark.parametrize(("text", "file"), [("a\0b", "a\ufffdb"), ("a\ud800b", "a\ufffdb")])
def test_what_no_text_file_has_is_replaced(folder: Path, text: str, file: str) -> None:
    export.export(Text(text), folder / "a.txt", None)
    assert readers.read(folder / "a.txt") == (Text(file), ())


class TestMidi:
    def test_keeps_tempo_metre_program_velocity_and_ticks(self, folder: Path, tune: Melody) -> None:
        export.export(tune, folder / "a.mid", None)
        file = mido.MidiFile(folder / "a.mid")
        assert file.ticks_per_beat == 480
        now, found = 0, []
        for message in file.tracks[0]:
            now += message.time
            found.append((now, message))
        assert [(t, m.tempo) for t, m in found if m.type == "set_tempo"] == [
            (0, 400_000),
            (960, 612_345),
        ]
        metres = [(t, m.numerator, m.denominator) for t, m in found if m.type == "time_signature"]
        assert metres == [(0, 3, 4), (1440, 4, 4)]
        assert {m.program for _t, m in found if m.type == "program_change"} == {12}
        on = [(t, m.note, m.velocity) for t, m in found if m.type == "note_on"]
        assert on == [(0, 60, 100), (480, 64, 33), (960, 67, 80)]
        off = [(t, m.note) for t, m in found if m.type == "note_off"]
        assert off == [(480, 60), (720, 64), (1920, 67)]
        assert found[-1][0] == tune.length

    @pytest.mark.parametrize("seed", range(12))
    def test_random_melodies_come_back(self, folder: Path, seed: int) -> None:
        dice = np.random.default_rng(seed)
        ends: dict[int, int] = {}
        notes = []
        for start in sorted(int(each) for each in dice.integers(0, 20_000, 40)):
            pitch = int(dice.integers(40, 60))
            start = max(start, ends.get(pitch, 0))
            ends[pitch] = start + int(dice.integers(1, 900))
            notes.append(Note(start, ends[pitch] - start, pitch, int(dice.integers(1, 128))))
        melody = Melody(
            tuple(notes),
            ticks_per_quarter=int(dice.choice([96, 120, 480, 960])),
            program=int(dice.integers(128)),
            tempos=(Tempo(0, 500_000), Tempo(777, int(dice.integers(1, 0xFFFFFF)))),
            metres=(Metre(0, int(dice.integers(1, 9)), 8),),
        )
        export.export(melody, folder / "a.mid", None)
        assert readers.read_artifact(folder / "a.mid") == melody

    @pytest.mark.parametrize("seed", range(60))
    def test_any_melody_comes_back_without_a_remark(self, folder: Path, seed: int) -> None:
        melody = any_melody(np.random.default_rng(seed))
        export.export(melody, folder / "a.mid", None)
        assert readers.read(folder / "a.mid") == (melody, ())
        export.export(melody, folder / "a.melody.json", None)
        assert readers.read(folder / "a.melody.json") == (melody, ())

    @pytest.mark.parametrize(
        "melody",
        [
            Melody(),
            Melody(program=9, tempos=(Tempo(0), Tempo(5000, 9)), length=7),
            Melody((Note(0, 960, 60), Note(480, 240, 60))),
            Melody(tuple(Note(each, 100 - 2 * each, 60) for each in range(40))),
            Melody((Note(0, 480, 60),), length=8 * 1920),
            Melody((Note(0, 480, 60),), length=480),
            Melody((Note(0, 480, 60),), metres=(Metre(0), Metre(1920, 3, 4), Metre(1920, 4, 4))),
            Melody((Note(0, 480, 60),), tempos=(Tempo(0), Tempo(0, 9), Tempo(9_999_999, 7))),
            Melody((Note(0, 480, 60), Note(0, 480, 60, 0)), ticks_per_quarter=1),
            Melody((Note(0, 1, 60),), length=130_000 * 1920),
        ],
    )
    def test_what_midi_hardly_says_comes_back(self, folder: Path, melody: Melody) -> None:
        export.export(melody, folder / "a.mid", None)
        assert readers.read(folder / "a.mid") == (melody, ())

    def test_what_another_program_changed_counts(self, folder: Path) -> None:
        path = folder / "a.mid"
        export.export(Melody((Note(0, 480, 60, 0), Note(480, 480, 62))), path, None)
        path.write_bytes(path.read_bytes().replace(bytes((0x90, 62)), bytes((0x90, 64))))
        path.write_bytes(path.read_bytes().replace(bytes((0x80, 62)), bytes((0x80, 64))))
        assert [note.pitch for note in a_melody(readers.read_artifact(path)).notes] == [60, 64]

    def test_a_silent_note_stays_a_note(self, folder: Path) -> None:
        export.export(Melody((Note(0, 480, 60, 0),)), folder / "a.mid", None)
        back = a_melody(readers.read_artifact(folder / "a.mid"))
        assert back.notes == (Note(0, 480, 60, 0),)
        played = [
            each for each in mido.MidiFile(folder / "a.mid").tracks[0] if each.type == "note_on"
        ]
        assert [each.velocity for each in played] == [1]  # 0 would end it for other programs

    def test_notes_of_one_pitch_that_overlap_stay_apart(self, folder: Path) -> None:
        melody = Melody((Note(0, 960, 60), Note(100, 30, 60), Note(480, 960, 60)))
        export.export(melody, folder / "a.mid", None)
        sounding: dict[int, list[int]] = {}
        found, now = set(), 0
        for message in mido.MidiFile(folder / "a.mid").tracks[0]:
            now += message.time
            if message.type == "note_on":
                sounding.setdefault(message.channel, []).append(now)
            elif message.type == "note_off":
                start = sounding[message.channel].pop(0)
                found.add((start, now - start))
        assert found == {(0, 960), (100, 30), (480, 960)}

    @pytest.mark.parametrize(
        "melody",
        [
            Melody(metres=(Metre(0, 4, 3),), ticks_per_quarter=480),
            Melody(tempos=(Tempo(0, 0x1000000),)),
            Melody(ticks_per_quarter=40_000),
            Melody(length=1 << 28),
        ],
    )
    def test_what_midi_cannot_say_is_a_sentence(self, folder: Path, melody: Melody) -> None:
        with pytest.raises(StudioError, match="MIDI"):
            export.export(melody, folder / "a.mid", None)
        export.export(melody, folder / "a.melody.json", None)

    @pytest.mark.parametrize("end", [b"", b"{", b"[]", b'{"provenance":[{}]}', b"{" * 5000])
    def test_malformed_labels_are_none(self, tmp_path: Path, end: bytes) -> None:
        (tmp_path / "a.mid").write_bytes(b"MThd...aigc-studio " + end)
        assert export.read_provenance(tmp_path / "a.mid") is None


def test_provenance_of_a_later_version_is_read(
    folder: Path,
    noise: Callable[..., Image],
    provenance: Provenance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former = Provenance.to_json
    monkeypatch.setattr(Provenance, "to_json", lambda self: former(self) | {"later": [1]})
    export.export(noise(3, 3), folder / "a.png", provenance)
    assert export.read_provenance(folder / "a.png") == provenance


def test_a_label_without_the_prompt_tells_nothing_of_it(provenance: Provenance) -> None:
    # Not even whether it is one that somebody guesses, by a number that depends on it.
    other = replace(provenance, prompt="another")
    stripped = [labels.label([made], include_prompt=False) for made in (provenance, other)]
    assert stripped[0] == stripped[1]
    assert labels.label([provenance]) != labels.label([other])


@pytest.mark.parametrize("suffix", [".txt", ".melody.json"])
def test_the_label_is_written_before_what_it_is_for(
    tmp_path: Path, tune: Melody, provenance: Provenance, suffix: str
) -> None:
    artifact = tune if suffix != ".txt" else Text("words")
    path = tmp_path / f"a{suffix}"
    made = replace(provenance, medium=artifact.medium)
    order = list(export.export_bytes(artifact, path, made))
    assert order == [path.with_name(path.name + export.SIDECAR), path]


def test_markdown_says_what_it_is_before_its_text_and_reads_back_without(
    tmp_path: Path, provenance: Provenance
) -> None:
    from aigc_studio.library.texts import read_text

    made = replace(provenance, medium="text")
    path = tmp_path / "诗.md"
    written = export.export(Text("# A poem\n\nIt was late.\n"), path, made)
    assert {each.name for each in written} == {"诗.md", "诗.md.provenance.json"}
    assert path.read_text("utf-8").startswith("---\nai_generated: true\n")
    assert '"诗.md.provenance.json"' in path.read_text("utf-8")
    assert read_text(path) == "# A poem\n\nIt was late.\n"
    assert export.read_provenance(path) == made
    export.export(Text("By hand.\n"), path, None)
    assert path.read_text("utf-8") == "By hand.\n"


def test_several_texts_are_one_file() -> None:
    assert export.joined_texts([Text("Anna"), Text("Bert\n")]).value == "Anna\nBert\n"
    assert export.joined_texts([Text("One\nof two"), Text("More")]).value == "One\nof two\n\nMore\n"
