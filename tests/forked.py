"""`pytest -p forked`: workers are forked (`nursery`) in a run of its own, of a stranger's tests."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from nursery import forked_workers


@pytest.fixture(autouse=True)
def workers(request: pytest.FixtureRequest) -> Iterator[None]:
    """But where something is to come out alike in another process (`nursery.is_forked`)."""
    alike = request.node.name == "test_same_seed"
    with nullcontext() if alike else forked_workers():
        yield
