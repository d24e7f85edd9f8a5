import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.tokens import tokens


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ang H200 ay $57bn.", ["Ang", "H200", "ay", "$", "57bn", "."]),
        ("1.234,56 zł", ["1.234,56", "zł"]),
        ("247\u00a0000 osób", ["247\u00a0000", "osób"]),
        ("w 2025\u00a0roku", ["w", "2025", "roku"]),
        ("٣٫٥٪ من", ["٣٫٥", "٪", "من"]),
        ("3-letni syn d'Ivry", ["3", "-", "letni", "syn", "d", "'", "Ivry"]),
        ("57亿美元 カナ", ["57", "亿", "美", "元", "カ", "ナ"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("ខ្មែរ", ["ខ្មែ", "រ"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("GPT4.5, v2.", ["GPT4.5", ",", "v2", "."]),
        ("13:20 snake_case", ["13", ":", "20", "snake", "_", "case"]),
        ("👍🏽!", ["👍", "🏽", "!"]),
        ("", []),
        (" \n\u00a0\u3000", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text())
def test_tokens_cover_all_but_white_space_in_order(text: str) -> None:
    at = 0
    for start, end in tokens(text):
        assert start < end
        assert not text[at:start].strip()
        assert text[start:end].strip() == text[start:end]
        at = end
    assert not text[at:].strip()
