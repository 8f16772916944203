import os

from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="exits", title="Exits", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    os._exit(3)
