"""Several processes that train together: process 0 speaks with the studio, the others follow it.

On one machine the studio asks for them (`PROCESSES`): the worker becomes torch's own launcher,
which starts this module's script so many times. Across machines a person's torchrun does that, once
on each. Process 0 hands what it was asked to the others, so that all of them do the same.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from aigc_studio import folders, translation
from aigc_studio.api.errors import GeneratorError, StudioError
from aigc_studio.api.events import Checkpoint, Event, Metric
from aigc_studio.translation import _, localized
from aigc_studio.worker.action import prepare
from aigc_studio.worker.outcomes import Outcome
from aigc_studio.worker.plugin import Plugin, PluginRefused, join
from aigc_studio.worker.seeds import seed_everything

if TYPE_CHECKING:
    from aigc_studio.api.requests import Request

PROCESSES = "AIGC_STUDIO_PROCESSES"
"""How many processes the studio asks a worker to be."""
MEETING = "AIGC_STUDIO_MEETING"
"""A path for the files by which those on one machine find each other."""
FOLLOW = "AIGC_STUDIO_FOLLOW"
"""The module path of a process that only follows, where torchrun has started the studio itself."""
_EXPLAINED_SECONDS = 2.0
"""How long process 0 waits for another to say why it has ended."""


def wanted() -> int:
    """How many processes the studio asks for; 1 for a worker as any other."""
    told = os.environ.get(PROCESSES, "")
    return int(told) if told.isdecimal() else 1


def size() -> int:
    """How many processes a launcher has started, this one among them."""
    told = os.environ.get("WORLD_SIZE", "")
    return int(told) if told.isdecimal() else 1


def number() -> int:
    """Which of them this one is, from 0."""
    told = os.environ.get("RANK", "")
    return int(told) if told.isdecimal() else 0


def launch(script: str) -> None:
    """Become torch's launcher, when several processes are asked for and torch is here.

    The processes inherit this one's lines to the studio: number 0 takes them.
    """
    if wanted() == 1 or importlib.util.find_spec("torch") is None:
        return
    meeting = os.environ[MEETING]
    words = [
        sys.executable, "-P", "-m", "torch.distributed.run",
        "--nnodes", "1", "--nproc-per-node", str(wanted()), "--max-restarts", "0",
        # They find each other by a file: no port is opened for that.
        "--rdzv-backend", "c10d", "--rdzv-conf", "store_type=file",
        "--rdzv-endpoint", f"{meeting}-launcher", "--local-addr", "127.0.0.1",
        "--monitor-interval", "0.1",
        "--no-python", sys.executable, "-P", script,
    ]  # fmt: skip
    os.execv(sys.executable, words)


def follows() -> bool:
    """Whether this process does what process 0 says, and speaks with nobody."""
    return FOLLOW in os.environ or (wanted() > 1 and number() > 0)


def lead(source: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    """Meet the others and hand them the plugin and the request. Raises `StudioError`."""
    if size() == 1:
        raise StudioError(
            _("Several processes need torch, and it is not installed: train with one process.")
        )
    from aigc_studio.toolkit import distributed

    distributed.join_group()
    told = {"paths": sys.path, "source": source, "request": request}
    distributed.share_words(json.dumps(told))


def end_launcher() -> None:
    """All is said and done: the launcher need not look for what is left, as the warden does.

    It would take its time over that, and the studio waits.
    """
    if wanted() > 1 and size() > 1 and sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.kill(os.getppid(), signal.SIGKILL)


def check_shared(event: Event) -> None:
    """Raise `StudioError` when something was learned that the processes do not share.

    Each would train by itself, and all but one for nothing.
    """
    if size() == 1 or not isinstance(event, Metric | Checkpoint):
        return
    distributed = sys.modules.get("aigc_studio.toolkit.distributed")
    if distributed is None or (distributed.world_size() > 1 and not distributed.shares()):
        raise StudioError(
            _(
                "This plugin cannot train on several processes, as it does not use the toolkit's "
                "training loop: train with one process."
            )
        )


def explained(outcome: Outcome) -> Outcome:
    """What process 0 tells of its failure: the cause, if another process had it."""
    if size() == 1 or outcome.state != "failed" or outcome.mendable:
        return outcome
    due = time.monotonic() + _EXPLAINED_SECONDS
    lost = _lost_another(outcome)
    while lost and time.monotonic() < due:
        told = _told_fault()
        if told is not None:
            return replace(outcome, **told)
        time.sleep(0.05)
    if not lost:
        return outcome
    sentence = _(
        "Another of the {count} processes of this training has ended, so it cannot go on. What was "
        "saved is kept."
    )
    return replace(outcome, sentence=sentence.format(count=size()), place=None)


def _lost_another(outcome: Outcome) -> bool:
    told = outcome.details.lower()
    signs = ("gloo", "nccl", "connection closed by peer", "connection reset", "distbackend")
    return any(each in told for each in signs)


def _told_fault() -> dict[str, Any] | None:
    """What another process on this machine has written of its failure."""
    meeting = Path(os.environ.get(MEETING, ""))
    for path in sorted(meeting.parent.glob(f"{meeting.name}-fault-*.json")) if meeting.name else ():
        try:
            told = json.loads(path.read_text("utf-8"))
            return {"sentence": str(told["sentence"]), "details": str(told["details"]),
                    "mendable": bool(told["mendable"]), "place": None}  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            continue  # it is being written
    return None


# The others


def follow() -> NoReturn:
    """Do what process 0 is asked, until it ends; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from aigc_studio.worker.warden import end_with_parent

    end_with_parent()
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    status = 0
    try:
        _train()
    except BaseException as error:
        status = 1
        _tell_fault(error)
    sys.stderr.flush()
    os._exit(status)


