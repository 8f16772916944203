"""What is said to a person is found for translating."""

import ast
from pathlib import Path

import aigc_studio

_ROOT = Path(aigc_studio.__file__).parent


def _within(node: ast.AST) -> list[str]:
    """The places of `_(…)` within f-strings, where the extraction does not look."""
    return [
        ast.unparse(call)
        for string in ast.walk(node)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
    ]


def test_no_sentence_for_a_person_hides_in_an_f_string() -> None:
    hidden = {
        path.name: found
        for path in _ROOT.rglob("*.py")
        if (found := _within(ast.parse(path.read_text("utf-8"))))
    }
    assert not hidden
