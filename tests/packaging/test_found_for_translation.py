"""What is said to a person is found for translating."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

import aigc_studio

_ROOT = Path(aigc_studio.__file__).parent


Told = list[tuple[str, list[ast.JoinedStr | ast.Raise]]]


def _told(text: str) -> list[ast.JoinedStr | ast.Raise]:
    """What in this code may say something: its f-strings, and what it raises."""
    nodes = ast.walk(ast.parse(text))
    return [each for each in nodes if isinstance(each, (ast.JoinedStr, ast.Raise))]


@pytest.fixture(scope="module")
def told() -> Told:
    """That of each file of the package, which is read once for both tests."""
    return [(path.name, _told(path.read_text("utf-8"))) for path in _ROOT.rglob("*.py")]


def _within(nodes: Iterable[ast.AST]) -> list[str]:
    """The places of `_(…)` within f-strings, where the extraction does not look."""
    return [
        ast.unparse(call)
        for string in nodes
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
    ]


def _of_one_word(nodes: Iterable[ast.AST]) -> list[str]:
    """The errors of the system that are raised with words of ours, untranslated and without a
    number: `error.strerror or error` brings those into a sentence."""
    return [
        ast.unparse(each.exc)
        for each in nodes
        if isinstance(each, ast.Raise)
        and isinstance(each.exc, ast.Call)
        and ast.unparse(each.exc.func).endswith(("OSError", "IOError", "FileError", "ExistsError"))
        and any(isinstance(word, ast.JoinedStr) or _is_text(word) for word in each.exc.args)
    ]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_no_error_of_the_system_has_words_of_ours_that_are_not_translated(told: Told) -> None:
    found = {name: errors for name, nodes in told if (errors := _of_one_word(nodes))}
    # Python asks a loader for bytecode, and takes this as an answer.
    assert found == {"finding.py": ["OSError('no bytecode')"]}
    assert _of_one_word(_told("raise OSError(f'{rows} rows are cut off')"))
    assert not _of_one_word(_told("raise OSError(None, _('it is cut off'))"))


def test_no_sentence_for_a_person_hides_in_an_f_string(told: Told) -> None:
    assert not {name: found for name, nodes in told if (found := _within(nodes))}
    assert _within(_told("f'{_(word)} {number}'")) == ["_(word)"]
