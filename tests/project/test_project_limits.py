"""At each limit: what is at it can be saved and opened, what is above it never gets in."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import Image, Melody, Metre, Note, StudioError, Tempo, Text, limits
from aigc_studio.project import (
    CandidateRecord,
    Content,
    Item,
    Project,
    Provenance,
    commands,
    content,
    members,
)
from aigc_studio.project.items import COORDINATE_LIMIT, ID_LIMIT, LEAST_SIDE
from aigc_studio.project.provenance import check_depth


def saved_and_opened(project: Project, path: Path) -> None:
    project.save(path, preview=b"")
    opened = Project.open(path)
    assert opened.damage == ()
    assert opened.board.items == project.board.items
    assert opened.candidates.list() == project.candidates.list()
    for item in opened.board.items:
        assert opened.store.get(item.content) == project.store.get(item.content)
    opened.close()


def refuses(project: Project, artifact: Text | Melody | Image, match: str) -> None:
    before = sorted(project.store.folder.rglob("*"))
    with pytest.raises(StudioError, match=match):
        project.store.put(artifact)
    assert sorted(project.store.folder.rglob("*")) == before


def test_texts(
    project: Project, place: Callable[..., Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TEXT_BYTES", 3000)
    place(project, Text("汉" * 1000))
    place(project, Text("\ud800" * 1000))
    saved_and_opened(project, tmp_path / "a.aigc")
    refuses(project, Text("汉" * 1000 + "x"), "too long for a project")
    refuses(project, Text("x" * 3001), "too long for a project")
    saved_and_opened(project, tmp_path / "a.aigc")


def test_a_text_that_the_studio_before_let_in_opens() -> None:
    assert members.LIMITS["text"] >= 2 * limits.TEXT_BYTES
    assert members.LIMITS["melody"] >= content.MELODY_BYTES


def test_notes(
    project: Project, place: Callable[..., Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NOTES", 20)
    notes = tuple(Note(10 * number, 10, 60) for number in range(21))
    place(project, Melody(notes[:20]))
    saved_and_opened(project, tmp_path / "a.aigc")
    refuses(project, Melody(notes), "21 notes is too long for a project")


def test_changes_of_tempo_and_metre(
    project: Project, place: Callable[..., Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHANGES", 20)
    tempos = tuple(Tempo(10 * number) for number in range(21))
    metres = tuple(Metre(1920 * number) for number in range(21))
    place(project, Melody(tempos=tempos[:20], metres=metres[:20]))
    saved_and_opened(project, tmp_path / "a.aigc")
    refuses(project, Melody(tempos=tempos), "more than 20 times is too long for a project")
    refuses(project, Melody(metres=metres), "more than 20 times is too long for a project")


def test_a_melody_at_all_of_its_limits_is_read_again(tmp_path: Path) -> None:
    far = 10**8
    notes = tuple(Note(far + number, 10**6, 127, 127) for number in range(limits.NOTES))
    tempos = tuple(Tempo(number and far + number) for number in range(limits.CHANGES))
    metres = tuple(Metre(number * 1920) for number in range(limits.CHANGES))
    tune = Melody(notes, tempos=tempos, metres=metres)
    store = content.ContentStore(tmp_path, durable=False)
    assert store.get(store.put(tune)) == tune


def test_the_bytes_of_a_melody(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    tune = Melody((Note(0, 480, 60),))
    monkeypatch.setattr(content, "MELODY_BYTES", len(tune.to_json()))
    project.store.put(tune)
    refuses(project, Melody((Note(0, 480, 60), Note(480, 480, 62))), "too long for a project")


def test_all_notes_and_bars_that_a_melody_may_have_fit_into_its_bytes() -> None:
    note = '{"duration":1000000000,"pitch":127,"start":1000000000,"velocity":127},'
    change = '{"denominator":32,"numerator":32,"start":1000000000},'
    assert len(note) * limits.NOTES + 2 * len(change) * limits.BARS < content.MELODY_BYTES


def test_latents(project: Project, place: Callable[..., Item], tmp_path: Path) -> None:
    latent = project.store.put_latent(b"\1" * limits.LATENT_BYTES)
    place(project, Text("x"), latent=latent)
    saved_and_opened(project, tmp_path / "a.aigc")
    with pytest.raises(StudioError, match="too large"):
        project.store.put_latent(b"\1" * (limits.LATENT_BYTES + 1))


def test_pictures(
    project: Project, place: Callable[..., Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PICTURE_PIXELS", 600)
    monkeypatch.setattr(limits, "PICTURE_SIDE", 60)
    place(project, Image(np.full((10, 60), 3, np.uint8)))
    saved_and_opened(project, tmp_path / "a.aigc")
    refuses(project, Image(np.zeros((10, 61), np.uint8)), "too large for a project")
    refuses(project, Image(np.zeros((11, 60), np.uint8)), "too large for a project")


def test_the_largest_manifest_fits_into_its_part() -> None:
    longest = '"65535,65535":"' + "a" * 64 + '",'
    tiles = limits.PICTURE_PIXELS // (256 * 256) + 2 * limits.PICTURE_SIDE // 256
    assert len(longest) * tiles < members.LIMITS["image"]


@pytest.mark.parametrize("far", [COORDINATE_LIMIT, -COORDINATE_LIMIT, 1.0])
@pytest.mark.parametrize("name", ["x", "y", "width", "height", "rotation"])
def test_nothing_leaves_the_board(
    project: Project, place: Callable[..., Item], tmp_path: Path, far: float, name: str
) -> None:
    if far <= 0 and name in ("width", "height"):
        return
    item = place(project, Text("x"), **{name: far})
    for further in (far * 1.5, far * 1e6, far * 1e300, 10**400 * (1 if far > 0 else -1)):
        values: dict[str, Any] = {name: further}
        changed = replace(item, **values)
        assert abs(getattr(changed, name)) == min(abs(further), COORDINATE_LIMIT)
        project.do(commands.change_items(project.board, {item.id: changed}, "move"))
    project.do(commands.duplicate(project.board, [item.id]))
    saved_and_opened(project, tmp_path / "a.aigc")
    for odd in (float("nan"), float("inf"), "1", None, True):
        values = {name: odd}
        with pytest.raises(ValueError, match="not in range"):
            replace(item, **values)


@pytest.mark.parametrize("name", ["width", "height"])
def test_nothing_is_so_small_that_its_pixels_are_none(
    project: Project, place: Callable[..., Item], tmp_path: Path, name: str
) -> None:
    """A file may say so; copying it divided by zero."""
    item = place(project, Text("x"))
    for small in (1e-300, LEAST_SIDE / 2, LEAST_SIDE):
        values: dict[str, Any] = {name: small}
        for changed in (replace(item, **values), item.changed(values)):
            assert getattr(changed, name) == LEAST_SIDE
            assert Item.from_json(item.to_json() | values) == changed
            assert getattr(changed, name) / limits.PICTURE_SIDE > 0
    project.do(commands.change_items(project.board, {item.id: changed}, "move"))
    saved_and_opened(project, tmp_path / "a.aigc")
    for odd in (0, -1.0):
        values = {name: odd}
        with pytest.raises(ValueError, match=r"above 0|not in range"):
            replace(item, **values)
        with pytest.raises(ValueError, match="not in range"):
            item.changed(values)


def test_names_and_ids(project: Project, place: Callable[..., Item], tmp_path: Path) -> None:
    item = place(project, Text("x"), name="n" * limits.TITLE)
    assert item.name == "n" * limits.TITLE
    longer = replace(item, name="m" * (limits.TITLE + 1))
    project.do(commands.change_items(project.board, {item.id: longer}, "rename"))
    assert len(project.board.item(item.id).name) == limits.TITLE
    new = replace(item, id="x" * ID_LIMIT)
    project.do(commands.add_items(project.board, [new]))
    with pytest.raises(ValueError, match="id"):
        replace(item, id="x" * (ID_LIMIT + 1))
    saved_and_opened(project, tmp_path / "a.aigc")


def test_candidates(project: Project, tmp_path: Path) -> None:
    text = project.store.put(Text("x"))
    longest = "s" * (limits.TITLE + ID_LIMIT)
    record = CandidateRecord("c" * ID_LIMIT, text, title="t" * 9999, strip=longest, probability=1)
    project.candidates.add(record)
    assert len(str(record.title)) == limits.TITLE
    saved_and_opened(project, tmp_path / "a.aigc")
    odd_values: tuple[dict[str, Any], ...] = (
        {"id": "c" * (ID_LIMIT + 1)},
        {"strip": longest + "s"},
        {"probability": float("nan")},
        {"position": limits.POSITION + 1},
        {"position": -limits.POSITION - 1},
        {"position": True},
        {"content": None},
        {"latent": "latent"},
        {"target": 3},
    )
    for odd in odd_values:
        with pytest.raises(ValueError, match="not a candidate"):
            replace(record, **odd)


def test_parameters_as_deep_as_may_be(project: Project, tmp_path: Path) -> None:
    def nested(levels: int) -> object:
        value: object = 1
        for _level in range(levels):
            value = [value]
        return value

    made = Provenance(medium="text", generator="g", parameters={"p": nested(limits.DEPTH - 1)})
    content = project.store.put(Text("x"))
    project.candidates.add(CandidateRecord("c1", content, made))
    saved_and_opened(project, tmp_path / "a.aigc")
    with pytest.raises(ValueError, match="too deep"):
        Provenance(medium="text", generator="g", parameters={"p": nested(limits.DEPTH)})
    with pytest.raises(ValueError, match="too deep"):
        check_depth(nested(900))


def test_a_prompt_of_megabytes_is_kept(project: Project, tmp_path: Path) -> None:
    made = Provenance(medium="text", generator="g", prompt="长" * 3_000_000)
    project.candidates.add(CandidateRecord("c1", project.store.put(Text("x")), made))
    saved_and_opened(project, tmp_path / "a.aigc")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_who_may_read_the_former_file_may_read_the_new_one(
    project: Project, place: Callable[..., Item], tmp_path: Path
) -> None:
    place(project, Text("x"))
    path = tmp_path / "a.aigc"
    for mask, mode in ((0o022, 0o644), (0o077, 0o600), (0o002, 0o664)):
        former = os.umask(mask)
        try:
            project.save(path)
        finally:
            os.umask(former)
        assert path.stat().st_mode & 0o777 == mode
        path.unlink()
    for mode in (0o600, 0o640, 0o666, 0o400):
        project.save(path)
        path.chmod(mode)
        project.save(path)
        assert path.stat().st_mode & 0o777 == mode
        assert path.with_name("a.aigc~").stat().st_mode & 0o777 == mode
        path.unlink()


def test_a_content_of_odd_values_is_none() -> None:
    good = Content("text", "ab" * 32, {"length": 3}).to_json()
    assert Content.from_json(good | {"info": {"length": 3, "later": "x"}}).info == {"length": 3}
    odd_values: tuple[dict[str, Any], ...] = (
        {"medium": []},
        {"digest": 3},
        {"info": {"length": 1 << 64}},
        {"info": []},
    )
    for odd in odd_values:
        with pytest.raises(ValueError, match="not a content"):
            Content.from_json(good | odd)
