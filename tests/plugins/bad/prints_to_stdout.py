import os
import sys

from aigc_studio.api import Candidate, Description, Text, hookimpl

print("a print while it is imported")  # noqa: T201


@hookimpl
def describe():
    return Description(id="prints-to-stdout", title="Prints", medium=Text)


@hookimpl
def generate(request):
    print('{"is": "ended", "run": 1, "state": "failed"}')  # noqa: T201
    sys.__stdout__.write("through the old stream\n")
    os.write(1, b"through the descriptor\n")
    os.system("echo through a child")
    yield Candidate(Text(repr(sys.stdin.read())))
