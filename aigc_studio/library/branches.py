"""A tree of folders with the number of files in each, to see which of them hold parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Folders = tuple[str, ...]

_FEW = 10
"""Files that are fewer than one in so many of what lies beside them do not count for the layout."""


@dataclass(eq=False)
class Branch:
    """A folder: its path from the top, how many files lie in it, how many in and below it."""

    path: Folders = ()
    files: int = 0
    total: int = 0
    inner: dict[str, Branch] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the folder is called; empty for the top."""
        return self.path[-1] if self.path else ""

    @property
    def only(self) -> Branch | None:
        """The only folder in it; None when there are none or several."""
        return next(iter(self.inner.values())) if len(self.inner) == 1 else None

    def below(self) -> Iterator[Branch]:
        """This folder and all below it, each before those in it."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            yield branch
            waiting += branch.inner.values()

    def at(self, path: Folders) -> Branch:
        """The folder at this path. Raises `KeyError` when there is none."""
        branch = self
        for name in path:
            branch = branch.inner[name]
        return branch

    def take(self, path: Folders) -> Branch:
        """Take a folder out of the tree, and what is below it."""
        gone = self.at(path)
        for length in range(len(path)):
            self.at(path[:length]).total -= gone.total
        del self.at(path[:-1]).inner[path[-1]]
        return gone

    def has_few_files(self) -> bool:
        """Whether the files in it are stray ones beside what lies in its folders."""
        fewest = min((each.total for each in self.inner.values()), default=0)
        return self.files <= fewest or self.files * _FEW <= self.total - self.files


def grown(counts: Mapping[Folders, int]) -> Branch:
    """The tree of these folders, by how many files lie in each."""
    top = Branch()
    for path, count in sorted(counts.items()):
        branch = top
        branch.total += count
        for length, name in enumerate(path, 1):
            branch = branch.inner.setdefault(name, Branch(path[:length]))
            branch.total += count
        branch.files += count
    return top
