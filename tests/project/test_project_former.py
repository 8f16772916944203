"""Files and journals of the studio before: format 1 had each item of each step in full."""

import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from crashed import crash
from kinds import there
from PIL import Image as Pillow

from aigc_studio.api import Text
from aigc_studio.project import Project, commands
from aigc_studio.project import sessions as sessions_module

PIXELS = bytes((10, 20, 30, 255)) * 65_536
TILE = sha256(PIXELS).hexdigest()
MANIFEST = json.dumps(
    {"height": 256, "mode": "RGB", "tiles": {"0,0": TILE}, "width": 256},
    sort_keys=True,
    separators=(",", ":"),
).encode()
PROVENANCE: dict[str, Any] = {
    "medium": "text", "generator": "ngram", "verb": "generate", "operation": "", "seed": 7,
    "generator_version": "1", "api_version": 1, "studio_version": "0.1", "model": "m",
    "model_digest": "ab" * 32, "parameters": {"t": 0.7}, "prompt": "p", "selection": None,
    "parents": [], "composite": False, "edited": False,
}  # fmt: skip


def text(words: str) -> dict[str, Any]:
    return {"medium": "text", "digest": Text(words).digest, "info": {"length": len(words)}}


def item(id: str, content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": id, "name": f"n{id}", "content": content, "x": 0.0, "y": 0.0, "width": 10.0,
        "height": 5.0, "rotation": 0.0, "opacity": 1.0, "visible": True, "mask": None,
        "provenance": None, "latent": "",
    }  # fmt: skip
    return known | fields


def step(kind: str, before: Any, after: Any, *orders: list[str], **more: Any) -> dict[str, Any]:
    order_before, order_after = orders or (None, None)
    return {
        "kind": kind, "before": before, "after": after, "order_before": order_before,
        "order_after": order_after, "label": "", "candidates": [],
    } | more  # fmt: skip


PICTURE = {
    "medium": "image",
    "digest": sha256(MANIFEST).hexdigest(),
    "info": {"width": 256, "height": 256, "mode": "RGB"},
}
ONE, MOVED = item("i1", text("one")), item("i1", text("one"), x=5.0)
TWO = item("i2", PICTURE)
THREE = item("i3", text("made"), provenance=PROVENANCE)
STEPS = [
    step("add", {"i1": None}, {"i1": ONE}, [], ["i1"]),
    step("add", {"i2": None}, {"i2": TWO}, ["i1"], ["i1", "i2"]),
    step("move", {"i1": ONE}, {"i1": MOVED}),
    step("reorder", {"i2": TWO}, {"i2": TWO}, ["i1", "i2"], ["i2", "i1"]),
    step(
        "accept",
        {"i3": None},
        {"i3": THREE},
        ["i2", "i1"],
        ["i2", "i1", "i3"],
        label={"en": "Write", "zh": "写"},
        candidates=["c1"],
    ),
    step("remove", {"i1": MOVED}, {"i1": None}, ["i2", "i1", "i3"], ["i2", "i3"]),
]
RECORD = {
    "id": "c1", "content": text("made"), "provenance": PROVENANCE, "title": {"en": "Made"},
    "latent": "", "probability": 0.5, "strip": "", "position": 0, "target": "", "use": "add",
    "base": None, "request": "c1", "action": "",
}  # fmt: skip
DOCUMENT = {
    "format": 1, "studio": "0.1", "items": [TWO, MOVED, THREE], "position": 5,
    "candidates": [RECORD, RECORD | {"id": "c2"}], "accepted": ["c1"],
}  # fmt: skip


def tile() -> bytes:
    file = io.BytesIO()
    Pillow.frombytes("RGBA", (256, 256), PIXELS).save(file, "PNG")
    return file.getvalue()


def write_former(path: Path, **changes: Any) -> None:
    """A file as the studio before wrote it."""
    members: dict[str, bytes] = {
        "mimetype": b"application/x-aigc-studio",
        "project.json": json.dumps(DOCUMENT | changes).encode(),
        "history.jsonl": b"".join(json.dumps(each).encode() + b"\n" for each in STEPS),
        f"content/image/{sha256(MANIFEST).hexdigest()}.json": MANIFEST,
        f"content/tile/{TILE}.png": tile(),
        "preview.png": b"",
    }
    for words in ("one", "made"):
        members[f"content/text/{Text(words).digest}.txt"] = words.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)


def ids(project: Project) -> list[str]:
    return [each.id for each in project.board.items]


