from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="misspelt-hook", title="Misspelt", medium=Text)


@hookimpl
def genrate(request):
    yield Candidate(Text("one"))
