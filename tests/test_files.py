"""Files are whole or not there: written to a temporary name, synced, and renamed (promise 2)."""

import os
import re
import time
from pathlib import Path
from typing import Any, Never

import pytest
from disk import Disk

from aigc_studio import files
from aigc_studio.api import Text
from aigc_studio.files import (
    beside,
    files_below,
    free_paths,
    named_after,
    remove_tree,
    whole_folder,
    write_bytes,
    write_text,
)
from aigc_studio.library.model_files import pack_model
from aigc_studio.project import Item, Project, commands
from aigc_studio.project.journal import Journal


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_file_is_synced_before_it_has_its_name(disk: Disk, tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_text(path, "one")
    write_text(path, "two and more")
    assert path.read_text() == "two and more"
    assert len(disk.renames) == 2
    assert disk.early == disk.owed == []
    for temporary, target in disk.renames:
        assert target == path
        # Beside it, or the rename would be a copy; hidden, so that nobody takes it for a file.
        assert temporary.parent == path.parent
        assert temporary.name.startswith(".")


def test_what_may_be_lost_costs_no_sync(disk: Disk, tmp_path: Path) -> None:
    write_bytes(tmp_path / "file", b"one", durable=False)
    ((temporary, _path),) = disk.renames
    assert disk.early == [temporary.name]


def test_a_folder_that_another_thread_makes_meanwhile_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "file"
    plain = os.open

    def late(name: str, flags: int, mode: int = 0o777) -> int:
        monkeypatch.setattr(os, "open", plain)
        try:
            return plain(name, flags, mode)
        finally:
            path.parent.mkdir()

    monkeypatch.setattr(os, "open", late)
    write_bytes(path, b"one")
    assert path.read_bytes() == b"one"


def test_who_reads_the_old_file_reads_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"the old one")
    with path.open("rb", buffering=0) as reader:
        assert reader.read(4) == b"the "
        write_bytes(path, b"THE NEW ONE")
        assert reader.read() == b"old one"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def fail(*_values: Any) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_is_synced_before_it_has_its_name(disk: Disk, tmp_path: Path) -> None:
    with whole_folder(tmp_path / "model") as made:
        (made / "deep").mkdir()
        (made / "card.json").write_text("{}")
        (made / "deep" / "weights").write_bytes(b"1234")
    assert sorted(each.name for each in (tmp_path / "model").iterdir()) == ["card.json", "deep"]
    assert disk.early == disk.owed == []
    assert [old.name.startswith(".") for old, _new in disk.renames] == [True]


def test_a_line_of_the_journal_is_synced_and_so_is_its_folder(disk: Disk, tmp_path: Path) -> None:
    path = tmp_path / "session" / "journal.jsonl"
    journal = Journal(path)
    assert disk.holds(path.parent)
    try:
        for number in range(3):
            journal.append({"number": number})
            # Longer than `PATIENCE` on a busy machine: then it goes on behind.
            _until(lambda: disk.holds(path))
    finally:
        journal.close()


def test_a_project_file_is_synced_before_it_has_its_name(disk: Disk, tmp_path: Path) -> None:
    path, project = tmp_path / "board.aigc", Project.new()
    for words in ("one", "two"):
        content = project.store.put(Text(words))
        (id,) = project.board.new_ids(1)
        item = Item(id=id, name=words, content=content, width=100.0, height=50.0)
        project.do(commands.add_items(project.board, [item]))
        project.save(path)
    project.close()
    assert (tmp_path / "board.aigc~").exists()
    assert [new for _old, new in disk.renames].count(path) == 2
    assert disk.early == disk.owed == []


def test_an_exported_model_is_synced_before_it_has_its_name(disk: Disk, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "card.json").write_text("{}")
    pack_model(folder, tmp_path / "model.aigcmodel")
    assert disk.early == []
    assert [new.name for _old, new in disk.renames] == ["model.aigcmodel"]


def _until(condition: Any) -> None:
    import time

    for _turn in range(1000):
        if condition():
            return
        time.sleep(0.01)
    assert condition()


