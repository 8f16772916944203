"""`aigc-studio`: without a verb the window opens, with one the shell's command runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.host import PluginSource

VERBS = (
    "plugins",
    "generate",
    "edit",
    "train",
    "evaluate",
    "data",
    "models",
    "tour",
    "-h",
    "--help",
    "--version",
)


def main(argv: list[str] | None = None) -> int:
    """Run with the words after the program's name; returns the exit status."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_streams()
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in VERBS:
        from aigc_studio import cli

        cli.heed_signals()
        return cli.main(words, _develop)
    if any(word.partition("=")[0] == "--plugin" for word in words):
        from aigc_studio import cli

        taken = cli.take_plugin(list(words))
        if isinstance(taken, int):
            return taken
        words = taken
    if words and not words[0].startswith("-") and not _is_file(words[0]):
        from aigc_studio import cli

        return cli.refuse_word(words[0])
    if not _has_display():
        from aigc_studio import cli

        return cli.refuse_window()
    from aigc_studio import app

    return app.run(words)


def _open_streams() -> None:
    """Have the three streams of every process, though the shell has closed some (`2>&-`).

    The next file that is opened would get the number of one that is closed, and whatever a library
    or a worker writes to that stream would stand in the file.
    """
    import os

    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _develop(source: PluginSource, **wishes: Any) -> int:
    """Open a window for a plugin that is being written."""
    from aigc_studio import app, cli

    if not _has_display():
        return cli.refuse_window(f"aigc-studio plugins check {source.path}")
    return app.develop(source, **wishes)


def _has_display() -> bool:
    """Whether a window can open: without this Qt aborts the process."""
    import os

    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_file(word: str) -> bool:
    import os

    return os.path.exists(word) or word.lower().endswith(".aigc")


if __name__ == "__main__":
    sys.exit(main())
