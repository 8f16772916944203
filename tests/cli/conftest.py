"""The shell as a test calls it, in its own process; its workers are true processes, which are
forked (`nursery`)."""

import pytest
from described import describe_once, find_packages_once


@pytest.fixture(autouse=True)
def described_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test plugin is asked once for its description, and each command told it."""
    if request.node.get_closest_marker("processes") is None:
        describe_once(monkeypatch)
        find_packages_once(monkeypatch)
