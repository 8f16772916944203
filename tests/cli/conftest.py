"""The shell as a test calls it, in its own process or in one that is forked (`shells`); its workers
are true processes."""

import subprocess
from collections.abc import Iterator

import pytest
from described import describe_once, find_packages_once
from nursery import is_forked
from shells import Popen


@pytest.fixture(autouse=True)
def forked_shells(request: pytest.FixtureRequest) -> Iterator[None]:
    """`python -m aigc_studio …` is forked."""
    with pytest.MonkeyPatch.context() as patch:
        if is_forked(request.node):
            patch.setattr(subprocess, "Popen", Popen)
        yield


@pytest.fixture(autouse=True)
def described_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test plugin is asked once for its description, and each command told it."""
    if request.node.get_closest_marker("processes") is None:
        describe_once(monkeypatch)
        find_packages_once(monkeypatch)
