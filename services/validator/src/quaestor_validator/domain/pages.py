"""Where each rule is explained."""

__all__ = ["page_of"]

_FOLDER = "docs/rules"


def page_of(code: str) -> str:
    """Give the page of a finding's code, as a path in this repository.

    Schema faults share one page, because the keyword says what the rule is.
    """
    name = "schema" if code.startswith("schema/") else code.replace("/", "-")
    return f"{_FOLDER}/{name}.md"
