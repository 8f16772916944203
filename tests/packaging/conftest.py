"""Workers of the tests of what is written about plugins are forked (`nursery`)."""

from nursery import workers

__all__ = ["workers"]
