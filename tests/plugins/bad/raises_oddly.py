"""Fails with errors that break whoever looks at them, and yields objects that do: the prompt names
the kind."""

import sys
import threading
import time

from aigc_studio.api import (
    Candidate,
    Description,
    GeneratorError,
    Message,
    Metric,
    Preview,
    Progress,
    StudioError,
    Text,
    hookimpl,
)
from aigc_studio.wire import InvalidRequest


class Nameless(type):
    """Its classes do not say what they are called."""

    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Speechless(Exception, metaclass=Nameless):
    """Whoever asks for its words is ended."""

    def __str__(self):
        raise SystemExit(2)

    __repr__ = __str__


class Mute(GeneratorError):
    """A sentence for the person that there is not."""

    def __init__(self):
        self.zh = 5
        self.parameter = b"x"

    def __str__(self):
        raise KeyboardInterrupt


class Numbers(StudioError):
    """A sentence that is a number."""

    def __str__(self):
        return 5


class Ends(str):
    """A text whose every use ends the process."""

    def __getitem__(self, key):
        raise SystemExit(3)

    def __len__(self):
        raise KeyboardInterrupt


class Whole(int):
    """A number whose every use ends the process."""

    def __index__(self):
        raise SystemExit(5)

    def __lt__(self, other):
        raise KeyboardInterrupt

    __le__ = __gt__ = __ge__ = __lt__


class Real(float):
    """A float that ends the process."""

    def __float__(self):
        raise SystemExit(9)


class Endless(dict):
    """A mapping that goes on for ever."""

    def items(self):
        while True:
            yield "en", "x"

    def __len__(self):
        return -1


class Elsewhere(Text):
    """A text that only the thread which made it may read."""

    def __init__(self):
        pass

    @property
    def value(self):
        if threading.current_thread() is not threading.main_thread():
            raise SystemExit(1)
        return "x"


class Waits:
    """An action that looks like a generator which waits for itself."""

    gi_frame = property(lambda self: sys._getframe())
    gi_yieldfrom = property(lambda self: self)

    def __iter__(self):
        return self

    def __next__(self):
        return 5


def circle():
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    return first


RAISED = {
    "nameless": Speechless,
    "mute": Mute,
    "numbers": Numbers,
    "empty": lambda: GeneratorError(""),
    "blank": lambda: StudioError("  \n "),
    "invalid": lambda: InvalidRequest({5: None, "x" * 10_000: "y" * 10_000}),
    "circle": circle,
    "group": lambda: ExceptionGroup("g" * 100_000, [ValueError("x" * 100_000)] * 50),
    "exit": lambda: SystemExit(0),
    "close": lambda: GeneratorExit(),
    "base": lambda: BaseException("b" * 1_000_000),
}
YIELDED = {
    "str": lambda: Message(Ends("abc")),
    "int": lambda: Progress(Whole(1), Whole(2)),
    "float": lambda: Metric("m", Real(1)),
    "dict": lambda: Candidate(Text("x"), title=Endless(en="x")),
    "position": lambda: Candidate(Text("x"), position=2**60),
    "latent": lambda: Candidate(Text("x"), latent=memoryview(b"x")),
}


@hookimpl
def describe():
    return Description(id="raises-oddly", title="Raises oddly", medium=Text)


@hookimpl
def generate(request):
    if request.prompt == "waits":
        return Waits()
    return _made(request.prompt)


def _made(kind):
    if kind == "beat":
        for step in range(60):
            yield Preview(Elsewhere(), step)
            time.sleep(0.01)
    yield Candidate(Text("before"))
    if kind in RAISED:
        raise RAISED[kind]()
    if kind in YIELDED:
        yield YIELDED[kind]()
    yield Candidate(Text("after"))
