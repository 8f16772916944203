"""MusicXML, packed or not: one part of it as a tune, and nothing that a file could do to us."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aigc_studio.api import KeySignature, Metre, StudioError, Tempo
from aigc_studio.library import melodies
from aigc_studio.library.melodies import musicxml, offered, read_melody, reading


def note(step: str, duration: int, more: str = "", octave: int = 4, alter: int = 0) -> str:
    pitch = f"<step>{step}</step><alter>{alter}</alter><octave>{octave}</octave>"
    return f"<note>{more}<pitch>{pitch}</pitch><duration>{duration}</duration></note>"


ATTRIBUTES = (
    "<attributes><divisions>2</divisions><key><fifths>1</fifths><mode>minor</mode></key>"
    "<time><beats>3</beats><beat-type>4</beat-type></time>{more}</attributes>"
)
GOES_ON, ENDS = "<tie type='start'/>", "<tie type='stop'/>"
MEASURES = (
    f"<measure>{ATTRIBUTES}<sound tempo='100'/>{note('E', 2)}</measure>",
    f"<measure>{note('F', 3, alter=1)}{note('G', 1)}{note('A', 2, GOES_ON)}</measure>",
    f"<measure>{note('A', 2, ENDS)}<note><rest/><duration>4</duration></note></measure>",
)


def a_score(measures: str, more: str = "", second: str = "") -> bytes:
    listed = "<score-part id='P1'><part-name>Tune</part-name></score-part>"
    listed += (
        "<score-part id='P2'><part-name>Bass</part-name><midi-instrument id='i'>"
        "<midi-program>33</midi-program></midi-instrument></score-part>"
        if second
        else ""
    )
    parts = f"<part id='P1'>{measures}</part>" + (
        f"<part id='P2'>{second}</part>" if second else ""
    )
    head = "<?xml version='1.0' encoding='UTF-8'?>"
    body = f"<score-partwise version='4.0'><part-list>{listed}</part-list>{parts}</score-partwise>"
    return (head + more + body).encode()


PLAIN = a_score("".join(MEASURES).format(more=""))


CONTAINER = "<container><rootfiles><rootfile full-path='{name}'/></rootfiles>{more}</container>"


def packed(
    data: bytes, name: str = "score.xml", container: bool = True, head: str = "", more: str = ""
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if container:
            told = head + CONTAINER.format(name=name, more=more)
            archive.writestr("META-INF/container.xml", told)
        archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("data", [PLAIN, packed(PLAIN), packed(PLAIN, container=False)])
def test_a_tune_is_read(data: bytes) -> None:
    found = read_melody(data, "a.musicxml")
    ticks = found.ticks_per_quarter
    assert [(each.pitch, each.duration / ticks) for each in found.notes] == [
        (64, 1), (66, 1.5), (67, 0.5), (69, 2),
    ]  # fmt: skip
    assert found.keys == (KeySignature(0, 1, "minor"),)
    assert found.tempos == (Tempo(0, 600_000),)
    assert found.metres == (Metre(0, 3, 4), Metre(ticks, 3, 4))  # an upbeat
    assert found.length == 7 * ticks


def test_instruments_that_transpose_sound_as_they_sound() -> None:
    clarinet = "<transpose><chromatic>-2</chromatic></transpose>"
    found = read_melody(a_score("".join(MEASURES).format(more=clarinet)), "a.musicxml")
    assert found.notes[0].pitch == 62
    assert found.keys == (KeySignature(0, -1, "minor"),)


def test_voices_chords_and_grace_notes() -> None:
    measure = (
        f"<measure>{ATTRIBUTES}{note('C', 2, '<grace/>')}{note('C', 6)}{note('E', 6, '<chord/>')}"
        f"<backup><duration>6</duration></backup>{note('G', 2, octave=3)}</measure>"
    ).format(more="")
    told: list[str] = []
    found = read_melody(a_score(measure), "a.musicxml", remarks=told)
    assert sorted((each.start, each.pitch) for each in found.notes) == [(0, 55), (0, 60), (0, 64)]
    assert told == ["1 grace note was left out."]


@pytest.mark.parametrize("beats", ["9" * 5000, "²", "1+" * 5000 + "1", "-4", ""])
def test_a_metre_that_says_nothing_costs_itself_only(beats: str) -> None:
    measure = MEASURES[0].format(more="")
    assert "<beats>" in measure
    before, _, after = measure.partition("<beats>")
    strange = f"{before}<beats>{beats}{after[after.index('</beats>') :]}"
    told: list[str] = []
    found = read_melody(a_score(strange), "a.musicxml", remarks=told)
    assert found.notes == read_melody(a_score(measure), "a.musicxml").notes


def test_parts_are_offered(tmp_path: Path) -> None:
    measures = "".join(MEASURES).format(more="")
    (tmp_path / "a.mxl").write_bytes(packed(a_score(measures, second=measures)))
    found = melodies.choices(tmp_path / "a.mxl")
    assert [each.name for each in found.found] == ["Tune", "Bass"]
    assert found.found[1].melody is not None
    assert found.found[1].melody.program == 32
    told: list[str] = []
    read_melody(tmp_path / "a.mxl", part="Bass", remarks=told)
    assert melodies.part_names(tmp_path / "a.mxl") == ("Tune", "Bass")


BOMB = "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]>"

WIDE_BOMB = (
    a_score(MEASURES[0].format(more=""), BOMB).decode().replace("-8", "-16").encode("utf-16")
)


@pytest.mark.parametrize(
    "data",
    [
        a_score(MEASURES[0].format(more=""), BOMB),
        a_score(MEASURES[0].format(more=""), BOMB)
        .decode()
        .replace("UTF-8", "UTF-16")
        .encode("utf-16"),
        PLAIN[: len(PLAIN) // 2],
        b"<?xml version='1.0'?><html/>",
        b"<?xml version='1.0'?><score-timewise/>",
        a_score(""),
        b"PK\3\4 no zip",
        packed(b"x", "readme.txt", container=False),
        packed(b"<score-partwise>" + b" " * (40 << 20), container=False),
    ],
)
def test_what_cannot_be_read_is_a_sentence(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"a\.mxl"):
        read_melody(data, "a.mxl")


def test_a_doctype_alone_is_no_harm() -> None:
    doctype = '<!DOCTYPE score-partwise PUBLIC "-//X" "http://nowhere.invalid/partwise.dtd">'
    assert read_melody(a_score("".join(MEASURES).format(more=""), doctype), "a.musicxml").notes


def test_few_bytes_that_unpack_to_very_many_elements_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(musicxml, "MOST_ELEMENTS", 5_000)
    for place in ("<part id='P1'><measure>", ""):
        score = f"<score-partwise>{place}{'<a/>' * 6_000}".encode()
        with pytest.raises(StudioError, match=r"a\.mxl.*too long"):
            read_melody(packed(score), "a.mxl")


@pytest.mark.parametrize("encoding", ["nobodys-own", "base64"])
def test_an_encoding_that_nobody_knows_is_no_score(encoding: str, tmp_path: Path) -> None:
    head = f"<?xml version='1.0' encoding='{encoding}'?>"
    plain = PLAIN.replace(b"encoding='UTF-8'", f"encoding='{encoding}'".encode())
    assert plain != PLAIN
    for data in (plain, packed(PLAIN, head=head)):
        with pytest.raises(ValueError, match=r"no (XML|packed score)"):
            musicxml.read_musicxml(data, [])
        path = tmp_path / "a.mxl"
        path.write_bytes(data)
        with pytest.raises(StudioError, match=r"a\.mxl"):
            melodies.choices(path)
        assert melodies.part_names(path) == ()


@pytest.mark.parametrize("fault", [TypeError, KeyError, AttributeError, ZeroDivisionError])
def test_each_way_to_read_a_tune_takes_a_fault_alike(
    fault: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_told: object) -> None:
        raise fault

    for module in (reading, offered):
        monkeypatch.setattr(module, "read_musicxml", breaks)
    path = tmp_path / "a.musicxml"
    path.write_bytes(PLAIN)
    for read in (read_melody, melodies.choices):
        with pytest.raises(StudioError, match=r"a\.musicxml"):
            read(path)
    assert melodies.part_names(path) == ()


def test_where_the_score_lies_takes_no_room() -> None:
    assert read_melody(packed(PLAIN, more=" " * 100_000), "a.mxl").notes
    many = packed(PLAIN, more="<a/>" * 300_000)
    assert len(many) < 10_000
    with pytest.raises(StudioError, match=r"a\.mxl"):
        read_melody(many, "a.mxl")


def test_ever_other_divisions_make_no_place_ever_longer() -> None:
    primes = [n for n in range(2, 2_000) if all(n % m for m in range(2, int(n**0.5) + 1))]
    told = "<attributes><divisions>{}</divisions></attributes>"
    bars = "".join(f"<measure>{told.format(each)}{note('C', each)}</measure>" for each in primes)
    odd = "".join(f"<measure>{told.format(each)}{note('C', 1)}</measure>" for each in primes)
    found = musicxml.read_musicxml(a_score(bars + odd), [])
    assert found.ticks == 20_160
    starts = [each.start for each in found.score.parts[0].notes]
    assert starts[: len(primes)] == [20_160 * number for number in range(len(primes))]
    reader = musicxml._Reader()
    for event, element in ElementTree.iterparse(io.BytesIO(a_score(odd)), ("start", "end")):
        reader.take(event, element)
    assert reader._parts[0].start.denominator < 20_160**2
    assert abs(float(reader._parts[0].start) - sum(1 / each for each in primes)) < 0.01
