from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="echo", title="Echo", medium=Text)


@hookimpl
def generate(request):
    for n in range(request.count):
        yield Candidate(Text(f"{request.prompt} {request.seed + n}"))
