"""The conformance kit: what a generator must keep to, checked through a real worker."""

from aigc_studio.testing.datasets import draw, write_dataset

__all__ = ["draw", "write_dataset"]
