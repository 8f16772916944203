"""Project files of which a part is damaged: what can be read is opened, and the rest says so."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from handwork import change_content
from PIL import Image as Pillow

from aigc_studio.api import Image, Melody, Span, StudioError, Text
from aigc_studio.api.artifacts import Artifact
from aigc_studio.project import CandidateRecord, Content, Item, Project, commands, members, tiles
from aigc_studio.project.joining import Base
from aigc_studio.project.mending import hatched

Members = dict[str, bytes]


@pytest.fixture
def saved(full: Project, tmp_path: Path) -> Path:
    path = tmp_path / "项目.aigc"
    full.save(path)
    return path


def change(path: Path, damage: Callable[[Members], object]) -> None:
    """Write the zip anew after `damage` had its way with its parts."""
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    damage(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)


def spoil_stored(path: Path, name: str) -> None:
    """Flip bits in the middle of a part, so that its checksum in the zip is wrong as well."""
    with zipfile.ZipFile(path) as source:
        member = source.getinfo(name)
    data = bytearray(path.read_bytes())
    head = data[member.header_offset : member.header_offset + 30]
    start = (
        member.header_offset + 30 + sum(int.from_bytes(head[n : n + 2], "little") for n in (26, 28))
    )
    middle = start + member.compress_size // 2
    for place in range(middle, min(middle + 4, start + member.compress_size)):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))


def parts(path: Path, kind: str) -> list[str]:
    with zipfile.ZipFile(path) as source:
        return [name for name in source.namelist() if name.startswith(f"content/{kind}/")]


@contextmanager
def opened(path: Path) -> Iterator[Project]:
    project = Project.open(path)
    yield project
    project.close()


def other_tile() -> bytes:
    file = io.BytesIO()
    Pillow.new("RGBA", (256, 256), "red").save(file, "PNG")
    return file.getvalue()


WAYS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda data: None,
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "broken chunk": lambda data: data[:20] + b"\xff" * 30 + data[50:],
    "another": lambda data: other_tile(),
    "no picture": lambda data: b"nonsense",
    "flipped": lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
}


@pytest.mark.parametrize("way", list(WAYS))
def test_a_damaged_tile_is_hatched_and_the_others_are_shown(
    full: Project, saved: Path, way: str
) -> None:
    picture = full.board.item("i1")
    place, digest = next(iter(full.store.tiles(picture.content).items()))
    name = f"content/tile/{digest}.png"

    def damage(members: Members) -> None:
        data = WAYS[way](members.pop(name))
        if data is not None:
            members[name] = data

    change(saved, damage)
    with opened(saved) as project:
        mended = project.board.item("i1")
        assert "画 é" in project.damage[0]
        assert "1 of the 4 tiles" in project.damage[0]
        assert mended.name == "画 é (damaged)"
        found, expected = (
            store.get(item.content)
            for store, item in ((project.store, mended), (full.store, picture))
        )
        assert isinstance(found, Image)
        assert isinstance(expected, Image)
        hole = np.zeros(found.pixels.shape[:2], bool)
        hole[place[1] * 256 : (place[1] + 1) * 256, place[0] * 256 : (place[0] + 1) * 256] = True
        assert (found.pixels[~hole] == expected.pixels[~hole]).all()
        stripes = np.frombuffer(hatched(), np.uint8).reshape(256, 256, 4)
        height, width = min(256, 300 - 256 * place[1]), min(256, 280 - 256 * place[0])
        assert (found.pixels[hole].reshape(height, width, 4) == stripes[:height, :width]).all()
        assert project.board.items[1:] == full.board.items[1:]


@pytest.mark.parametrize("kind", ["tile", "image", "text", "melody", "latent"])
@pytest.mark.parametrize("way", ["missing", "empty", "cut off", "spoilt in the zip"])
def test_whatever_part_is_damaged_the_rest_opens(
    full: Project, saved: Path, tmp_path: Path, kind: str, way: str
) -> None:
    name = parts(saved, kind)[0]
    if way == "spoilt in the zip":
        spoil_stored(saved, name)
    else:
        change(saved, lambda members: members.update({name: WAYS[way](members[name]) or b""}))
        if way == "missing":
            change(saved, lambda members: members.pop(name))
    with opened(saved) as project:
        assert len(project.damage) == 1
        assert [item.id for item in project.board.items] == ["i1", "i2", "i3"]
        hurt = {"text": "i2", "melody": "i3"}.get(kind, "i1")
        for item in full.board.items:
            if item.id != hurt:
                assert project.board.item(item.id) == item
        for item in project.board.items:
            assert project.store.get(item.content).medium == item.medium
        # It goes on as any other: undo to the start, redo, save, and open without complaint.
        while project.position:
            project.undo()
        assert len(project.board) == 0
        while project.position < len(project.history):
            project.redo()
        project.save(tmp_path / "mended.aigc")
        items = project.board.items
    with opened(tmp_path / "mended.aigc") as project:
        assert project.damage == ()
        assert project.path == tmp_path / "mended.aigc"
        assert project.board.items == items


def test_a_mask_a_latent_and_a_candidate_go_with_a_word(full: Project, saved: Path) -> None:
    item = full.board.item("i1")
    assert item.mask is not None
    record = CandidateRecord("c1", full.store.put(Text("waits")))
    other = CandidateRecord("c2", full.store.put(Text("as well")), latent=item.latent)
    full.candidates.add(record, other)
    full.save()
    gone = [
        f"content/image/{item.mask.digest}.json",
        f"content/latent/{item.latent}.bin",
        f"content/text/{record.content.digest}.txt",
    ]
    change(saved, lambda members: [members.pop(name) for name in gone])
    with opened(saved) as project:
        assert project.board.item("i1") == replace(item, mask=None, latent="")
        assert "its mask is damaged" in project.damage[0]
        assert "its latent is damaged" in project.damage[0]
        assert "1 candidate that waited is damaged" in project.damage[1]
        assert project.candidates.list() == (replace(other, latent=""),)


def selected(project: Project, id: str) -> tuple[Content, Content]:
    """A picture of which the left is selected, and a result for it that waits; what it names."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :16] = 255
    content, held = (project.store.put(Image(each)) for each in (pixels, mask))
    item = Item(id, "P", content, 0, 0, 64, 64, mask=held)
    project.do(commands.add_items(project.board, [item]))
    made = pixels.copy()
    made[:, :16] = 7
    record = CandidateRecord(
        "c1", project.store.put(Image(made)), target=id, use="replace", base=Base(content, held)
    )
    project.candidates.add(record)
    return content, held


