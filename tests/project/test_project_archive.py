import io
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handwork import change_content
from kinds import an_image, there
from PIL import Image as Pillow

from aigc_studio.api import Image, StudioError, Text, limits
from aigc_studio.project import (
    CandidateRecord,
    Item,
    Project,
    Provenance,
    archive,
    budget,
    commands,
    members,
    opening,
)
from aigc_studio.project import sessions as sessions_module
from aigc_studio.project.shelf import SUFFIXES


@pytest.fixture
def saved(full: Project, tmp_path: Path, provenance: Provenance) -> Path:
    record = CandidateRecord(
        "c1",
        full.store.put(Text("waiting")),
        replace(provenance, medium="text"),
        {"en": "One", "zh": "一"},
        latent=full.store.put_latent(b"l"),
        probability=0.25,
        target="i1",
        use="replace",
    )
    full.candidates.add(record)
    path = tmp_path / "文件 夹 é" / "我的 项目.aigc"
    full.save(path)
    return path


def rewrite(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes] | None]) -> None:
    """Write the zip anew after `change` had its way with {name: data}."""
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    members = change(members) or members
    with zipfile.ZipFile(path, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)


def edit_json(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    def edit(members: dict[str, bytes]) -> None:
        document = json.loads(members["project.json"])
        change(document)
        members["project.json"] = json.dumps(document).encode()

    rewrite(path, edit)


def refused(path: Path, match: str) -> None:
    """Opening gives this sentence, which names the file, and leaves nothing behind."""
    sessions = sessions_module.sessions_folder()
    before = set(sessions.iterdir())
    with pytest.raises(StudioError, match=match) as caught:
        Project.open(path)
    assert str(path) in str(caught.value)
    assert set(sessions.iterdir()) == before


def test_everything_comes_back(full: Project, saved: Path) -> None:
    opened = Project.open(saved)
    assert opened.board.items == full.board.items
    assert list(opened.history) == list(full.history)
    assert opened.position == full.position
    assert opened.candidates.list() == full.candidates.list()
    assert not opened.modified
    for item in full.board.items:
        assert opened.store.get(item.content) == full.store.get(item.content)
    mask, former = (there(each.board.item("i1").mask) for each in (opened, full))
    assert opened.store.get(mask) == full.store.get(former)
    assert opened.store.latent(opened.board.item("i1").latent) == b"\x00\x01latent"
    opened.redo()
    while opened.position:
        opened.undo()
    assert len(opened.board) == 0
    opened.close()


def test_what_only_undo_needs_is_kept(
    project: Project, place: Callable[..., Item], noise: Callable[..., Image], tmp_path: Path
) -> None:
    image = noise(20, 20)
    item = place(project, image)
    changed = {item.id: project.store.put(noise(20, 20))}
    project.do(change_content(project.board, changed))
    project.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    opened.undo()
    assert opened.store.get(opened.board.items[0].content) == image
    opened.close()


def test_the_oldest_steps_go_when_undo_would_take_too_much(
    project: Project,
    place: Callable[..., Item],
    noise: Callable[..., Image],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.candidates.add(CandidateRecord("c1", project.store.put(Text("accepted"))))
    project.candidates.add(CandidateRecord("c2", project.store.put(Text("waits"))))
    project.do(project.candidates.accept("c1"))
    item = place(project, noise(100, 100))
    for _step in range(6):
        changed = {item.id: project.store.put(noise(100, 100))}
        project.do(change_content(project.board, changed))
    project.undo()
    (tile,) = project.store.tiles(project.board.item(item.id).content).values()
    monkeypatch.setattr(budget, "HISTORY_BUDGET", int(3.5 * project.store.size("tile", tile)))
    project.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    assert opened.board.items == project.board.items
    # One to redo, and of those to undo as many as there is room for.
    assert list(opened.history) == list(project.history)[-3:]
    assert opened.position == 2
    assert [record.id for record in opened.candidates.list()] == ["c2"]
    opened.redo()
    while opened.position:
        opened.undo()
    assert len(opened.board) == 2
    opened.close()
    assert len(project.history) == 8


def test_the_bin_is_not_saved(full: Project, saved: Path, tmp_path: Path) -> None:
    full.candidates.discard("c1")
    full.save(saved)
    with zipfile.ZipFile(saved) as file:
        assert json.loads(file.read("project.json"))["candidates"] == []


def test_the_same_project_is_the_same_file(full: Project, saved: Path, tmp_path: Path) -> None:
    data = saved.read_bytes()
    full.save(tmp_path / "other name.aigc")
    assert (tmp_path / "other name.aigc").read_bytes() == data
    opened = Project.open(saved)
    opened.save(tmp_path / "third.aigc")
    assert (tmp_path / "third.aigc").read_bytes() == data
    opened.close()


def test_the_layout_is_what_the_document_says(full: Project, saved: Path) -> None:
    with zipfile.ZipFile(saved) as file:
        names = file.namelist()
        assert names[:3] == ["mimetype", "project.json", "history.jsonl"]
        assert file.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert file.read("mimetype") == b"application/x-aigc-studio"
        tiles = [name for name in names if name.startswith("content/tile/")]
        picture = full.store.get(full.board.item("i1").content)
        with Pillow.open(io.BytesIO(file.read(tiles[0]))) as tile:
            assert (tile.size, tile.mode, tile.format) == ((256, 256), "RGBA", "PNG")
        with Pillow.open(io.BytesIO(file.read("preview.png"))) as preview:
            assert max(preview.size) <= 512
            assert preview.getextrema()[0] != (0, 0)
    assert an_image(picture).mode == "RGBA"
    # `file` and friends look for the type right behind the first header.
    assert saved.read_bytes()[30:].startswith(b"mimetypeapplication/x-aigc-studio")


def test_no_path_of_this_machine_is_in_the_file(saved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as file:
        for name in ("project.json", "history.jsonl"):
            assert str(tmp_path) not in file.read(name).decode("utf-8", "surrogatepass")


def test_the_former_version_stays_beside_it(full: Project, saved: Path) -> None:
    former = saved.read_bytes()
    full.undo()
    full.save()
    assert saved.with_name(saved.name + "~").read_bytes() == former
    assert saved.read_bytes() != former
    assert sorted(path.name for path in saved.parent.iterdir()) == [
        saved.name,
        saved.name + "~",
    ]


def test_what_a_killed_save_left_is_swept_away(full: Project, saved: Path) -> None:
    name = f".{saved.name}"
    old, former = saved.with_name(f"{name}.{'a1' * 6}"), saved.with_name(f"{name}.123~")
    new, other = saved.with_name(f"{name}.{'b2' * 6}"), saved.with_name(f".x.{'c3' * 6}")
    own = saved.with_name(f"{name}.bak")
    for path in (old, former, new, other, own):
        path.write_bytes(b"half")
    for path in (old, former, other, own):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    full.save()
    left = [path for path in (old, former, new, other, own) if path.exists()]
    assert left == [new, other, own]


@pytest.mark.parametrize("ahead", [86_400.0, -86_400.0])
def test_a_save_that_is_going_on_is_not_swept_away_when_the_clock_is_set(
    full: Project, saved: Path, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    """Nor by a machine whose clock is not that of the file server."""
    write: Any = archive._write_members

    def slowly(*all: Any) -> None:
        write(*all)
        with monkeypatch.context() as later:
            now = time.time
            later.setattr(time, "time", lambda: now() + ahead)
            archive._sweep(saved)  # as another window does before it saves

    monkeypatch.setattr(archive, "_write_members", slowly)
    full.save()
    assert [each.name for each in saved.parent.glob(".*")] == []


def test_what_was_left_before_the_clock_was_set_back_is_swept_away(
    full: Project, saved: Path
) -> None:
    left = saved.with_name(f".{saved.name}.{'a1' * 6}")
    left.write_bytes(b"half")
    os.utime(left, (time.time() + 10**8,) * 2)
    full.save()
    assert not left.exists()


def test_another_save_may_sweep_the_former_file_which_is_as_old_as_it_was(
    full: Project, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, link = saved.read_bytes(), os.link
    swept: list[Path] = []

    def meanwhile(source: Path, target: Path) -> None:
        link(source, target)
        if not swept:
            swept.append(target)
            os.unlink(target)

    monkeypatch.setattr(os, "link", meanwhile)
    full.save()
    assert swept
    assert saved.with_name(f"{saved.name}~").read_bytes() == former


def test_a_save_that_fails_leaves_the_old_file(full: Project, saved: Path) -> None:
    former = saved.read_bytes()
    for path in (full.store.folder / "melody").rglob("*.json"):
        path.unlink()
    with pytest.raises(StudioError, match="melody"):
        full.save()
    assert saved.read_bytes() == former
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_a_folder_that_cannot_be_written_is_a_sentence(full: Project, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(StudioError, match="cannot be saved"):
        full.save(tmp_path / "a file" / "x.aigc")


def test_a_new_project_must_be_given_a_name(project: Project) -> None:
    with pytest.raises(StudioError, match="name"):
        project.save()


def test_a_snapshot_is_written_in_another_thread_while_work_goes_on(
    full: Project, tmp_path: Path
) -> None:
    snapshot = full.snapshot()
    items = full.board.items
    path = tmp_path / "a.aigc"
    thread = threading.Thread(target=archive.write, args=(snapshot, path))
    thread.start()
    full.do(commands.remove_items(full.board, ["i1", "i3"]))
    thread.join()
    full.note_saved(snapshot, path)
    assert full.modified
    assert full.path == path
    opened = Project.open(path)
    assert opened.board.items == items
    opened.close()


def test_a_history_that_does_not_lead_to_the_board_is_left_out(saved: Path) -> None:
    def cut(members: dict[str, bytes]) -> None:
        lines = members["history.jsonl"].splitlines(keepends=True)
        members["history.jsonl"] = b"".join(lines[1:])

    rewrite(saved, cut)
    edit_json(saved, lambda document: document.update(position=document["position"] - 1))
    opened = Project.open(saved)
    assert len(opened.board) == 3
    # Undone from the board, the shorter history would need the order before the first item.
    assert len(opened.history) in (0, 3)
    opened.close()
    edit_json(saved, lambda document: document.update(position=0))
    opened = Project.open(saved)
    assert (len(opened.board), opened.position) == (3, 0)
    opened.close()


# The zoo of malformed files.


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short(saved: Path, part: float) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data[: int(len(data) * part)])
    refused(saved, "not a whole .aigc file")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    refused_paths = [tmp_path / "nothing.aigc", tmp_path]
    for path in refused_paths:
        with pytest.raises(StudioError, match="cannot be read"):
            Project.open(path)


def test_another_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "a.aigc"
    Pillow.new("L", (3, 3)).save(path, "PNG")
    with pytest.raises(StudioError, match="not a whole"):
        Project.open(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("word/document.xml", "x")
    with pytest.raises(StudioError, match="mimetype"):
        Project.open(path)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "content/../../evil", "/etc/evil", "C:/evil", "a\\..\\evil", "content/tile/.."],
)
def test_names_that_lead_outside(saved: Path, name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved, "a") as file:
        info = zipfile.ZipInfo("x")
        info.filename = name
        file.writestr(info, b"evil")
    before = sorted(tmp_path.rglob("*evil*"))
    refused(saved, "forbidden name")
    assert sorted(tmp_path.rglob("*evil*")) == before


def test_a_symbolic_link(saved: Path) -> None:
    with zipfile.ZipFile(saved, "a") as file:
        info = zipfile.ZipInfo("content/text/" + "0" * 64 + ".txt")
        info.external_attr = 0o120777 << 16
        file.writestr(info, b"/etc/passwd")
    refused(saved, "forbidden name")


def test_an_encrypted_part(saved: Path) -> None:
    data = bytearray(saved.read_bytes())
    first = data.find(b"PK\x01\x02")
    data[first + 8] |= 1
    saved.write_bytes(bytes(data))
    refused(saved, "forbidden name")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice(saved: Path) -> None:
    with zipfile.ZipFile(saved, "a") as file:
        file.writestr("project.json", b"{}")
    refused(saved, "forbidden name")


def put_bomb(path: Path) -> None:
    """A tile that the project shows becomes 5 MiB of nothing, packed to a few KiB."""
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    name = next(name for name in members if name.startswith("content/tile/"))
    members[name] = bytes(5 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for each, data in members.items():
            target.writestr(each, data)


def test_a_bomb(saved: Path) -> None:
    put_bomb(saved)
    refused(saved, "too large")


def test_a_bomb_that_lies_about_its_size(saved: Path) -> None:
    put_bomb(saved)
    data = saved.read_bytes()
    claimed = (5 << 20).to_bytes(4, "little")
    assert data.count(claimed) >= 2
    saved.write_bytes(data.replace(claimed, (100).to_bytes(4, "little")))
    opened = Project.open(saved)  # no more than it claims is unpacked, and that is no tile
    assert len(opened.damage) == 1
    opened.close()


def test_what_nothing_refers_to_is_not_kept(full: Project, saved: Path) -> None:
    stray = {f"content/{kind}/{'0' * 64}{suffix}": b"x" * 100
             for kind, suffix in SUFFIXES.items()}  # fmt: skip
    rewrite(saved, lambda members: members.update(stray))
    opened = Project.open(saved)
    assert opened.board.items == full.board.items
    opened.save(saved)
    opened.close()
    with zipfile.ZipFile(saved) as file:
        assert not any("0" * 64 in name for name in file.namelist())


def test_documents_have_a_limit(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(members.LIMITS[name] <= 256 << 20 for name in ("project.json", "history.jsonl"))
    monkeypatch.setitem(members.LIMITS, "project.json", 100)
    monkeypatch.setattr(members, "RATIO", 1)
    refused(saved, "project.json is too large")


def test_many_parts_that_are_too_large_together(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "TOTAL", 10_000)
    monkeypatch.setattr(opening, "RATIO", 0)
    refused(saved, "too large")


def test_content_for_which_there_is_no_room(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_free", lambda _folder: opening._ROOM + 1000)
    refused(saved, "no room for it in the folder")


@pytest.mark.parametrize("name", ["mimetype", "project.json"])
def test_a_missing_part(saved: Path, name: str) -> None:
    rewrite(saved, lambda members: {key: members[key] for key in members if key != name})
    refused(saved, name)


def test_a_newer_format(saved: Path) -> None:
    edit_json(saved, lambda document: document.update(format=3))
    refused(saved, "newer AIGC Studio .format 3.")


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(format="1"),
        lambda document: document.update(format=0),
        lambda document: document.pop("items"),
        lambda document: document.update(items=[{}]),
        lambda document: document.update(items=[None, 3, "x"]),
        lambda document: document.update(items={"a": 1}),
        lambda document: document.update(items=None),
    ],
)
def test_documents_without_a_board(saved: Path, change: Callable[[dict[str, Any]], object]) -> None:
    edit_json(saved, change)
    refused(saved, r"cannot be opened")


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        inner: Any = document
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return change


ODD_ITEMS: list[Callable[[dict[str, Any]], object]] = [
    _set("items", 0, "x", to=float("nan")),
    _set("items", 0, "x", to=1e308),
    _set("items", 0, "y", to=float("-inf")),
    _set("items", 0, "x", to="left"),
    _set("items", 0, "x", to=True),
    _set("items", 0, "width", to=-3),
    _set("items", 0, "height", to=0),
    _set("items", 0, "opacity", to=2),
    _set("items", 0, "visible", to=1),
    _set("items", 0, "rotation", to=[]),
    _set("items", 0, "id", to="i" * 1_000_000),
    _set("items", 0, "id", to=7),
    _set("items", 0, "name", to=None),
    _set("items", 0, "content", to=None),
    _set("items", 0, "content", "digest", to="../../../x"),
    _set("items", 0, "content", "medium", to=["image"]),
    _set("items", 0, "content", "info", "width", to=10**12),
    _set("items", 0, "content", "info", "height", to=True),
    _set("items", 0, "provenance", to={"generator": 3}),
    _set("items", 0, "provenance", to={"made": "0", "seed": True}),
    _set("items", 0, "provenance", to={"made": [], "seed": 1}),
    _set("items", 0, "provenance", to=5),
    _set("items", 0, "mask", to=3),
    _set("items", 0, to=[]),
    _set("items", 0, to="x" * 1_000_000),
    lambda document: document["items"].append(document["items"][1]),
]


@pytest.mark.parametrize("change", ODD_ITEMS)
def test_an_item_that_is_none_costs_itself_and_nothing_else(
    full: Project, saved: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    edit_json(saved, change)
    opened = Project.open(saved)
    assert "1 item of the board is damaged and was left out." in opened.damage
    left = [item.id for item in opened.board.items]
    assert left in (["i2", "i3"], ["i1", "i2", "i3"])
    assert opened.board.item("i3") == full.board.item("i3")
    assert [record.id for record in opened.candidates.list()] == ["c1"]
    while opened.position:
        opened.undo()
    opened.save(saved.with_name("mended.aigc"))
    opened.close()
    again = Project.open(saved.with_name("mended.aigc"))
    assert again.damage == ()
    again.close()


@pytest.mark.parametrize(
    "change",
    [
        _set("candidates", 0, to=3),
        _set("candidates", 0, "position", to=1.5),
        _set("candidates", 0, "position", to=10**30),
        _set("candidates", 0, "probability", to=float("nan")),
        _set("candidates", 0, "id", to="c" * 1_000_000),
        _set("candidates", 0, "target", to="i" * 1_000_000),
        _set("candidates", 0, "content", "info", "length", to=float("inf")),
        _set("candidates", 0, "content", "info", "length", to=1 << 70),
        _set("candidates", 0, "base", to={"content": None}),
        _set("candidates", 0, "base", to=[[[[]]]]),
    ],
)
def test_a_candidate_that_is_none_costs_itself_and_nothing_else(
    full: Project, saved: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    edit_json(saved, change)
    opened = Project.open(saved)
    assert opened.damage == ("1 candidate that waited is damaged and was left out.",)
    assert opened.board.items == full.board.items
    assert opened.history == full.history
    assert opened.candidates.list() == ()
    opened.close()


@pytest.mark.parametrize("candidates", [{}, None, 3, 1e308, "c1", float("nan"), "gone"])
def test_candidates_that_are_no_list_cost_themselves_and_nothing_else(
    full: Project, saved: Path, candidates: object
) -> None:
    edit_json(saved, lambda document: document.update(candidates=candidates))
    if candidates == "gone":
        edit_json(saved, lambda document: document.pop("candidates"))
    opened = Project.open(saved)
    assert opened.damage == ("The list of candidates is damaged and was left out.",)
    assert opened.board.items == full.board.items
    assert opened.history == full.history
    assert opened.candidates.list() == ()
    opened.close()


@pytest.mark.parametrize("made", [{}, None, 3, -1, "made"])
def test_what_says_how_things_were_made_and_is_no_list_costs_no_more(
    full: Project, saved: Path, made: object
) -> None:
    edit_json(saved, lambda document: document.update(made=made))
    opened = Project.open(saved)
    assert [item.id for item in opened.board.items] == [item.id for item in full.board.items]
    contents = [(item.content, item.x, item.y) for item in opened.board.items]
    assert contents == [(item.content, item.x, item.y) for item in full.board.items]
    opened.close()


@pytest.mark.parametrize("position", [99, -1, "x", None, True, 1.0, [], 10**400])
def test_a_position_that_is_none_costs_the_history(
    full: Project, saved: Path, position: object
) -> None:
    edit_json(saved, lambda document: document.update(position=position))
    opened = Project.open(saved)
    assert opened.damage == ("The history is damaged: there is nothing to undo.",)
    assert opened.board.items == full.board.items
    assert (opened.history, opened.position) == ((), 0)
    opened.close()


@pytest.mark.parametrize(
    "title", [3, None, [1], {"en": 5}, {"en": "made", "zh": None}, "t" * 10**6]
)
def test_a_title_is_no_reason_to_lose_anything(full: Project, saved: Path, title: Any) -> None:
    edit_json(saved, _set("candidates", 0, "title", to=title))
    opened = Project.open(saved)
    assert opened.damage == ()
    (record,) = opened.candidates.list()
    assert isinstance(record.title, str | dict)
    assert len(str(record.title)) < 300
    opened.save(saved)
    opened.close()


def test_a_name_that_is_too_long_is_cut(full: Project, saved: Path) -> None:
    edit_json(saved, _set("items", 1, "name", to="n" * 1_000_000))
    opened = Project.open(saved)
    assert len(opened.board.item("i2").name) == limits.TITLE
    assert opened.damage == ()
    opened.close()


@pytest.mark.parametrize("text", [b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 100_000])
def test_documents_that_are_no_json_objects(saved: Path, text: bytes) -> None:
    rewrite(saved, lambda members: members.update({"project.json": text}))
    refused(saved, "not a whole")


def test_what_a_later_version_adds_is_passed_over(full: Project, saved: Path) -> None:
    def add(document: dict[str, Any]) -> None:
        document["items"][0]["tilt"] = 3
        document["theme"] = "dark"

    edit_json(saved, add)
    rewrite(saved, lambda members: members.update({"content/film/abc.bin": b"x"}))
    opened = Project.open(saved)
    assert opened.board.items == full.board.items
    opened.close()


def test_the_sentence_names_the_former_version(full: Project, saved: Path) -> None:
    full.undo()
    full.save()
    saved.write_bytes(b"")
    refused(saved, "former version is .*aigc~")


def test_nothing_is_drawn_of_hidden_items(
    project: Project, place: Callable[..., Item], tmp_path: Path
) -> None:
    import numpy as np

    item = place(project, Image(np.full((5, 5, 3), 200, np.uint8)))
    hidden = {item.id: replace(item, visible=False)}
    project.do(commands.change_items(project.board, hidden, "hide"))
    project.save(tmp_path / "a.aigc")
    with zipfile.ZipFile(tmp_path / "a.aigc") as file:
        assert Pillow.open(io.BytesIO(file.read("preview.png"))).size == (1, 1)


def test_a_file_keeps_half_a_gibibyte_for_undo() -> None:
    assert budget.HISTORY_BUDGET == 536_870_912  # what docs/architecture.md promises
