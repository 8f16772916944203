import faulthandler

from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="crashes", title="Crashes", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    faulthandler._sigsegv()
