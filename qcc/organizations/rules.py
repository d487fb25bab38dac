"""What the word of an issuer (机关代字) is unless its staff chose another."""

from collections.abc import Iterator

COMMISSION, EVALUATION_CENTER = "卫医质", "医评"
LONGEST_WORD = 20

_ENDINGS = ("自治县", "自治州", "地区", "市", "区", "县", "旗", "盟")


def stem(name: str) -> str:
    """A place's name without the word for what it is: 杭州市 → 杭州, but 东区 stays."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def document_words(abbreviation: str, places: list[str], office: str) -> Iterator[str]:
    """Words for an authority, the usual one first; the later ones for when others have it.

    *abbreviation* is that of the province (浙); *places* are the names of the city, or of city
    and county; none for a province. *office* is what the authority is: 卫医质.
    """
    if not places:
        yield f"{abbreviation}{office}"
        return
    stems = [stem(name) for name in places]
    if len(places) == 1:
        yield f"{stems[0][0]}{office}"
    yield f"{stems[-1]}{office}"
    yield f"{''.join(stems)}{office}"
    yield f"{abbreviation}{''.join(stems)}{office}"
