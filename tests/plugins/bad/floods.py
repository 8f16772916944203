"""Yields more than anybody asked for: the prompt says of what."""

from aigc_studio.api import (
    Candidate,
    Description,
    Message,
    Metric,
    Preview,
    Progress,
    Text,
    hookimpl,
)


@hookimpl
def describe():
    return Description(id="floods", title="Floods", medium=Text)


@hookimpl
def generate(request):
    kind, _colon, count = request.prompt.partition(":")
    for n in range(int(count or 0)):
        if kind == "candidates":
            yield Candidate(Text(f"{n}"))
        elif kind == "strip":
            yield Candidate(Text(f"{n}"), strip="one", position=n)
        elif kind == "messages":
            yield Message(f"message {n} " + "m" * 5000)
        elif kind == "names":
            yield Metric(f"metric {n}", float(n), n)
        elif kind == "previews":
            yield Preview(Text("p" * 15_000), n, f"preview {n}")
        else:
            yield Progress(n, int(count), "p" * 5000)
    yield Candidate(Text("after"))
