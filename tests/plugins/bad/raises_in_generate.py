from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="raises-in-generate", title="Raises", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    raise RuntimeError("the second one went wrong")