def _train() -> None:
    if FOLLOW in os.environ:
        sys.path[:] = json.loads(os.environ[FOLLOW])
    from aigc_studio.toolkit import distributed
    from aigc_studio.worker.warmth import step_back

    step_back()  # as process 0 does
    distributed.join_group()
    told = json.loads(distributed.share_words(""))
    if FOLLOW not in os.environ:
        sys.path[:] = told["paths"]
    document = told["request"]
    translation.set_language(str(document.get("language", "en")))
    plugin = join(told["source"])
    request = _own_request(plugin, document)
    seed_everything(request.seed, request.threads)
    for _event in plugin.call("train", request):
        pass


def _own_request(plugin: Plugin, document: dict[str, Any]) -> Request:
    """The request as this process has it: it writes elsewhere, and its data may lie elsewhere."""
    meeting = os.environ.get(MEETING)
    own = f"{meeting}-{number()}" if meeting else tempfile.mkdtemp(prefix="aigc-studio-")
    folder = Path(own)
    folder.mkdir(parents=True, exist_ok=True)
    data = document.get("dataset")
    if data:
        data = data | {"path": str(_here(Path(data["path"])))}
    return prepare(plugin.description, document | {"folder": str(folder), "dataset": data})


def _here(path: Path) -> Path:
    """A dataset's folder on this machine: the same path, or of that name in this library."""
    if path.exists():
        return path
    own = folders.data_folder() / "datasets" / path.name
    if own.exists():
        return own
    sentence = _(
        "The dataset {name} is not on this machine: import it here under this name, or put it "
        "where all machines can read it."
    )
    raise StudioError(sentence.format(name=path.name))


def _tell_fault(error: BaseException) -> None:
    """Write why this process ends: for process 0 on the same machine, and into the log."""
    details = "".join(traceback.format_exception(error))
    mendable = isinstance(error, StudioError | GeneratorError | PluginRefused)
    if isinstance(error, GeneratorError) and error.zh:
        sentence = localized({"en": str(error), "zh": error.zh})
    else:
        sentence = str(error) if mendable else f"{type(error).__name__}: {error}"
    if not mendable and _lost_another(Outcome("failed", details=details)):
        print(details, file=sys.stderr)  # noqa: T201  (process 0 has the cause)
        return
    if not mendable:
        told = _("One of the processes of this training broke: {problem}.")
        sentence = told.format(problem=sentence.rstrip("."))
    print(sentence if FOLLOW in os.environ else details, file=sys.stderr)  # noqa: T201
    if meeting := os.environ.get(MEETING):
        document = {"sentence": sentence, "details": details, "mendable": mendable}
        Path(f"{meeting}-fault-{number()}.json").write_text(json.dumps(document), "utf-8")
