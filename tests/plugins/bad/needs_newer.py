from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="needs-newer", title="Newer", medium=Text, api_version=99)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))


@hookimpl
def dream(request):
    yield Candidate(Text("a hook of the future"))
