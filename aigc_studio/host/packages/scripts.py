"""The comment block `# /// script` of a single file (PEP 723)."""

from __future__ import annotations

import re
import tomllib

_block = re.compile(r"(?m)^# /// script\s*$\n(?P<lines>(?:^#(?: .*)?$\n?)+?)^# ///\s*$")


def script_dependencies(code: str) -> tuple[str, ...]:
    """The requirements that a file says it has. Raises `ValueError` for a block that is no TOML."""
    found = _block.search(code)
    if found is None:
        return ()
    lines = "".join(line[2:] + "\n" for line in found["lines"].splitlines())
    told = tomllib.loads(lines).get("dependencies")
    return tuple(str(each) for each in told) if isinstance(told, list) else ()
