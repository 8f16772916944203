"""Where something broke: the last line of a plugin's own code on the way there."""

from __future__ import annotations

import inspect
import itertools
import linecache
import re
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio.api.fitting import plain_words
from aigc_studio.api.late_hooks import HookNotFound
from aigc_studio.translation import _

_STUDIO = Path(__file__).resolve().parents[1]
_MOST_WORDS = 500
_MOST_FRAMES = 1000
_escape = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_def = re.compile(r"\s*(async\s+)?def\s")
_frame = re.compile(
    r'^  File "(?P<file>.+)", line (?P<line>\d+) in (?P<function>\S+)', re.MULTILINE
)


@dataclass(frozen=True)
class Place:
    """A line in a plugin's own code: `file` is a path, `name` what to call the file."""

    file: str
    name: str
    line: int
    function: str

    def __str__(self) -> str:
        if self.function == "<module>":
            return _("{file}, line {line}").format(file=self.name, line=self.line)
        return _("{file}, line {line}, in {function}").format(
            file=self.name, line=self.line, function=self.function
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: what an `ended` carries of it."""
        return {"file": self.file, "line": self.line, "function": self.function}


def own_code(source: Mapping[str, Any], home: str) -> Path:
    """The file or folder that is the plugin's own code.

    `source` is a `PluginSource` as JSON, `home` the folder that its module lies in: for an entry
    point the whole package belongs to it.
    """
    if source["kind"] != "entry_point":
        return Path(source["path"]).resolve()
    package = str(source["target"]).partition(":")[0].partition(".")[0]
    for folder in (Path(home), *Path(home).parents):
        if folder.name == package:
            return folder
    return Path(home) / f"{package}.py"


def place_of(error: BaseException, root: Path) -> Place | None:
    """The last line of the plugin's own that `error` went through, if there is one: what Python
    could not read, the hook that names nothing, or the last frame."""
    error = _cause(error)
    frames = [
        (f.filename, f.lineno or 0, f.name) for f in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno or 0, "<module>"))
    elif isinstance(error, HookNotFound):
        frames.append((error.path or "", error.lineno, "<module>"))
    return last_own(frames, root)


def _cause(error: BaseException) -> BaseException:
    """The one error that a group holds: a group says nothing of itself."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def place_in(action: Any, root: Path) -> Place | None:
    """Where a generator stands, or the innermost one of the plugin's own that it waits for."""
    return last_own(_frames_of(action), root)


def stack_of(action: Any) -> str:
    """Where a generator stands, as a traceback says it; empty where it is none."""
    frames = [traceback.FrameSummary(*frame) for frame in _frames_of(action)]
    return "".join(traceback.format_list(frames))


def _frames_of(action: Any) -> list[tuple[str, int, str]]:
    frames: list[tuple[str, int, str]] = []
    # Not for ever: what has the attributes of a generator may be one that waits for itself.
    while (frame := getattr(action, "gi_frame", None)) is not None and len(frames) < _MOST_FRAMES:
        frames.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        action = action.gi_yieldfrom
    return frames


def place_of_function(function: Any, root: Path) -> Place | None:
    """Where a function of the plugin's own is defined: its `def`, below what decorates it."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return None
    file, line = code.co_filename, code.co_firstlineno
    if code.co_name != "<lambda>":  # which has no `def`, and the next one is another's
        lines = linecache.getlines(file)[line - 1 :]
        above = itertools.takewhile(lambda each: not _def.match(each), lines)
        beyond = sum(1 for _each in above)
        line += beyond if beyond < len(lines) else 0
    return last_own([(file, line, "<module>")], root)


def place_in_log(log: str, root: Path) -> Place | None:
    """The innermost own frame of the stack that a crash left in a worker's log."""
    stack = log[log.rfind("Current thread") :] if "Current thread" in log else log
    found = [
        (_unescaped(each["file"]), int(each["line"]), each["function"])
        for each in _frame.finditer(stack)
    ]
    return last_own(reversed(found), root)


def _unescaped(file: str) -> str:
    """A path as it is: faulthandler writes what is not ASCII as `\\u4e3b`."""
    if Path(file).exists():
        return file
    return _escape.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16)), file)


def last_own(frames: Iterable[tuple[str, int, str]], root: Path) -> Place | None:
    """The last of the frames (file, line, function) that lies in the plugin's own code."""
    found = None
    for file, line, function in frames:
        path = Path(file).resolve() if file else root.parent
        if _is_own(path, root):
            name = path.relative_to(root.parent).as_posix()
            found = Place(str(path), name, line, function)
    return found


def _is_own(path: Path, root: Path) -> bool:
    """Whether a file is the plugin's: in its folder, or beside the one file that it is."""
    if root.suffix == ".py" and "site-packages" not in root.parts:
        if path.parent == root.parent:
            return path.suffix == ".py"
        packages = path.relative_to(root.parent).parts[:1] if _lies_below(path, root.parent) else ()
        return any((root.parent / each / "__init__.py").is_file() for each in packages)
    return _lies_below(path, root)


def _lies_below(path: Path, folder: Path) -> bool:
    """A virtual environment within a plugin's folder is not its own code, nor is the studio."""
    if not path.is_relative_to(folder) or path.is_relative_to(_STUDIO):
        return False
    return "site-packages" not in path.relative_to(folder).parts


def at(problem: str, place: Place | None) -> str:
    """A problem with its place behind it, where that is known: to stand in a sentence."""
    if place is None:
        return problem
    # Python says it too, of what it cannot read.
    said = f" ({Path(place.file).name}, line {place.line})"
    return f"{problem.removesuffix(said)} ({place})"


def problem_of(error: BaseException) -> str:
    """`KeyError: 'a key'`: kind and words of an error, to stand in a sentence; without a dot."""
    error = _cause(error)
    try:
        words = plain_words(" ".join(str(error)[:_MOST_WORDS].split()), _MOST_WORDS).rstrip(". ")
    except BaseException:  # its own __str__ may be what is broken, or ends the process
        words = ""
    kind = kind_of(error)
    return f"{kind}: {words}" if words else kind


def kind_of(error: BaseException) -> str:
    """The name of an error's class, which its own metaclass may hide."""
    return plain_words(type.__dict__["__name__"].__get__(type(error)), 60)
