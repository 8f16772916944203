"""`pytest -p forked`: workers are forked (`nursery`) in a run of its own, of a stranger's tests."""

from collections.abc import Iterator

import pytest
from nursery import forked_workers


@pytest.fixture(autouse=True, scope="class")
def workers(request: pytest.FixtureRequest) -> Iterator[None]:
    """For a class at once: its tests may share a worker."""
    with forked_workers():
        yield