def written(project: Project, id: str) -> Content:
    """A text of which a word is selected, and a result for it that waits."""
    content = project.store.put(Text("one two three " * 40))
    project.do(commands.add_items(project.board, [Item(id, "T", content)]))
    made = project.store.put(Text("one 2 three " + "one two three " * 39))
    base = Base(content, None, Span(4, 7))
    project.candidates.add(CandidateRecord("c1", made, target=id, use="replace", base=base))
    return content


def after(project: Project, id: str, later: str) -> None:
    """What became of the item since: nothing, something else is in it, or it is not there."""
    board = project.board
    if later == "changed":
        other: dict[str, Artifact] = {"image": Image(np.full((64, 64, 3), 9, np.uint8))}
        content = project.store.put(other.get(board.item(id).medium, Text("quite another")))
        project.do(change_content(board, {id: content}))
    elif later == "deleted":
        project.do(commands.remove_items(board, [id]))


@pytest.mark.parametrize("later", ["shown", "changed", "deleted"])
@pytest.mark.parametrize("way", ["missing", "empty", "cut off"])
@pytest.mark.parametrize("part", ["tile", "list", "mask tile", "mask list", "text"])
def test_one_with_a_candidate_that_was_asked_of_it_can_be_saved(
    project: Project, tmp_path: Path, part: str, way: str, later: str
) -> None:
    (id,) = project.board.new_ids(1)
    if part == "text":
        name = f"content/text/{written(project, id).digest}.txt"
    else:
        content = selected(project, id)["mask" in part]
        name = f"content/image/{content.digest}.json"
        if "tile" in part:
            name = f"content/tile/{project.store.tiles(content)[0, 0]}.png"
    after(project, id, later)
    path, again = tmp_path / "a.aigc", tmp_path / "again.aigc"
    project.save(path)

    def damage(members: Members) -> None:
        data = WAYS[way](members.pop(name))
        if data is not None:
            members[name] = data

    change(path, damage)
    with opened(path) as mended:
        items, waiting = mended.board.items, mended.candidates.list()
        assert [record.id for record in waiting] == ["c1"]
        mended.save(again)
    with opened(again) as whole:
        assert whole.damage == () or later != "shown"
        assert whole.board.items == items
        assert whole.candidates.list() == waiting
        acceptance = whole.candidates.accepting("c1").make()
        assert list(acceptance.beside) == ([] if later == "shown" else ["c1"])
        whole.do(acceptance.command)
        assert whole.store.get(whole.board.items[-1].content) == project.store.get(
            waiting[0].content
        )
        whole.save()


