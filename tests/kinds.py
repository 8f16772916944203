"""Values whose kind a test knows and a type does not say: each fails where it is another."""

from typing import TypeVar

from aigc_studio.api import Image, Mask, Melody, Text

T = TypeVar("T")


def there(value: T | None) -> T:
    """What must not be None."""
    assert value is not None
    return value


def known(kind: type[T], value: object) -> T:
    """What must be of this kind."""
    assert isinstance(value, kind)
    return value


def an_image(value: object) -> Image:
    """What must be a picture."""
    return known(Image, value)


def a_text(value: object) -> Text:
    """What must be a text."""
    return known(Text, value)


def a_melody(value: object) -> Melody:
    """What must be a melody."""
    return known(Melody, value)


def a_mask(value: object) -> Mask:
    """What must be a mask."""
    return known(Mask, value)
