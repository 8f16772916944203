"""Workers of the tests of packages are forked (`nursery`)."""

from nursery import workers

__all__ = ["workers"]
