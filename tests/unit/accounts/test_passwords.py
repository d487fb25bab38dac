"""Which passwords are accepted, and that hashes tell nothing about who is there."""

import time
from statistics import median

import pytest

from qcc.accounts.passwords import hash_password, matches, refusals

KNOWN = [
    "hospital-a",
    "张三丰",
    "0571-87236114",
    "杭州市第一人民医院",
    "杭一医院",
    "广济医院",
]


def refused(password: str, known: list[str] | None = None) -> list[object]:
    return list(refusals(password, KNOWN if known is None else known))


@pytest.mark.parametrize(
    "password",
    [
        "seven lamps over an orchard",
        "wo jia men qian you liang ke shu",
        "两棵枣树立在我家院墙外面",
        "k7Qm2vXw9Lp4",
        "blue teapot seven rivers",
        "x" * 4 + "Vf8#kq2Lz9" + "y" * 114,
    ],
)
def test_good_passwords_are_accepted(password: str) -> None:
    assert refused(password) == []


def test_length_boundaries() -> None:
    assert refused("k7Qm2vXw9Lp")  # 11
    assert not refused("k7Qm2vXw9Lp4")  # 12
    long = "".join(f"k{n}Q" for n in range(60))
    assert not refused(long[:128])
    assert refused(long[:129])


@pytest.mark.parametrize(
    "password",
    [
        "123456123456",
        "123456789012",
        "000000000000",
        "1234567890!@#$",
        "20240101!!20240101",
        "Password@123",
        "P@ssw0rd1234",
        "Admin@123456",
        "Aa123456789012",
        "a123456789012",
        "qwertyuiopas",
        "1qaz2wsx3edc",
        "Qwer1234!@#$",
        "abcdefghijklm",
        "abcabcabcabc",
        "aaaaaaaaaaaab",
        "iloveyou1234567",
        "woaini1314520",
        "Zhongguo2024",
        "Yiyuan@123456",
        "Huawei@12345",
    ],
)
def test_common_and_regular_passwords_are_refused(password: str) -> None:
    assert refused(password, [])


@pytest.mark.parametrize(
    "password",
    [
        "杭州市第一人民医院2026年",
        "hangzhoushidiyirenminyiyuan",
        "x9 diyirenminyiyuan vq",
        "Hang-Zhou-Shi-Di-Yi 77 kq",
        "hzsdyrmyy-77-kqwz",
        "HZSDYRMYY-77-kqwz",
        "xq 0571-87236114 zv",
        "xq87236114zvkw!",
        "hangyiyiyuan 77 kqw",
        "guangjiyiyuan 77 kqw",
        "zhangsanfeng 77 kqw",
        "hospital-a 77 kqw zv",
        "hospitalA77kqwzv",
        "kq 张三丰 zvw 77 mm",
    ],
)
def test_what_others_know_is_refused(password: str) -> None:
    assert "organization" in str(refused(password)[0])


def test_initials_of_two_letters_do_not_forbid_anything() -> None:
    assert not refused("k7Qm zs 2vXw9Lp4", ["张三"])


def test_a_hash_fits_only_its_password() -> None:
    stored = hash_password("seven lamps over an orchard")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(stored, "seven lamps over an orchard")
    assert not matches(stored, "seven lamps over an orchard ")
    assert not matches("", "anything")
    assert not matches("not a hash", "anything")


def test_no_user_costs_as_much_as_a_wrong_password() -> None:
    stored = hash_password("seven lamps over an orchard")

    def cost(password_hash: str) -> float:
        times = []
        for _ in range(9):
            start = time.perf_counter()
            matches(password_hash, "wrong")
            times.append(time.perf_counter() - start)
        return median(times)

    known, unknown = cost(stored), cost("")
    assert 0.5 < unknown / known < 2
