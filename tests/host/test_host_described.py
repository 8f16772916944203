"""What plugins say of themselves: one that says odd things never hurts another, nor the list."""

import json
import runpy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kinds import there

from aigc_studio import folders
from aigc_studio.api import Description, GenerateRequest, limits
from aigc_studio.host import Registry, RunState, WorkerPool
from aigc_studio.host.plugin_files import source_at
from aigc_studio.translation import localized
from aigc_studio.ui.forms.schema import fields_of
from aigc_studio.worker.plugin import Plugin, PluginRefused, join

ZOO = Path(__file__).parents[1] / "plugins" / "bad" / "describes.py"
TABLES = runpy.run_path(str(ZOO))
SOME = ("title_none", "title_of_number", "models_number", "schema_deep", "parameters_many")
MENDED = ("summary_number", "title_markup", "version_number")


def joined(folder: Path, kind: str) -> Plugin:
    """The plugin of this kind, joined as a worker does it."""
    file = folder / f"describes_{kind}.py"
    shutil.copy(ZOO, file)
    return join(there(source_at(file)).to_json())


@pytest.mark.parametrize("kind", TABLES["KINDS"])
def test_what_cannot_be_used_is_refused_with_one_sentence(tmp_path: Path, kind: str) -> None:
    with pytest.raises(PluginRefused) as caught:
        joined(tmp_path, kind)
    assert f"describes_{kind}" in caught.value.reason
    assert len(caught.value.reason) < 400
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("kind", TABLES["FINE"])
def test_what_can_be_mended_is(tmp_path: Path, kind: str) -> None:
    document = joined(tmp_path, kind).document
    assert len(json.dumps(document, allow_nan=False)) < 200_000
    crossed = Description.from_json(json.loads(json.dumps(document)))
    assert crossed == Description.from_json(crossed.to_json())
    assert len(localized(crossed.title)) <= limits.TITLE
    assert len(localized(crossed.summary)) <= limits.SENTENCE
    for operation in crossed.operations:
        fields = fields_of(operation.schema)
        assert all(isinstance(each.label, str) and each.stride > 0 for each in fields)


def test_half_translations_are_told_to_the_author(tmp_path: Path) -> None:
    plugin = joined(tmp_path, "title_half")
    assert plugin.description.title == {"en": "Half"}
    assert plugin.description.summary == {"en": "s"}
    assert len(plugin.warnings) == 2
    assert "the title of its Description has no words in zh" in plugin.warnings[0]


@pytest.mark.parametrize(
    ("version", "said"), [(2, "needs version 2"), (0, "was made for version 0")]
)
def test_another_version_of_the_interface_is_said(tmp_path: Path, version: int, said: str) -> None:
    file = tmp_path / "other_version.py"
    file.write_text(
        "from aigc_studio.api import Candidate, Description, Text, hookimpl\n"
        "@hookimpl\ndef describe():\n"
        f"    return Description(id='v', title='V', medium=Text, api_version={version})\n"
        "@hookimpl\ndef generate(request):\n    yield Candidate(Text('x'))\n",
        "utf-8",
    )
    with pytest.raises(PluginRefused, match=said) as caught:
        join(there(source_at(file)).to_json())
    assert caught.value.state == "incompatible"


@pytest.mark.parametrize(
    "line",
    [b"[]", b'{"is": "loaded", "description": null}', b'{"is": "beat"} x',
     b'{"is": "loaded", "description": {}, "home": "", "warnings": [], "torch": false}',
     b'{"is": "events", "run": 1, "events": []}'],
    ids=range(5),
)  # fmt: skip
def test_what_is_written_into_the_line_while_it_is_imported_is_one_sentence(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], line: bytes
) -> None:
    file = plugin_home() / "early.py"
    told = (ZOO.parent / "speaks.py").read_text("utf-8")
    file.write_text(f"{told}\n\n_say({line!r} + b'\\n')\ntime.sleep(5)\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGC_STUDIO_PLUGINS", "early,echo")
        found = registry("echo")
    records = {record.source.name: record for record in found.records}
    assert records["echo"].state == "ready"
    assert records["early"].state == "failed"
    assert "The plugin early did not keep to the rules: " in records["early"].reason


@pytest.fixture
def zoo(plugin_home: Callable[..., Path]) -> Iterator[Registry]:
    """A registry of odd plugins, and a good one among them."""
    folder = plugin_home("echo")
    names = [f"describes_{kind}" for kind in (*SOME, *MENDED)]
    for name in names:
        shutil.copy(ZOO, folder / f"{name}.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGC_STUDIO_PLUGINS", ",".join(["echo", *names]))
        yield Registry()


def test_odd_plugins_hurt_neither_the_list_nor_the_others(zoo: Registry, pool: WorkerPool) -> None:
    zoo.refresh()
    states = {record.source.name: record.state for record in zoo.records}
    assert states.pop("echo") == "ready"
    assert {name for name, state in states.items() if state == "failed"} == {
        f"describes_{kind}" for kind in SOME
    }
    assert all(isinstance(record.title, str) for record in zoo.records)
    again = Registry()
    again.load_cached()
    assert len(again.records) == len(zoo.records)
    run = pool.start(again.record("echo"), "generate", GenerateRequest(prompt="x"))
    assert run.wait(30)
    assert run.state is RunState.DONE
    version = there(again.record("version-number").description).version
    assert version == "2"


def _no_title(document: dict[str, Any]) -> None:
    document["description"]["title"] = {"en": 5}


def _no_operations(document: dict[str, Any]) -> None:
    document["description"]["operations"] = [5]


def _no_source(document: dict[str, Any]) -> None:
    document["source"] = None


def _odd_reason(document: dict[str, Any]) -> None:
    document["reason"] = 5


@pytest.mark.parametrize("change", [_no_title, _no_operations, _no_source, _odd_reason])
def test_a_cached_record_that_does_not_fit_is_described_anew(
    registry: Callable[..., Registry], change: Callable[[dict[str, Any]], None]
) -> None:
    registry("echo", "needs_model")
    cache = folders.cache_folder() / "plugins.json"
    document = json.loads(cache.read_text("utf-8"))
    change(next(each for each in document["records"] if each["source"]["name"] == "echo"))
    cache.write_text(json.dumps(document), "utf-8")
    found = Registry()
    found.load_cached()
    names = [record.source.name for record in found.records]
    assert "echo" not in names
    assert "needs_model" in names
    found.refresh()
    assert found.record("echo").title == "Echo"
    assert found.record("needs-model").state == "ready"
