"""Writes into the worker's own line, or breaks it: the prompt names the kind."""

import json
import os
import stat
import sys
import threading
import time

from aigc_studio.api import Candidate, Description, Message, Progress, Text, hookimpl

EVENT = b'{"is": "events", "run": %s, "events": %s}'


@hookimpl
def describe():
    return Description(id="speaks", title="Speaks", medium=Text)


def _lines():
    """The descriptors that are pipes and can be written to: one is the worker's own line."""
    import fcntl

    for number in range(3, 64):
        try:
            pipe = stat.S_ISFIFO(os.fstat(number).st_mode)
            if pipe and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                yield number
        except OSError:
            pass


def _say(data):
    for number in _lines():
        view = memoryview(data)
        while view:
            view = view[os.write(number, view) :]


def _run():
    """What the run is called in the line, as a plugin that looks for it would find it."""
    worker = sys.modules["aigc_studio.worker.process"].Worker
    import gc

    for each in gc.get_objects():
        if isinstance(each, worker) and each._outbox is not None:
            return each._outbox._run
    return 0


LINES = {
    "array": b"[]\n",
    "number": b"5\n",
    "null": b"null\n",
    "empty": b"\n",
    "garbage": b"\xff\xfe not json\n",
    "half": b'{"is": "eve',
    "nan": b'{"is": "beat", "x": NaN}\n',
    "deep": b"[" * 100_000 + b"]" * 100_000 + b"\n",
    "deep-object": b'{"is": "beat", "x": ' + b"[" * 80 + b"]" * 80 + b"}\n",
    "digits": b'{"is": "beat", "x": ' + b"9" * 10_000 + b"}\n",
    "no-kind": b"{}\n",
    "kind-list": b'{"is": ["events"]}\n',
    "unknown": b'{"is": "bogus"}\n',
    "no-run": b'{"is": "events", "events": []}\n',
    "other-run": b'{"is": "started", "run": 1}\n',
    "no-events": b'{"is": "events", "run": 1}\n',
    "loaded": b'{"is": "loaded", "description": null}\n',
    "long": b'{"is": "beat", "x": "' + b"x" * (17 << 20) + b'"}\n',
    "beats": b'{"is": "beat"}\n' * 200_000,
    "ended-other": b'{"is": "ended", "run": 3, "state": "done"}\n',
}
WITH_RUN = {
    "bogus-state": {"is": "ended", "state": "bogus"},
    "ended-bare": {"is": "ended", "state": "done"},
    "events-number": {"is": "events", "events": 5},
    "events-mapping": {"is": "events", "events": {"type": "message"}},
    "events-of-numbers": {"is": "events", "events": [1]},
    "event-empty": {"is": "events", "events": [{}]},
    "event-type": {"is": "events", "events": [{"type": ["candidate"]}]},
    "event-unknown": {"is": "events", "events": [{"type": "bogus"}]},
    "event-title": {"is": "events", "events": [{"type": "message", "text": 5}]},
    "event-file": {
        "is": "events",
        "events": [{"type": "preview", "artifact": {"medium": "text", "file": "../../x"}}],
    },
    "event-missing": {
        "is": "events",
        "events": [{"type": "preview", "artifact": {"medium": "text", "file": "none.txt"},
                    "step": 1, "title": ""}],
    },
    "event-shape": {
        "is": "events",
        "events": [{"type": "preview", "step": 1, "title": "",
                    "artifact": {"medium": "image", "shape": [10**30, 2], "data": ""}}],
    },
    "event-medium": {
        "is": "events",
        "events": [{"type": "preview", "step": 1, "title": "",
                    "artifact": {"medium": ["text"], "data": "eA=="}}],
    },
}  # fmt: skip


def _tamper(kind):
    if kind == "dumps":
        json.dumps = lambda *a, **k: "null"
    elif kind == "dumps-raises":
        json.dumps = None
    elif kind == "fence":
        from aigc_studio.worker.results import Fence

        Fence.passed = lambda self, event: event
    elif kind == "closed":
        for number in list(_lines()):
            os.close(number)
    elif kind == "thread":
        threading.Thread(target=_later, daemon=True).start()


def _later():
    time.sleep(0.3)
    _say(b"[]\n")


@hookimpl
def generate(request):
    kind = request.prompt
    if kind in LINES:
        _say(LINES[kind])
    elif kind in WITH_RUN:
        _say(json.dumps(WITH_RUN[kind] | {"run": _run()}).encode() + b"\n")
    else:
        _tamper(kind)
    if kind == "fence":
        yield Candidate(Text("x"), title={"en": 5}, strip=5)
    if kind == "thread":
        yield Candidate(Text("before"))
        return
    for n in range(200):
        time.sleep(0.05)
        yield Progress(n, 200)
    yield Message("still here")
    yield Candidate(Text("after"))
