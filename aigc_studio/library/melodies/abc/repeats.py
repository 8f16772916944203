"""Repeats and endings: what is written, in the order in which it is played."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.library.melodies.abc.elements import Bar, Change, Element, Sound


def played(elements: Sequence[Element], most: int) -> list[Element] | None:
    """Every repeat written out, with its endings; None when that gives more than `most` elements.

    A repeat without a beginning starts at the last double bar line, or at the beginning.
    """
    order: list[Element] = []
    place = start = 0
    turn = 1
    ending: frozenset[int] = frozenset()
    known: set[int] = set()
    is_passed = False
    while place < len(elements):
        if len(order) > most:
            return None
        element = elements[place]
        place += 1
        order.append(element)
        if not isinstance(element, Bar):
            is_passed = False
            continue
        known |= element.endings
        ends, is_passed = element.ends and not is_passed, False
        if ends and _goes_back(elements, place, turn, known, element):
            turn, place, ending = turn + 1, start, frozenset()
            continue
        follows = _follows(elements, place)
        if element.closes and not (element.endings or (follows and ending)):
            start, turn, ending, known = place, 1, frozenset(), set()
        if element.endings:
            ending = element.endings
            if turn not in element.endings:
                place, is_passed = _behind_ending(elements, place), True
    return order


def _goes_back(
    elements: Sequence[Element], place: int, turn: int, known: set[int], bar: Bar
) -> bool:
    """Whether what lies before is played once more: as often as it has endings, if it has any."""
    if not known:
        return turn <= bar.ends
    return turn + 1 in known or turn + 1 in _follows(elements, place)


def _follows(elements: Sequence[Element], place: int) -> frozenset[int]:
    """The endings that begin here, before any note."""
    for element in elements[place : place + 4]:
        if isinstance(element, Sound):
            break
        if isinstance(element, Bar) and element.endings:
            return element.endings
    return frozenset()


def _behind_ending(elements: Sequence[Element], place: int) -> int:
    """Where an ending that is not played is over: at the next ending, or behind its last bar."""
    for at in range(place, len(elements)):
        element = elements[at]
        if isinstance(element, Bar):
            if element.endings:
                return at
            if element.closes:
                return at + 1
    return len(elements)


def once(elements: Sequence[Element]) -> list[Element]:
    """Everything once, and of several endings the last, so that the sections follow each other as
    they do when the tune is played."""
    order: list[Element] = []
    place = 0
    while place < len(elements):
        element = elements[place]
        place += 1
        if isinstance(element, Bar) and element.endings:
            behind = _behind_ending(elements, place)
            after = elements[behind] if behind < len(elements) else None
            is_next = isinstance(after, Bar) and bool(after.endings)
            if is_next or _follows(elements, behind):
                order += [each for each in elements[place:behind] if isinstance(each, Change)]
                order.append(Bar(is_double=True))
                place = behind
                continue
        order.append(element)
    return order
