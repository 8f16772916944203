"""Yields words, numbers and artifacts that do not fit: the prompt names the kind."""

from aigc_studio.api import (
    Annotation,
    Candidate,
    Description,
    GeneratorError,
    Image,
    Melody,
    Message,
    Metric,
    Note,
    Preview,
    Progress,
    Span,
    Text,
    hookimpl,
)

HUGE = 10**30
LONG = "x" * 1_000_000
MARKUP = "<b>bold</b><img src='x'>"


class Loud(str):
    """A string that is not what it seems."""

    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


@hookimpl
def describe():
    return Description(id="says", title="Says", medium=Text)


def _words():
    yield "title-none", lambda: Candidate(Text("kept"), title=None)
    yield "title-number", lambda: Candidate(Text("kept"), title=5)
    yield "title-of-number", lambda: Candidate(Text("kept"), title={"en": 5})
    yield "title-half", lambda: Candidate(Text("kept"), title={"en": "made", "zh": None})
    yield "title-pairs", lambda: Candidate(Text("kept"), title=[["en", "x"]])
    yield "title-keys", lambda: Candidate(Text("kept"), title={5: "made", None: "x"})
    yield "title-long", lambda: Candidate(Text("kept"), title=LONG)
    yield "title-lines", lambda: Candidate(Text("kept"), title="a\n" * 5000)
    yield "title-odd", lambda: Candidate(Text("kept"), title="\ud800\0\x1b[31m\u202eabc\u2028")
    yield "title-markup", lambda: Candidate(Text("kept"), title=MARKUP)
    yield "title-loud", lambda: Candidate(Text("kept"), title=Loud("loud"))
    yield "strip-long", lambda: Candidate(Text("kept"), strip=LONG, title="s")
    yield "message-none", lambda: Message(None)
    yield "message-long", lambda: Message(LONG)
    yield "message-level", lambda: Message("said", level="<b>shout</b>")
    yield "message-level-list", lambda: Message("said", level=["info"])
    yield "message-markup", lambda: Message(MARKUP)
    yield "progress-text", lambda: Progress(1, 2, 7)
    yield "progress-long", lambda: Progress(1, 2, LONG)
    yield "progress-large", lambda: Progress(10**17, 10**18, "far")
    yield "preview-title", lambda: Preview(Text("p"), 1, {"en": ["a"]})
    yield "preview-text", lambda: Preview(Text(LONG), 1)
    yield "preview-picture", lambda: Preview(_picture(3000, 2000), 1)
    yield "preview-melody", lambda: Preview(_melody(20_000), 1)
    yield "metric-name", lambda: Metric(LONG, 1.0)
    yield "metric-nan", lambda: Metric("loss", float("nan"))
    yield "metric-inf", lambda: Metric("loss", float("inf"), -5)


def _refused():
    yield "progress-huge", lambda: Progress(HUGE, HUGE)
    yield "progress-negative", lambda: Progress(-5, -10)
    yield "progress-none", lambda: Progress(None)
    yield "metric-step", lambda: Metric("x", 1.0, HUGE)
    yield "metric-huge", lambda: Metric("x", 10**400)
    yield "metric-name-none", lambda: Metric(None, 1.0)
    yield "position", lambda: Candidate(Text("x"), position=HUGE, strip="s")
    yield "seed", lambda: Candidate(Text("x"), seed=10**40)
    yield "strip", lambda: Candidate(Text("x"), strip=5)
    yield "probability", lambda: Candidate(Text("x"), probability=float("nan"))
    yield "latent", lambda: Candidate(Text("x"), latent="latent")
    yield "text-number", lambda: Candidate(Text(5))
    yield "text-long", lambda: Candidate(Text("é" * (33 << 20)))
    yield "picture", lambda: Candidate(_picture(9000, 8000))
    yield "annotation", lambda: Annotation(Span(0, HUGE), 0.5)
    yield "annotation-value", lambda: Annotation(Span(0, 1), float("nan"))
    yield "annotation-part", lambda: Annotation("all", 0.5)
    yield "notes", lambda: Candidate(_melody(100_001))
    yield "ticks", lambda: Candidate(Melody((Note(0, HUGE, 60),), ticks_per_quarter=HUGE))


def _picture(width, height):
    import numpy as np

    return Image(np.zeros((height, width), np.uint8))


def _melody(notes):
    return Melody(tuple(Note(n * 10, 10, n % 128) for n in range(notes)))


WORDS, REFUSED = dict(_words()), dict(_refused())


@hookimpl
def generate(request):
    kind = request.prompt
    if kind == "error":
        raise GeneratorError(LONG, zh=5, parameter=["prompt"])
    if kind == "error-loud":
        raise ValueError(Loud("loud"))
    if kind == "error-long":
        raise ValueError(LONG)
    if kind in WORDS or kind in REFUSED:
        yield (WORDS | REFUSED)[kind]()
    yield Candidate(Text("after"))
