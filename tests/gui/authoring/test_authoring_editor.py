"""How editors are told of a line."""

import pytest

from aigc_studio.ui.authoring.editor import words_for


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", []),
        ("code", ["code", "--goto", "/a b/m.py:7"]),
        ("/usr/bin/gvim -f", ["/usr/bin/gvim", "-f", "+7", "/a b/m.py"]),
        ("kate", ["kate", "--line", "7", "/a b/m.py"]),
        ("mine --at {line} '{file}'", ["mine", "--at", "7", "/a b/m.py"]),
        ("mine {file}", ["mine", "/a b/m.py"]),
        ("unknown", ["unknown", "/a b/m.py"]),
        ("it's", ["it's", "/a b/m.py"]),
    ],
)
def test_an_editor_gets_the_file_and_where_it_can_the_line(command: str, words: list[str]) -> None:
    assert words_for(command, "/a b/m.py", 7) == words
