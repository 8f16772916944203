"""pip in a process of its own, which ends when it is not wanted any more. Its settings hold."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

from aigc_studio.api import Progress, StudioError, limits
from aigc_studio.api.fitting import plain_words
from aigc_studio.programs import Program, Stalled, why_untrusted
from aigc_studio.translation import _, enumerated

_OUTPUT = 200_000
"""Characters of what it said that are looked at, from the end."""


class PipFailed(StudioError):
    """pip could not do it; `output` is what it said."""

    def __init__(self, sentence: str, output: str = "") -> None:
        super().__init__(sentence)
        self.output = output


def pip(
    words: Sequence[str], scratch: Path, text: str, python: str = ""
) -> Generator[Progress, None, str]:
    """Run pip with these words, for the Python of this process or for another; what it said.

    Yields Progress some ten times a second. Closing the generator ends pip and all that it
    started. Its temporary files lie in `scratch`. Raises `PipFailed`.
    """
    for_another = ["--python", python] if python else []
    command = [
        sys.executable, "-P", "-m", "pip", *for_another, *words,
        "--no-input", "--disable-pip-version-check", "--no-color",
    ]  # fmt: skip
    return (yield from run(command, scratch, text))


def run(command: Sequence[str], scratch: Path, text: str) -> Generator[Progress, None, str]:
    """Run a command of Python's own tools; what it said. Raises `PipFailed`, and `OSError`."""
    temporary = scratch / "temporary"
    temporary.mkdir(exist_ok=True)
    with Program(command, scratch / "log", _environment(temporary)) as program:
        try:
            for _arrived in program.arriving(scratch, every=1.0):
                yield Progress(0, 0, text)
        except Stalled:
            raise PipFailed(_unreachable()) from None
    said = program.said[-_OUTPUT:]
    if program.status:
        raise PipFailed(plain_words(reason(said), limits.SENTENCE), said)
    return said


def _environment(temporary: Path) -> dict[str, str]:
    """The person's settings, but for those that would put a package somewhere else."""
    own = {
        "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_REQUIRE_HASHES": "0",
        "TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary),
        "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_REPORT", "PIP_QUIET")
    kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
    return {**kept, **own}


_NO_NETWORK = (
    "NewConnectionError", "Name or service not known", "Temporary failure in name resolution",
    "Max retries exceeded", "ConnectTimeout", "ReadTimeout", "Connection broken", "IncompleteRead",
)  # fmt: skip
_NONE_FITS = ("No matching distribution found", "Could not find a version that satisfies")


def reason(said: str) -> str:
    """What to tell a person of what pip said when it failed."""
    if "No module named pip" in said:
        return _("pip is missing in this Python: install pip, and try again.")
    if "No space left" in said or "Errno 28" in said:
        return _("The disk is full: free up space, and try again.")
    if "DO NOT MATCH THE HASHES" in said:
        return _("What came is not the file that was announced, so nothing was kept: try again.")
    if "is not a supported wheel on this platform" in said:
        return _(
            "It was built for another Python or another system: look for a wheel for this one."
        )
    if "requires a different Python" in said:
        return _other_python(said)
    if "ResolutionImpossible" in said:
        return _no_agreement(said)
    if untrusted := why_untrusted(said):
        return untrusted
    if any(sign in said for sign in _NO_NETWORK):
        return _unreachable()
    if any(sign in said for sign in _NONE_FITS):
        return _none_fits(said)
    return _("pip could not do it: {problem}.").format(problem=_last_error(said).rstrip("."))


def _other_python(said: str) -> str:
    told = said.partition("requires a different Python:")[2].partition("\n")[0]
    here, _not_in, wanted = told.partition(" not in ")
    sentence = _(
        "It is for Python {wanted}, and the studio runs on {here}: ask its author for one for this "
        "Python."
    )
    return sentence.format(wanted=wanted.strip().strip("'\""), here=here.strip())


def _no_agreement(said: str) -> str:
    lines = said.partition("The conflict is caused by:")[2].partition("\n\n")[0].splitlines()
    asked = [each.replace("The user requested", "").strip() for each in lines if each.strip()]
    sentence = _("Nothing fits all that is required: {requirements}.")
    return sentence.format(requirements=enumerated(dict.fromkeys(asked), 4))


def _none_fits(said: str) -> str:
    named = said.partition("that satisfies the requirement ")[2].partition("\n")[0]
    named = (named or said.partition("distribution found for ")[2]).partition("(from versions")[0]
    sentence = _(
        "There is no wheel of {name} for this Python and this system where pip looks: check the "
        "name, choose a wheel that you have, or name the folder that it is in by PIP_FIND_LINKS."
    )
    return sentence.format(name=named.partition("\n")[0].strip())


def _last_error(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.partition(":")[2].strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [_("it said nothing")])[-1][:300]


def _unreachable() -> str:
    return _("The package index cannot be reached: check the network, or choose a wheel.")