@pytest.mark.parametrize("way", ["damaged", "of another board"])
def test_what_was_accepted_does_not_wait_again_without_its_history(
    project: Project, tmp_path: Path, way: str
) -> None:
    for _number in range(2):
        content = project.store.put(Text("a result"))
        project.candidates.add(CandidateRecord(project.candidates.new_id(), content))
    project.do(project.candidates.accept("c1"))
    path = tmp_path / "a.aigc"
    project.save(path)

    def damage(members: Members) -> None:
        if way == "damaged":
            members["history.jsonl"] = b"nonsense"
        else:
            document = json.loads(members["project.json"])
            document["items"][0]["x"] += 1
            members["project.json"] = json.dumps(document).encode()

    change(path, damage)
    with opened(path) as found:
        # A step says what it changed: it fits a board that is another elsewhere.
        assert len(found.history) == (way == "of another board")
        assert [record.id for record in found.candidates.list()] == ["c2"]


def test_where_a_mask_is_damaged_nothing_is_selected(full: Project, saved: Path) -> None:
    mask = full.board.item("i1").mask
    assert mask is not None
    digest = full.store.tiles(mask)[0, 0]
    change(saved, lambda members: members.update({f"content/tile/{digest}.png": b"x"}))
    with opened(saved) as project:
        item = project.board.item("i1")
        assert item.name == "画 é"
        assert item.mask is not None
        found, expected = project.store.get(item.mask), full.store.get(mask)
        assert isinstance(found, Image)
        assert isinstance(expected, Image)
        left = expected.pixels.copy()
        left[:256, :256] = 0
        assert (found.pixels == left).all()
        assert "nothing is selected there" in project.damage[0]


def test_a_text_is_kept_as_far_as_it_goes(project: Project, tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(4000))
    content = project.store.put(Text(words))
    project.do(commands.add_items(project.board, [Item("i1", "t", content)]))
    path = tmp_path / "a.aigc"
    project.save(path)
    spoil_stored(path, f"content/text/{content.digest}.txt")
    with opened(path) as found:
        (item,) = found.board.items
        kept = str(found.store.get(item.content))
        assert kept[:1000] == words[:1000]
        assert "as far as it goes" in found.damage[0]


def test_what_stands_in_for_a_damaged_picture_is_not_what_a_generator_made(
    full: Project, saved: Path
) -> None:
    before = full.board.item("i1")
    assert before.provenance is not None
    assert before.provenance.generated_alone
    digest = before.content.digest
    change(saved, lambda members: members.update({f"content/image/{digest}.json": b"{}"}))
    with opened(saved) as project:
        item = project.board.item("i1")
        assert item.content != before.content
        assert item.provenance == before.provenance.edited_by_hand()


def test_a_lost_picture_is_hatched_at_its_size(full: Project, saved: Path) -> None:
    digest = full.board.item("i1").content.digest
    change(saved, lambda members: members.update({f"content/image/{digest}.json": b"{}"}))
    with opened(saved) as project:
        item = project.board.item("i1")
        picture = project.store.get(item.content)
        assert isinstance(picture, Image)
        assert (picture.width, picture.height) == (280, 300)
        assert item.mask == full.board.item("i1").mask
        melody = full.board.item("i3")
        assert isinstance(project.store.get(melody.content), Melody)


