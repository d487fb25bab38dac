"""Words that the edge will translate, said in places that know no reader."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark *text* for translation; it stays as it is until the edge passes it to gettext."""
    return text
