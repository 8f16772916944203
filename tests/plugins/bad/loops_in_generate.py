import os
from pathlib import Path

from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="loops-in-generate", title="Loops", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    if "AIGC_HANGS_AT" in os.environ:
        Path(os.environ["AIGC_HANGS_AT"]).touch()
    while True:
        pass
