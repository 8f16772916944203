"""Plugins become records, whatever is wrong with them; descriptions are remembered."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kinds import there

from aigc_studio import folders
from aigc_studio.api import GenerateRequest, StudioError
from aigc_studio.host import PluginRecord, PluginSource, Registry, WorkerPool, describing
from aigc_studio.host.describing import describe
from aigc_studio.host.discovery import find_sources
from aigc_studio.host.plugin_files import source_at
from aigc_studio.host.stamps import stamp
from aigc_studio.testing.finding import find_record


def only(found: Registry) -> PluginRecord:
    (record,) = [record for record in found.records if record.state != "disabled"]
    return record


@pytest.mark.parametrize(
    ("name", "state", "said"),
    [
        ("raises_on_import", "failed", "could not be imported: ModuleNotFoundError"),
        ("misspelt_hook", "failed", "there is no such hook. Was generate() meant?"),
        ("undecorated", "failed", "the hook edit is not marked with @hookimpl"),
        ("needs_newer", "incompatible", "needs version 99 of the plugin interface"),
        ("is_a_class", "failed", "has no describe()"),
    ],
)
def test_a_broken_plugin_is_a_record_with_a_reason(
    registry: Callable[..., Registry], name: str, state: str, said: str
) -> None:
    record = only(registry(f"bad/{name}"))
    assert record.state == state
    assert said in record.reason
    assert name in record.reason
    assert "\n" not in record.reason
    assert record.description is None


def test_an_import_that_fails_shows_its_author_where(registry: Callable[..., Registry]) -> None:
    assert "raises_on_import.py" in only(registry("bad/raises_on_import")).details


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import os; os._exit(5)  # hookimpl", "ended its own worker (exit status 5)"),
        ("def describe(", "SyntaxError"),
        ("from aigc_studio.api import hookimpl", "has no describe()"),
        (
            "from aigc_studio.api import hookimpl\n@hookimpl\ndef describe():\n    return 3",
            "must return a Description, not int",
        ),
        (
            "from aigc_studio.api import *\n@hookimpl\ndef describe():\n"
            "    return Description(id='No Good', title='x', medium=Text)",
            "the id 'No Good' must be lower-case words",
        ),
        (
            "from aigc_studio.api import *\n@hookimpl\ndef describe():\n"
            "    return Description(id='idle', title='x', medium=Text)",
            "neither train, generate, edit nor evaluate",
        ),
        (
            "from aigc_studio.api import *\n@hookimpl\ndef describe():\n"
            "    odd = Operation(id='b', verb='edit', title='')\n"
            "    return Description(id='a', title='x', medium=Text, operations=[odd])\n"
            "@hookimpl\ndef generate(request): ...",
            "lists the operation b, but has no edit()",
        ),
        (
            "from aigc_studio.api import *\n@hookimpl\ndef describe(): ...\n"
            "@hookimpl\ndef generate(request, colour): ...",
            "colour",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said(
    plugin_home: Callable[..., Path], body: str, said: str
) -> None:
    plugin_home().joinpath("mine.py").write_text(body, "utf-8")
    plugin_home("echo")
    os.environ["AIGC_STUDIO_PLUGINS"] = "mine,echo"
    found = Registry()
    found.refresh()
    mine, echo = sorted(
        (record for record in found.records if record.state != "disabled"),
        key=lambda record: record.state,
    )
    assert said in mine.reason
    assert echo.state == "ready"


def test_a_function_that_looks_like_a_hook_is_a_warning(plugin_home: Callable[..., Path]) -> None:
    folder = plugin_home("echo")
    with (folder / "echo.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef evalute(request):\n    pass\n")
    found = Registry()
    found.refresh()
    assert found.record("echo").warnings == (
        "evalute() looks like the hook evaluate(), but is not one.",
    )


OUTDATED = '    deprecated("request.words", Gone("prompt", 2))'


def test_what_goes_away_and_is_used_in_an_action_is_kept_for_as_long_as_the_code_is_the_same(
    plugin_home: Callable[..., Path], pool: WorkerPool
) -> None:
    file = plugin_home("echo") / "echo.py"
    code = file.read_text("utf-8")
    old = code.replace("    for n in", f"{OUTDATED}\n    for n in").replace(
        "\nfrom", "\nfrom aigc_studio.api.deprecations import Gone, deprecated\nfrom", 1
    )
    file.write_text(old, "utf-8")
    found = Registry()
    found.refresh()
    record = found.record("echo")
    assert record.outdated == ()
    run = pool.start(record, "generate", GenerateRequest(prompt="a"))
    assert [type(event).__name__ for event in run.events()] == ["Candidate"]
    line = old.splitlines().index(OUTDATED)
    told = (
        f"echo.py, line {line + 1}: request.words goes away with version 2 of the plugin "
        "interface. Use prompt.",
    )
    assert run.outdated == told
    assert found.note_outdated(record, run.outdated)
    assert not found.note_outdated(record, run.outdated)  # it is known by now
    again = Registry()
    again.load_cached()
    again.refresh()
    assert again.record("echo").outdated == told
    file.write_text(code, "utf-8")
    again.refresh()
    assert again.record("echo").outdated == ()
    assert not again.note_outdated(record, run.outdated)  # of a run that began before


def test_the_second_plugin_with_an_id_is_refused(plugin_home: Callable[..., Path]) -> None:
    folder = plugin_home("echo")
    (folder / "other.py").write_bytes((folder / "echo.py").read_bytes())
    os.environ["AIGC_STUDIO_PLUGINS"] = "echo,other"
    found = Registry()
    found.refresh()
    states = {record.source.name: record for record in found.records}
    assert states["echo"].state == "ready"
    assert states["other"].state == "failed"
    assert "The id echo is taken by the plugin" in states["other"].reason
    assert found.record("echo").source.name == "echo"


def test_a_plugin_may_be_a_folder_that_imports_itself(plugin_home: Callable[..., Path]) -> None:
    folder = plugin_home() / "duet"
    folder.mkdir()
    (folder / "names.py").write_text("TITLE = 'Duet'", "utf-8")
    (folder / "__init__.py").write_text(
        "from aigc_studio.api import *\nfrom duet.names import TITLE\nfrom . import names\n"
        "@hookimpl\ndef describe():\n    return Description(id='duet', title=TITLE, medium=Text)\n"
        "@hookimpl\ndef generate():\n    yield Candidate(Text('la'))\n",
        "utf-8",
    )
    plugin_home("echo")
    os.environ["AIGC_STUDIO_PLUGINS"] = "duet"
    found = Registry()
    found.refresh()
    record = found.record("duet")
    assert record.title == "Duet"
    assert record.home == str(folder)
    before = stamp(record.source)
    (folder / "names.py").write_text("TITLE = 'Trio'  # now with three", "utf-8")
    assert stamp(record.source) != before


def test_a_plugin_named_like_a_module_of_python_is_refused(
    plugin_home: Callable[..., Path],
) -> None:
    folder = plugin_home("echo")
    (folder / "echo.py").rename(folder / "random.py")
    os.environ["AIGC_STUDIO_PLUGINS"] = "random"
    found = Registry()
    found.refresh()
    assert "rename it" in only(found).reason


def test_what_is_ready_is_described_once(
    registry: Callable[..., Registry],
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = registry("echo")
    cache = folders.cache_folder() / "plugins.json"
    written = cache.stat().st_mtime_ns
    monkeypatch.setattr(describing, "describe", None)  # calling it would raise
    again = Registry()
    again.load_cached()
    assert again.records == first.records
    again.refresh()
    assert again.record("echo") == first.record("echo")
    assert cache.stat().st_mtime_ns == written  # there is nothing new to note
    os.utime(plugin_home() / "echo.py", (1, 1))
    with pytest.raises(TypeError):
        again.refresh()


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("kind", ["pipe", "device", "circle", "folder"])
def test_a_cache_that_is_no_file_is_not_waited_for(
    registry: Callable[..., Registry], kind: str
) -> None:
    registry("echo")
    cache = folders.cache_folder() / "plugins.json"
    cache.unlink()
    match kind:
        case "pipe":
            os.mkfifo(cache)
        case "device":
            cache.symlink_to("/dev/zero")
        case "circle":
            cache.symlink_to(cache)
        case _:
            (cache / "x").mkdir(parents=True)
    again = Registry()
    again.load_cached()
    again.refresh()
    assert again.record("echo").state == "ready"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"head": 1}', b"\xff\xfe", b"null"])
def test_a_cache_that_cannot_be_read_is_made_anew(
    registry: Callable[..., Registry], content: bytes
) -> None:
    registry("echo")
    cache = folders.cache_folder() / "plugins.json"
    whole = json.loads(cache.read_text("utf-8"))
    cache.write_bytes(content)
    found = Registry()
    found.load_cached()
    assert found.records == ()
    found.refresh()
    assert found.record("echo").state == "ready"
    assert json.loads(cache.read_text("utf-8")) == whole


def test_a_cache_in_which_a_field_is_there_twice_is_none(
    registry: Callable[..., Registry],
) -> None:
    registry("echo")
    cache = folders.cache_folder() / "plugins.json"
    text = cache.read_text("utf-8")
    cache.write_text(text.replace('"head":', '"head": 1, "head":', 1), "utf-8")
    found = Registry()
    found.load_cached()
    assert found.records == ()


def test_a_record_in_the_cache_that_is_damaged_is_no_record(
    registry: Callable[..., Registry],
) -> None:
    registry("echo")
    cache = folders.cache_folder() / "plugins.json"
    document = json.loads(cache.read_text("utf-8"))
    for record in document["records"]:
        record["description"] = {"id": 3}
    cache.write_text(json.dumps(document), "utf-8")
    found = Registry()
    found.load_cached()
    assert found.records == ()


def test_the_cache_keeps_the_order_of_the_fields(registry: Callable[..., Registry]) -> None:
    described = there(there(registry("spans").record("spans").description).operation("write"))
    again = Registry()
    again.load_cached()
    cached = there(there(again.record("spans").description).operation("write"))
    assert list(cached.schema["properties"]) == list(described.schema["properties"])
    assert list(cached.schema["properties"])[-1] == "keep_prompt"


def test_loading_the_cache_needs_the_standard_library_only(
    registry: Callable[..., Registry],
) -> None:
    registry("spans", "bars")
    program = (
        "import sys; before = set(sys.modules)\n"
        "from aigc_studio.host import Registry\n"
        "found = Registry(); found.load_cached()\n"
        "assert found.record('spans').description.of_verb('edit')[0].schema['properties']\n"
        "assert not {'subprocess', 'importlib.metadata', 'pluggy'} & set(sys.modules)\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names) - {'aigc_studio'}))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert out.stdout.strip() == "[]"


def test_asking_for_what_is_not_there_says_what_is(registry: Callable[..., Registry]) -> None:
    found = registry("echo", "spans", "bad/raises_on_import")
    with pytest.raises(
        StudioError, match=r"There is no generator nothing\. There are: echo, spans\."
    ):
        found.record("nothing")
    with pytest.raises(StudioError, match=r"^The plugin raises_on_import could not be imported: "):
        found.record("raises_on_import")


def test_plugins_can_be_left_out(
    registry: Callable[..., Registry], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = registry("echo", "spans")
    found.disabled = frozenset({"spans"})
    found.refresh()
    states = {record.source.name: record.state for record in found.records}
    assert (states["echo"], states["spans"]) == ("ready", "disabled")
    assert {record.title for record in found.records} >= {"Echo", "Chain of characters"}
    found.disabled = frozenset()
    found.refresh()
    assert found.record("spans").reason == ""
    monkeypatch.setenv("AIGC_STUDIO_NO_PLUGINS", "1")
    found.refresh()
    assert {record.state for record in found.records} == {"disabled"}
    with pytest.raises(StudioError, match="left out"):
        found.record("echo")


def test_entry_points_are_found_without_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "stranger-1.2.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.2\n")
    (package / "entry_points.txt").write_text(
        "[aigc_studio.plugins]\nsound = stranger_module:plugin\n"
        "class = stranger_module:class_itself\n"
    )
    (tmp_path / "stranger_module.py").write_text(
        "from aigc_studio.api import *\n"
        "class Plugin:\n"
        "    @hookimpl\n    def describe(self):\n"
        "        return Description(id='sounds', title='Sound', medium=Melody)\n"
        "    @hookimpl\n    def generate(self, request):\n        yield Candidate(Melody())\n"
        "plugin = Plugin()\n"
        "class_itself = Plugin\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "sound,class")
    (source,) = [source for source in find_sources() if source.name == "sound"]
    assert (source.distribution, source.version) == ("stranger", "1.2")
    found = Registry()
    found.refresh()
    record = found.record("sounds")
    assert there(record.description).medium == "melody"
    assert record.home == str(tmp_path)
    # Its author gave none: that of what is installed.
    assert there(record.description).version == "1.2"
    found.load_cached()
    assert there(found.record("sounds").description).version == "1.2"
    with pytest.raises(StudioError, match="The plugin sound calls its generator sounds"):
        found.record("sound")
    assert there(find_record("sound").description).id == "sounds"
    assert "stranger_module" not in sys.modules
    with pytest.raises(StudioError, match="is a class"):
        found.record("class")


def test_a_plugin_may_name_its_own_interpreter(plugin_home: Callable[..., Path]) -> None:
    folder = plugin_home("echo")
    (folder / "echo.plugin.json").write_text('{"interpreter": "venv/bin/python"}', "utf-8")
    assert there(source_at(folder / "echo.py")).interpreter == str(
        folder / "venv" / "bin" / "python"
    )
    found = Registry()
    found.refresh()
    assert "cannot be started" in only(found).reason


@pytest.mark.skipif(os.name != "posix", reason="the script is POSIX")
@pytest.mark.parametrize(
    ("flags", "state"),
    # -E: it does not know where the studio is. -S: it has no site-packages, so no pluggy.
    [("-E", "ready"), ("-E -S", "failed")],
)
def test_another_interpreter_takes_the_studio_but_not_its_packages(
    plugin_home: Callable[..., Path], tmp_path: Path, flags: str, state: str
) -> None:
    folder = plugin_home("echo")
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" {flags} "$@"\n')
    bare.chmod(0o755)
    (folder / "echo.plugin.json").write_text(json.dumps({"interpreter": str(bare)}), "utf-8")
    found = Registry()
    found.refresh()
    record = only(found)
    assert record.state == state
    assert ("pluggy" in record.reason) is (state == "failed")


def test_folders_and_hidden_files_that_are_no_plugins_are_passed_over(
    plugin_home: Callable[..., Path],
) -> None:
    folder = plugin_home()
    for name in ("_private.py", ".hidden.py", "notes.txt"):
        (folder / name).write_text("")
    (folder / "data").mkdir()
    assert [source_at(path) for path in folder.iterdir()] == [None] * 4


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("link", "odd.py is a link to something that is not there"),
        ("loop", "odd.py is a link to something that is not there"),
        ("bare link", "odd is a link to something that is not there"),
        ("folder", "odd.py is a folder without an __init__.py"),
        ("pipe", "odd.py is not a file that can be read"),
    ],
)
def test_what_only_looks_like_a_plugin_is_listed_with_its_reason(
    plugin_home: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, kind: str, reason: str
) -> None:
    folder = plugin_home("echo")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "echo,odd")
    odd = folder / ("odd" if kind == "bare link" else "odd.py")
    if kind == "folder":
        odd.mkdir()
    elif kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to(odd if kind == "loop" else folder / "gone")
    found = Registry()
    found.refresh()
    records = {each.source.name: each for each in found.records if each.source.path}
    assert records["odd"].state == "failed"
    assert records["odd"].reason.startswith(reason)
    assert records["echo"].state == "ready"


def test_a_record_survives_json(registry: Callable[..., Registry]) -> None:
    record = registry("bars").record("bars")
    again = PluginRecord.from_json(json.loads(json.dumps(record.to_json())))
    assert again == record
    told: dict[str, Any] = {**record.source.to_json()}
    assert again.source == PluginSource(**told)


def test_a_plugin_that_hangs_while_it_is_imported_is_given_up(
    plugin_home: Callable[..., Path],
) -> None:
    folder = plugin_home()
    (folder / "slow.py").write_text("import time\ntime.sleep(600)\n", "utf-8")
    record = describe(there(source_at(folder / "slow.py")), seconds=2.0)
    assert record.state == "failed"
    assert record.reason == "The plugin slow did not say what it is within 2 seconds."


def test_finding_one_generator_does_not_start_the_others(
    registry: Callable[..., Registry],
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry("echo", "bad/raises_on_import")
    monkeypatch.setattr(describing, "describe", None)  # calling it would raise
    assert Registry().find("echo").title == "Echo"
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "raises_on_import")
    with pytest.raises(TypeError):
        Registry().find("echo")


def test_finding_a_generator_that_changed_describes_it_anew(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path]
) -> None:
    registry("echo")
    file = plugin_home() / "echo.py"
    file.write_text(file.read_text("utf-8").replace('"Echo"', '"Echo two"'), "utf-8")
    assert Registry().find("echo").title == "Echo two"
    with pytest.raises(StudioError, match="There is no generator"):
        Registry().find("echoes")
