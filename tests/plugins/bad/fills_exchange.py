"""Leaves its run's folder so that it is hard to remove: the prompt names the kind, and for `link` a
folder that is to take its place."""

import os

from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="fills-exchange", title="Fills its exchange", medium=Text)


def deep(folder, _place):
    """Deeper than a path can say, and than Python calls itself."""
    os.chdir(folder)
    for _level in range(3000):
        os.mkdir("d")
        os.chdir("d")
    os.chdir("/")


def shut(folder, _place):
    """Nobody but root may look into it."""
    (folder / "a" / "b").mkdir(parents=True)
    os.chmod(folder / "a" / "b", 0)
    os.chmod(folder / "a", 0)


def link(folder, place):
    """What belongs to somebody else lies behind its path."""
    os.rename(folder.parent, f"{folder.parent}-gone")
    os.symlink(place, folder.parent)


def many(folder, _place):
    """More files than anybody looks at."""
    for n in range(20_000):
        (folder / str(n)).touch()


def odd(folder, _place):
    """Names and kinds that are no plain files."""
    for name in (b"\xff\xfe", b"a\nb", b"x" * 255, b"-rf", b" "):
        open(os.path.join(os.fsencode(folder), name), "w").close()
    os.mkfifo(folder / "pipe")
    os.symlink(".", folder / "loop")


KINDS = {each.__name__: each for each in (deep, shut, link, many, odd)}


@hookimpl
def generate(request):
    kind, _space, place = request.prompt.partition(" ")
    yield Candidate(Text("before"))
    if kind in KINDS:
        KINDS[kind](request.folder, place)
    yield Candidate(Text("after"))
