"""The network is used when a person asks to fetch a sample pack, and never else (promise 8)."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

WATCH = """
import os, sys

_names = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def _watch(event, arguments):
    # Sockets of this machine's own files are how processes speak with one another.
    if event not in _names or isinstance(arguments[-1], (bytes, str)):
        return
    with open(os.environ["NETWORK_LOG"], "a") as log:
        log.write(f"{event} {arguments[1:]} in {sys.argv}\\n")


sys.addaudithook(_watch)
"""

# What a person does without asking for anything of the network: open, look, generate, close.
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from aigc_studio import app
application = app.make_application()
window = app.open_window(application, later=False)
studio = window.studio
jobs = []
def go_on():
    if studio.errands.under_way or not studio.registry.records or not studio.models:
        return
    if not jobs:
        window.panel.choose("gan-digits")
        window.panel.run_action.trigger()
        jobs.extend(studio.jobs.jobs)
    elif all(job.state.ended for job in jobs):
        print(*(job.state.name for job in jobs), "PySide6.QtNetwork" in sys.modules)
        window.closing.allowed = True
        window.close()
        application.quit()
timer = QTimer(interval=50)
timer.timeout.connect(go_on)
timer.start()
application.exec()
"""


def watched(words: list[str], folder: Path) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run Python with `words`; what it and its workers asked of the network, a line each."""
    watch = folder / "watch"
    watch.mkdir(exist_ok=True)
    (watch / "sitecustomize.py").write_text(WATCH)
    log = folder / "network.log"
    log.write_text("")
    environment = dict(os.environ) | {
        "NETWORK_LOG": str(log),
        "PYTHONPATH": os.pathsep.join(map(str, (watch, ROOT, ROOT / "plugins"))),
        "AIGC_STUDIO_PLUGINS": "gan-digits",
    }
    done = subprocess.run(
        [sys.executable, *words],
        env=environment, capture_output=True, text=True, timeout=80, check=False,
    )  # fmt: skip
    return done, log.read_text()


def test_it_would_be_seen(tmp_path: Path) -> None:
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('0.0.0.0', 9))"
    assert "socket.connect" in watched(["-c", code], tmp_path)[1]


def test_the_window_asks_nothing_of_the_network(tmp_path: Path) -> None:
    done, asked = watched(["-c", WINDOW], tmp_path)
    assert done.stdout.split() == ["DONE", "False"], done.stderr
    assert asked == ""


def test_the_shell_asks_nothing_of_the_network(tmp_path: Path) -> None:
    for words in (
        ["plugins", "list"],
        ["models", "list"],
        ["data", "list"],
        ["generate", "gan-digits", "--prompt", "7", "--out", str(tmp_path / "out")],
    ):
        done, asked = watched(["-m", "aigc_studio", *words], tmp_path)
        assert done.returncode == 0, done.stderr
        assert asked == "", words