def check(project: Project) -> None:
    """Everything is there, and can be undone to the start and done again."""
    assert ids(project) == ["i2", "i1", "i3"]
    assert project.board.item("i1").x == 5.0
    assert there(project.board.item("i3").provenance).seed == 7
    assert (len(project.history), project.position) == (6, 5)
    assert [each.id for each in project.candidates.list()] == ["c2"]
    for each in project.board.items:
        project.store.verify(each.content)
    while project.position:
        project.undo()
    assert project.board.items == ()
    assert [each.id for each in project.candidates.list()] == ["c1", "c2"]
    while project.position < 6:
        project.redo()
    assert ids(project) == ["i2", "i3"]
    project.undo()
    assert project.board.new_ids(1) == ("i4",)


def test_a_file_of_format_1_opens_and_is_saved_as_format_2(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "former.aigc"
    write_former(path)
    project = Project.open(path)
    assert (project.damage, project.path) == ((), path)
    check(project)
    project.save()
    project.close()
    with zipfile.ZipFile(path) as file:
        assert json.loads(file.read("project.json"))["format"] == 2
        # What was read and compared with its digest when it was opened need not be again.
        assert json.loads(file.read("seal.json"))["unsure"] == []
    again = Project.open(path)
    check(again)
    again.close()


def test_a_damaged_step_of_format_1_costs_those_before_it(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "former.aigc"
    write_former(path)
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    lines = members["history.jsonl"].splitlines(keepends=True)
    members["history.jsonl"] = b"".join([lines[0], b"x\n", *lines[2:]])
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    project = Project.open(path)
    assert project.damage == ("2 older steps of the history are damaged and cannot be undone.",)
    assert (len(project.history), project.position) == (4, 3)
    project.close()


def journal_of(folder: Path, *entries: dict[str, Any], start: bool = True) -> None:
    folder.mkdir(parents=True)
    begin = {
        "op": "start", "version": 1, "studio": "0.1", "path": None, "items": [], "history": [],
        "position": 0, "candidates": [],
    }  # fmt: skip
    lines = [begin, *entries] if start else entries
    data = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
    (folder / "journal.jsonl").write_bytes(data if start else b"\0" * 50 + b"\n" + data)
    for words in ("one", "made"):
        path = folder / "content" / "text" / Text(words).digest[:2] / f"{Text(words).digest}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
    pictures = (("image", str(PICTURE["digest"]), MANIFEST), ("tile", TILE, tile()))
    for kind, name, data in pictures:
        suffix = {"image": ".json", "tile": ".png"}[kind]
        path = folder / "content" / kind / name[:2] / f"{name}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


ENTRIES: list[dict[str, Any]] = [
    {"op": "candidate", "record": RECORD},
    {"op": "candidate", "record": RECORD | {"id": "c2"}},
    *({"op": "do", "command": each, "merge": False} for each in STEPS),
    {"op": "undo"},
]


def test_a_session_of_the_studio_before_is_brought_back(home: Path) -> None:
    folder = sessions_module.new_folder()
    journal_of(folder, *ENTRIES)
    assert Project.interrupted() == [folder]
    project = Project.recover(folder)
    assert there(project.recovery).lost == 0
    check(project)
    crash(project)
    again = Project.recover(folder)
    assert (len(again.history), again.position) == (6, 5)
    again.close()


def test_a_saved_session_of_the_studio_before_holds_nothing_unsaved(home: Path) -> None:
    folder = sessions_module.new_folder()
    saved = {"op": "saved", "path": "/x.aigc", "state": 5, "steps": 1 + len(ENTRIES)}
    journal_of(folder, *ENTRIES, saved)
    assert Project.interrupted() == []
    assert not folder.exists()


@pytest.mark.parametrize("odd", ["1e2", '"x"', "null", "[]"])
def test_odd_numbers_in_a_former_journal_hide_nothing(home: Path, odd: str) -> None:
    folder = sessions_module.new_folder()
    journal_of(folder, *ENTRIES, {"op": "saved", "path": "/x.aigc", "state": 5, "steps": 4242})
    path = folder / "journal.jsonl"
    path.write_text(path.read_text().replace("4242", odd))
    assert Project.interrupted() == [folder]
    project = Project.recover(folder)
    assert len(project.board) == 3
    project.close()


def test_a_former_journal_without_its_beginning_gives_what_its_steps_say(home: Path) -> None:
    folder = sessions_module.new_folder()
    journal_of(folder, *ENTRIES[3:-1], start=False)  # the first step is lost with it
    assert Project.interrupted() == [folder]
    project = Project.recover(folder)
    assert ids(project) == ["i2", "i3"]
    moved = {"i2": replace(project.board.item("i2"), x=3.0)}
    project.do(commands.change_items(project.board, moved, "move"))
    project.close()
