"""The zoo in the shell: one sentence about one thing, and everything else works."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.api import Candidate, Description, Text
from aigc_studio.cli.naming import Names

Shell = Callable[..., tuple[int, str, str]]
LONG = "x" * 200
BAD = Path(__file__).parents[1] / "plugins" / "bad"


@pytest.fixture
def shell(plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    plugin_home("echo")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.mark.parametrize("kind", ["title_number", "title_of_number", "parameters_words"])
def test_odd_descriptions_leave_the_list_and_the_others_alone(
    shell: Shell, plugin_home: Callable[..., Path], tmp_path: Path, kind: str
) -> None:
    folder = plugin_home()
    name = f"describes_{kind}"
    shutil.copy(BAD / "describes.py", folder / f"{name}.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGC_STUDIO_PLUGINS", f"echo,{name}")
        for _time in range(2):  # the second time from the cache
            status, out, err = shell("plugins", "list", "--json")
            assert status == 0, err
            states = {each["id"]: each["state"] for each in json.loads(out)["plugins"]}
            assert states["echo"] == "ready"
        status, _out, err = shell("generate", "echo", "--prompt", "x", "--out", tmp_path / "out")
        assert status == 0, err
        if kind == "parameters_words":
            assert shell("generate", "parameters-words", "--parameters")[0] == 0


def test_the_list_says_where_a_plugin_of_ones_own_goes(
    shell: Shell, plugin_home: Callable[..., Path]
) -> None:
    folder = plugin_home()
    status, out, _err = shell("plugins", "list")
    assert status == 0
    assert out.splitlines()[-1] == f"Your own plugins go into {folder}"
    assert json.loads(shell("plugins", "list", "--json")[1]).keys() == {"plugins", "no_plugins"}


def test_a_strips_name_is_no_path() -> None:
    names = Names(Path("/out"), Description(id="a", title="A", medium=Text))
    odd = ("/../../../escaped", "morph 3/8", "morph 3-8", "..", "", "a\\b", "con:", "é 数字", LONG)
    paths = [
        names.path(Candidate(Text("x"), strip=strip, position=n, seed=5))
        for n, strip in enumerate(odd)
    ]
    assert {path.parent for path in paths} == {Path("/out")}
    assert len({path.name for path in paths}) == len(odd)
    assert all(len(path.name.encode()) < 200 for path in paths)
    assert paths[2].name == "a-5-morph 3-8-002.txt"
    assert "é 数字" in paths[7].name


def test_a_strip_with_a_path_is_written_into_its_folder(
    shell: Shell, plugin_home: Callable[..., Path], tmp_path: Path
) -> None:
    (plugin_home() / "strips.py").write_text(
        "from aigc_studio.api import Candidate, Description, Text, hookimpl\n"
        "@hookimpl\ndef describe():\n    return Description(id='strips', title='S', medium=Text)\n"
        "@hookimpl\ndef generate(request):\n"
        "    yield Candidate(Text('one'), strip='/../../../escaped')\n"
        "    yield Candidate(Text('two'), strip='morph 3/8', position=1)\n",
        "utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGC_STUDIO_PLUGINS", "strips")
        status, _out, err = shell("generate", "strips", "--out", tmp_path / "a" / "b" / "c")
    assert status == 0, err
    made = {path.parent for path in tmp_path.rglob("*.txt")}
    assert made == {tmp_path / "a" / "b" / "c"}


@pytest.fixture
def tales(shell: Shell, tmp_path: Path) -> str:
    """The name of a small dataset of texts."""
    source = tmp_path / "tales.txt"
    source.write_text("The fox runs.\nThe hen sits.\n" * 20, encoding="utf-8")
    assert shell("data", "import", source, "--name", "tales", "--medium", "text")[0] == 0
    return "tales"


@pytest.mark.parametrize("kind", ["nan", "inf", "none", "text", "list", "many", "best", "keys"])
def test_odd_metrics_of_a_checkpoint_cost_no_training(
    shell: Shell, tales: str, plugin_home: Callable[..., Path], kind: str
) -> None:
    plugin_home("bad/trains")
    words = ("train", "trains", "--data", tales, "--steps", 2, "--out", "m", "--kind", kind)
    status, out, err = shell(*words, "--json")
    assert status == 0, err
    assert json.loads(out)["model"] == "m"
    assert "Something broke" not in err


@pytest.mark.parametrize("kind", ["step", "step-negative", "card", "card-nan", "sparse"])
def test_a_checkpoint_that_cannot_be_kept_is_one_sentence(
    shell: Shell, tales: str, plugin_home: Callable[..., Path], kind: str
) -> None:
    plugin_home("bad/trains")
    words = ("train", "trains", "--data", tales, "--steps", 2, "--out", "m", "--kind", kind)
    status, _out, err = shell(*words)
    assert status == 1
    assert "The plugin Trains did not keep to the rules: " in err
    assert "Free up" not in err
