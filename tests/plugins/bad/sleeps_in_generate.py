import os
import time
from pathlib import Path

from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="sleeps-in-generate", title="Sleeps", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    if "AIGC_HANGS_AT" in os.environ:
        Path(os.environ["AIGC_HANGS_AT"]).touch()
    time.sleep(3600)
