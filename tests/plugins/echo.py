from collections.abc import Iterator

from aigc_studio.api import Candidate, Description, GenerateRequest, Text, hookimpl


@hookimpl
def describe() -> Description:
    return Description(id="echo", title="Echo", medium=Text)


@hookimpl
def generate(request: GenerateRequest) -> Iterator[Candidate]:
    for n in range(request.count):
        yield Candidate(Text(f"{request.prompt} {request.seed + n}"))