def test_of_two_items_with_one_id_none_is_lost(full: Project, saved: Path) -> None:
    """A line that was copied by hand; what was done to the first can still be undone."""

    def double(members: Members) -> None:
        document = json.loads(members["project.json"])
        copy = document["items"][0] | {"name": "copy", "x": 900.0}
        document["items"] += [copy, copy | {"name": "another", "id": "i3"}]
        members["project.json"] = json.dumps(document).encode()

    change(saved, double)
    with opened(saved) as project:
        assert project.damage == ()
        assert project.board.items[:3] == full.board.items
        assert [each.name for each in project.board.items[3:]] == ["copy", "another"]
        assert len(project.board.ids) == len(set(project.board.ids)) == 5
        assert project.board.items[3].content == full.board.items[0].content
        assert len(project.history) == len(full.history)
        project.save(saved)
        kept = project.board.items
    with opened(saved) as project:
        assert project.board.items == kept


@pytest.mark.parametrize("data", [None, b"", b"nonsense\n", b'{"kind": 3}\n', b"\xff\xfe\n"])
def test_a_board_without_its_history(full: Project, saved: Path, data: bytes | None) -> None:
    def damage(members: Members) -> None:
        members.pop("history.jsonl")
        if data is not None:
            members["history.jsonl"] = data

    change(saved, damage)
    with opened(saved) as project:
        assert project.board.items == full.board.items
        assert list(project.history) == []
        assert project.damage == ("The history is damaged: there is nothing to undo.",)


def test_a_history_that_is_too_large_is_left_out(
    full: Project, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(members.LIMITS, "history.jsonl", 100)
    monkeypatch.setattr("aigc_studio.project.members.RATIO", 1)
    with opened(saved) as project:
        assert project.board.items == full.board.items
        assert project.damage


def test_a_state_that_only_undo_needs(
    project: Project, place: Callable[..., Item], noise: Callable[..., Image], tmp_path: Path
) -> None:
    item = place(project, noise(20, 20))
    (digest,) = project.store.tiles(item.content).values()
    changed = {item.id: project.store.put(noise(20, 20))}
    project.do(change_content(project.board, changed))
    path = tmp_path / "a.aigc"
    project.save(path)
    change(path, lambda members: members.pop(f"content/tile/{digest}.png"))
    with opened(path) as found:
        assert found.board.items == project.board.items
        assert "Older states" in found.damage[0]
        found.undo()
        picture = found.store.get(found.board.items[0].content)
        assert isinstance(picture, Image)
        assert (picture.pixels[..., :3] == picture.pixels[..., :1]).all()


def test_the_preview_is_not_needed(full: Project, saved: Path) -> None:
    spoil_stored(saved, "preview.png")
    with opened(saved) as project:
        assert project.damage == ()
        assert project.board.items == full.board.items


def test_no_save_replaces_a_damaged_file_unasked(full: Project, saved: Path) -> None:
    change(saved, lambda members: members.pop(parts(saved, "tile")[0]))
    data = saved.read_bytes()
    with opened(saved) as project:
        assert project.path is None
        assert project.mended_from == saved
        assert not project.modified
        with pytest.raises(StudioError, match="choose a name"):
            project.save()
        assert saved.read_bytes() == data
        project.save(saved)  # the person chose it: the former one stays beside it
        assert saved.with_name(saved.name + "~").read_bytes() == data


def test_a_damaged_part_put_again_is_whole(full: Project, saved: Path) -> None:
    picture = full.store.get(full.board.item("i1").content)
    change(saved, lambda members: members.update({parts(saved, "tile")[0]: b"x"}))
    with opened(saved) as project:
        content = project.store.put(picture)
        project.store.verify(content)
        assert project.store.get(content) == picture


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("missing", "flipped")])
def test_no_exception_of_a_library_leaves_the_store(project: Project, way: str) -> None:
    content = project.store.put(Image(np.random.default_rng(0).integers(0, 255, (9, 9), np.uint8)))
    (digest,) = project.store.tiles(content).values()
    path = project.store.path("tile", digest)
    fresh = type(project.store)(project.store.folder)
    path.write_bytes(WAYS[way](path.read_bytes()) or b"")
    with pytest.raises(StudioError, match=r"damaged .tile"):
        fresh.get(content)
    with pytest.raises(ValueError, match="not the PNG of a tile"):
        tiles.decode_png(path.read_bytes()[:50])