def deep(folder: Path, levels: int) -> None:
    """Folders in each other, deeper than a path can say; each with a file."""
    folder.mkdir(exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        for _level in range(levels):
            os.mkdir("d", dir_fd=handle)
            inner = os.open("d", os.O_RDONLY, dir_fd=handle)
            os.close(handle)
            handle = inner
            os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    finally:
        os.close(handle)


@pytest.mark.skipif(os.name != "posix", reason="paths of Windows end before")
def test_a_folder_is_removed_however_deep_it_is(tmp_path: Path) -> None:
    deep(tmp_path / "deep", 3000)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (tmp_path / "deep" / "link").symlink_to(outside)
    (tmp_path / "deep" / "d" / "link").symlink_to(outside)
    assert sum(1 for _each in files_below(tmp_path / "deep")) > 1000  # as far as a path goes
    remove_tree(tmp_path / "deep")
    assert [each.name for each in tmp_path.iterdir()] == ["outside"]
    assert [each.name for each in outside.iterdir()] == ["kept"]


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_folder_that_was_shut_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "shut" / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    for folder in (inner, inner.parent, tmp_path / "shut"):
        folder.chmod(0)
    # As for a person; the machine's keeper gets in everywhere.
    monkeypatch.setattr("aigc_studio.files.shutil.rmtree", lambda *_words, **_settings: None)
    remove_tree(tmp_path / "shut")
    assert list(tmp_path.iterdir()) == []


def test_of_a_link_in_the_place_of_a_folder_only_the_link_goes(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    remove_tree(tmp_path / "link")
    remove_tree(tmp_path / "none")
    assert [each.name for each in tmp_path.rglob("*")] == ["there", "file"]


@pytest.mark.parametrize("letter", ["x", "画", "🎨", "\udcff"])
def test_what_stands_beside_a_file_has_a_name_that_can_be(letter: str, tmp_path: Path) -> None:
    size = len(os.fsencode(letter))
    longest = letter * (250 // size)
    for stem in (longest, longest[:-1]):
        path = tmp_path / f"{stem}.aigc"
        path.write_bytes(b"")
        beside(path, "~").write_bytes(b"")
        beside(path, ".provenance.json").write_bytes(b"")
    assert len(os.listdir(tmp_path)) == 6
    assert beside(Path("a.aigc"), "~") == Path("a.aigc~")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A river: 1/2", "A river 1 2"), ("...", "item"), ("", "item"), ("con", "_con"),
        ("Aux.b", "_Aux.b"),
        ("a\nb\0c\x85d", "a b c d"), ("a\ud800b", "a b"), ("x" * 200, "x" * 80), ("é. ", "é"),
    ],
)  # fmt: skip
def test_a_file_is_named_after_a_title(title: str, name: str) -> None:
    assert named_after(title, "item") == name


@pytest.mark.parametrize("letter", ["画", "🎨", "\U0002a6d6", "ก"])
def test_a_title_of_any_script_leaves_room_for_what_comes_behind(
    letter: str, tmp_path: Path
) -> None:
    name = f"{named_after(letter * 200, 'item')} mask 100.melody.json.provenance"
    (tmp_path / name).touch()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert name.startswith(letter * 20)


def test_a_project_and_an_export_with_the_longest_names_are_written_again(tmp_path: Path) -> None:
    from aigc_studio.project.export import export, read_provenance
    from aigc_studio.project.provenance import Provenance

    path = tmp_path / f"{'x' * 250}.aigc"
    project = Project.new(tmp_path / "session")
    for number in range(2):
        content = project.store.put(Text(str(number)))
        item = Item(f"i{number}", "Item", content, 0, 0, 10, 10)
        project.do(commands.add_items(project.board, [item]))
        project.save(path)
    project.close()
    former = Project.open(beside(path, "~"), tmp_path / "former")
    assert [each.id for each in former.board.items] == ["i0"]
    former.close()
    text = tmp_path / f"{'y' * 251}.txt"
    for _time in range(2):
        export(Text("words"), text, Provenance(medium="text", generator="toy"))
        assert read_provenance(text) is not None
    assert export(Text("words"), text, None) == (text,)


@pytest.mark.parametrize(
    ("ahead", "age"),
    [(-90.0, 90.0), (0.0, 0.0), (300.0, 0.0), (3600.0, 0.0), (86_400.0, 86_400.0)],
)
def test_how_old_something_is_whatever_the_clocks_say(
    monkeypatch: pytest.MonkeyPatch, ahead: float, age: float
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert files.age(1_000_000.0 + ahead) == age


def test_all_that_is_swept_by_age_asks_one_function() -> None:
    """Whoever subtracts a file's time from the clock takes clocks for right."""
    source = Path(files.__file__).parent
    clock = re.compile(r"\btime\.time(_ns)?\(\)\s*[-<>]|[-<>]=?\s*time\.time(_ns)?\(\)")
    found = [
        f"{path.relative_to(source)}:{number}"
        for path in source.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if clock.search(line)
    ]
    assert [each for each in found if not each.startswith(("files.py", "app.py"))] == []


_OURS = {
    # of the system, of packages, or of the studio itself
    "app.py", "chinese.py", "files.py", "programs.py", "jobs/memory.py", "host/memory.py",
    "host/scaffold.py", "library/avatars.py", "ui/about_dialog.py", "ui/icons.py",
}  # fmt: skip


def test_what_others_may_have_put_there_is_opened_without_waiting() -> None:
    """A pipe in a file's place would be waited for without an end (`open_plain`)."""
    source = Path(files.__file__).parent
    waits = re.compile(
        r"(?<!documents)\.read_bytes\(|(?<!texts)(?<!ading)\.read_text\(|\bopen\(.*\"rb?\""
    )
    found = {
        f"{path.relative_to(source).as_posix()}:{number}"
        for floor in ("", "host", "jobs", "library", "project", "ui", "cli")
        for path in (source.glob("*.py") if not floor else (source / floor).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if waits.search(line)
    }
    assert sorted(each for each in found if each.partition(":")[0] not in _OURS) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for read in (files.plain_bytes, files.plain_text):
        with pytest.raises(OSError, match="Invalid argument"):
            read(pipe)


@pytest.mark.parametrize(
    ("name", "here", "windows"),
    [
        ("a.txt", "a.txt", "a.txt"), ("a:b\0c", "a_b_c", "a_b_c"), ("Why?", "Why?", "Why_"),
        ("C:", "C_", "C_"), ('"<|>*".png', '"<|>*".png', "_.png"), ("end. .", "end. .", "end___"),
        ("aux.txt", "aux.txt", "_aux.txt"), ("com1", "com1", "_com1"), ("a\t.", "a\t.", "a__"),
    ],
)  # fmt: skip
def test_a_name_from_elsewhere_is_kept_as_far_as_it_can_be(
    name: str, here: str, windows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert files.possible(name) == here
    monkeypatch.setattr(os, "name", "nt")
    assert files.possible(name) == windows


def test_a_name_from_elsewhere_is_cut_and_keeps_its_end() -> None:
    names = [f"{'猫' * 99}{end}" for end in ("1.txt", "2.txt", "." + "x" * 99, "")]
    found = [files.possible(each) for each in names]
    assert all(len(each.encode()) <= files.NAME for each in found)
    assert len(set(found)) == len(names)
    assert [each.endswith(".txt") for each in found] == [True, True, False, False]


def test_names_in_a_folder_are_taken_by_what_is_there_and_by_each_other(tmp_path: Path) -> None:
    (tmp_path / "7.png").touch()
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    names = ["7", "7", "Leaf", "leaf", "gone", "\u00e9", "e\u0301"]
    found = free_paths(tmp_path, [(name, ".png") for name in names])
    assert [path.stem for path in found] == [
        "7 2", "7 3", "Leaf", "leaf 2", "gone 2", "\u00e9", "e\u0301 2",
    ]  # fmt: skip
    assert [path.parent for path in found] == [tmp_path] * 7


def test_a_thousand_of_one_name_are_not_counted_through_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    there = os.path.lexists

    def looked(path: object) -> bool:
        asked.append(path)
        return there(str(path))

    monkeypatch.setattr("os.path.lexists", looked)
    assert len(set(free_paths(tmp_path, [("7", ".png")] * 1000))) == 1000
    assert len(asked) == 1000
