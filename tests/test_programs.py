"""Programs that work into a folder: how far they are, what they say, and that they end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aigc_studio import family, programs
from aigc_studio.programs import Program, Stalled

PARENT = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
"""


def program(code: str, folder: Path, *words: str) -> Program:
    return Program([sys.executable, "-c", code, *words], folder / "log", os.environ)


def test_its_status_and_all_that_it_said_are_kept(tmp_path: Path) -> None:
    code = "import sys; print('done'); sys.stderr.write('badly'); sys.exit(3)"
    with program(code, tmp_path) as running:
        assert list(running.arriving(tmp_path))[:1] == [0]
    assert running.status == 3
    assert sorted(running.said.split()) == ["badly", "done"]


@pytest.mark.skipif(os.name != "posix", reason="statuses of POSIX")
@pytest.mark.parametrize("system", ["posix", "win32"])
def test_what_it_started_ends_with_it(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if system == "win32":  # where no group of processes can be ended
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.delattr(os, "killpg")
    told = tmp_path / "pid"
    with program(PARENT, tmp_path, str(told)) as running:
        for _arrived in running.arriving(tmp_path):
            if told.is_file() and told.read_text():
                break
    assert running.status < 0
    child = int(told.read_text())
    while family.is_alive(child):  # the system tells of it a moment later
        time.sleep(0.01)


def test_one_that_brings_nothing_more_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "PATIENCE", 0.0)
    with (
        pytest.raises(Stalled),
        program("import time; time.sleep(600)", tmp_path) as running,
    ):
        list(running.arriving(tmp_path))
    assert running.status < 0


@pytest.mark.parametrize("sign", ["certificate has expired", "npm ERR! code CERT_NOT_YET_VALID"])
def test_a_certificate_of_another_day_may_be_the_clocks_fault_or_the_servers(
    monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setattr("time.strftime", lambda _form: "1970-01-01")
    said = programs.why_untrusted(f"SSLError: {sign}")
    assert "If today is not 1970-01-01, set the clock; if it is, try again later." in said
    assert programs.why_untrusted("Name or service not known") == ""


STUDIO = """
import os, sys, threading
from pathlib import Path
from aigc_studio.programs import Program
place = Path(sys.argv[1])
code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
def fetch():
    with Program([sys.executable, "-c", code], place / "log", os.environ) as running:
        list(running.arriving(place))
threading.Thread(target=fetch).start()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells of a parent's end")
def test_it_ends_with_a_studio_that_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    studio = subprocess.Popen([sys.executable, "-c", STUDIO, str(tmp_path)])
    while not (log.is_file() and log.read_text().endswith("\n")):
        assert studio.poll() is None
        time.sleep(0.01)
    pid = int(log.read_text())
    assert family.is_alive(pid)
    studio.kill()
    studio.wait()
    while family.is_alive(pid):
        time.sleep(0.01)


def test_one_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Program(["no-such-program"], tmp_path / "log", os.environ)
