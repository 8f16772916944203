from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="undecorated", title="Undecorated", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))


def edit(request):
    yield Candidate(Text("two"))
