"""Workers of the tests of plugins are forked (`nursery`)."""

from nursery import workers

__all__ = ["workers"]
