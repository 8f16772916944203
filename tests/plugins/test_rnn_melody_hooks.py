"""What RNN melody says of itself, and that saying it costs nothing."""

import subprocess
import sys
from pathlib import Path

import rnn_melody
from rnn_melody.hooks import WORK

from aigc_studio.api import Description
from aigc_studio.api.hookspecs import HOOKS

WITHOUT_TORCH = """
import sys
import rnn_melody
rnn_melody.describe().to_json()
sys.exit(int("torch" in sys.modules or "numpy" in sys.modules))
"""


def test_describing_imports_neither_torch_nor_numpy() -> None:
    path = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], env=path, check=False)
    assert done.returncode == 0


def test_the_hooks_stay_hooks_when_everything_is_imported() -> None:
    import rnn_melody.composing.continuing
    import rnn_melody.composing.generating
    import rnn_melody.training.learning

    assert all(callable(getattr(rnn_melody, name)) for name in HOOKS)


def test_the_readme_names_every_module() -> None:
    folder = Path(rnn_melody.__file__).parent
    told = (folder / "README.md").read_text("utf-8")
    assert [each.name for each in folder.glob("[!_]*.py") if f"`{each.name}`" not in told] == []


def test_the_description_crosses_the_border() -> None:
    described = rnn_melody.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    edits = [operation.id for operation in back.of_verb("edit")]
    assert edits == ["recompose", "continue", "vary", "answer", "transpose", "like"]
    assert {each.operation for each in back.starters} == {"generate", "recompose"}


def test_every_operation_has_its_function() -> None:
    listed = {each.id for each in rnn_melody.describe().operations if each.verb != "train"}
    assert listed <= set(WORK)
