"""`plugins new` and `plugins path`: what is written, what is said, and that it can be done next."""

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.cli.parser import build_parser

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(
    plugin_home: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """Call it with words for (status, standard output, standard error), in a folder of its own."""
    plugin_home()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", "")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "my_one,fresh_one")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_path_is_the_folder_and_makes_it(shell: Shell, tmp_path: Path) -> None:
    status, out, _err = shell("plugins", "path")
    folder = Path(out.strip())
    assert (status, folder.is_dir(), folder.name) == (0, True, "plugins")
    assert json.loads(shell("plugins", "path", "--json")[1]) == {"folder": str(folder)}
    shutil.rmtree(folder)
    folder.write_text("")
    status, _out, err = shell("plugins", "path")
    assert status == 2
    assert err.startswith(f"aigc-studio: The plugin folder {folder} cannot be created (")


def test_a_new_one_is_told_with_commands_that_work(shell: Shell) -> None:
    status, out, _err = shell("plugins", "new", "my one", "--medium", "melody")
    folder = shell("plugins", "path")[1].strip()
    path = shlex.quote(f"{folder}/my_one.py")
    assert status == 0
    assert out.splitlines() == [
        f"my one is written: {folder}/my_one.py",
        "",
        "See it in a window, and change it while it runs:",
        f"    aigc-studio plugins dev {path}",
        "Let it make something:",
        "    aigc-studio generate my-one --count 3 --out results",
        "See what it still lacks:",
        f"    aigc-studio plugins check {path}",
    ]
    commands = _commands(out)
    assert shell(*commands[1])[0] == 0
    assert len(list(Path("results").glob("*.mid"))) == 3
    assert shell(*commands[2], "--only", "description,schemas")[0] == 0
    build_parser().parse_args(commands[0])


@pytest.mark.parametrize("flags", [("--package",), ("--out", "a folder"), ("--package", "--torch")])
def test_elsewhere_it_is_named_by_its_path(shell: Shell, flags: tuple[str, ...]) -> None:
    status, out, _err = shell("plugins", "new", "Fresh one", "--medium", "text", *flags)
    assert status == 0
    commands = _commands(out)
    for command in commands:
        build_parser().parse_args(command)
    place = commands[0][-1]
    assert Path(place).exists()
    assert ["--plugin", place] in [command[1:3] for command in commands]
    if "--torch" not in flags:
        assert shell(*commands[1])[0] == 0
        assert len(list(Path("results").glob("*.txt"))) == 3
    else:
        assert commands[1] == ["data", "fetch", "shakespeare"]
        assert commands[2][-4:] == ["--data", "shakespeare", "--minutes", "1"]
    assert commands[-1] == ["plugins", "check", place]


def test_json_tells_the_same(shell: Shell) -> None:
    status, out, _err = shell("plugins", "new", "Mine", "--medium", "image", "--json")
    told = json.loads(out)
    assert (status, told["plugin"]["id"], told["plugin"]["title"]) == (0, "mine", "Mine")
    assert Path(told["plugin"]["path"]).is_file()
    assert [line.split()[1] for line in told["next"]] == ["plugins", "generate", "plugins"]


def test_what_cannot_be_done_is_one_sentence(shell: Shell) -> None:
    assert shell("plugins", "new", "Mine")[0] == 0
    folder = shell("plugins", "path")[1].strip()
    taken = f"{folder}/mine.py already exists: give the plugin another name, or take that away"
    status, _out, err = shell("plugins", "new", "mine")
    assert (status, taken in err) == (2, True)
    status, _out, err = shell("plugins", "new", "!")
    assert (status, err) == (2, "aigc-studio: Give the plugin a name, such as my-plugin.\n")
    status, _out, err = shell("plugins", "new", "mine", "--medium", "smell")
    assert (status, "--medium must be one of text, image, melody, not smell." in err) == (2, True)


def test_the_id_of_a_plugin_that_is_there_is_refused(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell("plugins", "new", "my one")[0] == 0
    assert shell("plugins", "list")[0] == 0
    status, _out, err = shell("plugins", "new", "My One!", "--out", "elsewhere")
    assert status == 2
    assert "The id my-one is taken by the plugin " in err
    assert not Path("elsewhere").exists()


def _commands(out: str) -> list[list[str]]:
    """What it says to type next, without the name of the shell."""
    lines = [line.strip() for line in out.splitlines() if line.startswith("    ")]
    return [shlex.split(line)[1:] for line in lines]
