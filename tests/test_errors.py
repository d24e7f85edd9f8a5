import pytest

from hexapla.errors import (
    CheckFailed,
    ConfigDiffers,
    Fault,
    HexaplaError,
    InputError,
    MissingExtra,
    ProjectChanged,
    ServerError,
    TokenRefused,
    WrongAddress,
    need,
)

FULL = Fault("bad-x", "a.txt:3", "an x", "a y", "write y")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (FULL, "a.txt:3: an x; expected a y. Write y [bad-x]"),
        (Fault("bad-x", "a.txt", "an x"), "a.txt: an x [bad-x]"),
        (Fault("bad-x", "a.txt", "an x", fix="write y"), "a.txt: an x. Write y [bad-x]"),
    ],
)
def test_a_fault_tells_place_finding_expectation_and_fix(fault: Fault, text: str) -> None:
    assert str(fault) == text


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (HexaplaError, 3),
        (InputError, 3),
        (CheckFailed, 1),
        (MissingExtra, 4),
        (ServerError, 5),
        (TokenRefused, 6),
        (WrongAddress, 7),
        (ProjectChanged, 8),
        (ConfigDiffers, 9),
    ],
)
def test_exit_codes(kind: type[HexaplaError], code: int) -> None:
    assert kind(FULL).exit_code == code
    assert isinstance(kind(FULL), HexaplaError)


def test_an_error_carries_all_its_faults_one_a_line() -> None:
    other = Fault("bad-z", "b.txt", "a z")
    error = InputError(f for f in (FULL, other))
    assert error.faults == (FULL, other)
    assert str(error).splitlines() == [str(FULL), str(other)]


def test_a_missing_extra_is_named_with_its_install_command() -> None:
    with pytest.raises(MissingExtra, match=r"pip install 'hexapla\[labelstudio\]'"):
        need("no_such_module_at_all", "labelstudio")
    assert need("json", "any").dumps(1) == "1"
