"""Surfaces without offsets find their places, by the rule and whatever comes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.grounding import ground, unit_of

CASES = [
    ("Ann met Bob", ["Bob", "Ann"], [(8, 11), (0, 3)]),
    ("Ann met Ann", ["Ann", "Ann"], [(0, 3), (8, 11)]),
    ("Ann met Ann", ["Ann"] * 3, [(0, 3), (8, 11), None]),
    # the longest goes first, wherever it stands in the list
    ("China Mobile is in China", ["China", "China Mobile"], [(19, 24), (0, 12)]),
    # a whole token goes before a part of one, and a part is better than nothing
    ("57 of 7", ["7"], [(6, 7)]),
    ("57 of 8", ["7"], [(1, 2)]),
    ("الصين وبالصين", ["الصين", "الصين"], [(0, 5), (8, 13)]),
    # composed and decomposed are one
    ("café", ["cafe\u0301"], [(0, 4)]),
    ("aaa", ["aa", "aa"], [(0, 2), None]),
    ("Ann", ["ann", "", "Anna"], [None, None, None]),
    ("", ["a"], [None]),
    (" ", ["a"], [None]),
    ("东京和东京", ["东京", "东京"], [(0, 2), (3, 5)]),
]


@pytest.mark.parametrize(("text", "surfaces", "expected"), CASES)
def test_ground(text: str, surfaces: list[str], expected: list[tuple[int, int] | None]) -> None:
    assert ground(text, surfaces) == expected


def test_taken_places_are_not_given_away() -> None:
    assert ground("Ann met Ann", ["Ann"], [(0, 3)]) == [(8, 11)]
    assert ground("Ann met Ann", ["Ann"], [(2, 9)]) == [None]


@given(st.text("ab ", max_size=30), st.lists(st.text("ab ", min_size=1, max_size=4), max_size=8))
def test_places_hold_their_surfaces_and_do_not_overlap(text: str, surfaces: list[str]) -> None:
    places = ground(text, surfaces)
    found = sorted(p for p in places if p is not None)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    for surface, place in zip(surfaces, places, strict=True):
        if place is not None:
            assert text[place[0] : place[1]] == surface
    # the order of different surfaces of different length plays no part
    if len({len(s) for s in surfaces}) == len(surfaces):
        assert ground(text, surfaces[::-1]) == places[::-1]


def test_many_equal_surfaces() -> None:
    places = ground("a " * 20_000, ["a"] * 40_000)
    assert places[:20_000] == [(2 * n, 2 * n + 1) for n in range(20_000)]
    assert set(places[20_000:]) == {None}


@pytest.mark.parametrize(
    ("text", "start", "end", "surface", "expected"),
    [
        ("é Ann", 2, 5, "Ann", ""),
        ("é Ann", 3, 6, "Ann", "bytes"),
        ("😀 Ann", 3, 6, "Ann", "UTF-16 units"),
        ("😀 Ann", 5, 8, "Ann", "bytes"),
        ("é Ann", 0, 3, "Ann", ""),
    ],
)
def test_unit_of(text: str, start: int, end: int, surface: str, expected: str) -> None:
    assert unit_of(text, start, end, surface) == expected
