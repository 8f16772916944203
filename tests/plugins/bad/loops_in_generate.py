from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="loops-in-generate", title="Loops", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    while True:
        pass
