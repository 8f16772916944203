import time

from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="sleeps-in-generate", title="Sleeps", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    time.sleep(3600)
