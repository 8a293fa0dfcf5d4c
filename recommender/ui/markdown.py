"""Text from elsewhere, where Streamlit would read Markdown."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")
_SHORTCODE = re.compile(r":(?=\w)")


def plain(text: str) -> str:
    r"""Text as it stands.

    >>> plain("Levi's *501* [W32]")
    "Levi's \\*501\\* \\[W32\\]"
    """
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    # A backslash does not keep Streamlit from drawing :smile: or :material/home:.
    return _SHORTCODE.sub(":\N{WORD JOINER}", escaped)


def percentage(share: float) -> str:
    """A share from 0 to 1 as a percentage that does not break across lines.

    >>> percentage(0.987).replace("\N{NO-BREAK SPACE}", " ")
    '99 %'
    """
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def readable(attribute: str) -> str:
    """A column's name as a person would write it.

    >>> readable("baseColour"), readable("shop_section")
    ('Base colour', 'Shop section')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", attribute).replace("_", " ").split()
    text = " ".join(words).lower()
    return text[:1].upper() + text[1:] or attribute
