"""`pytest -p forked`: workers are forked (`nursery`) in a run of its own, of a stranger's tests."""

from collections.abc import Iterator

import pytest
from nursery import forked_workers, is_alike


@pytest.fixture(autouse=True)
def workers(request: pytest.FixtureRequest) -> Iterator[None]:
    """All of them."""
    with forked_workers(again=is_alike(request.node)):
        yield
