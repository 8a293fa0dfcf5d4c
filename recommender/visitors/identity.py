"""The random number that stands for a visitor."""

from __future__ import annotations

import hashlib
import re
import secrets

_BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def new_visitor_id() -> str:
    """256 random bits, as 43 letters that are safe in a cookie."""
    return secrets.token_urlsafe(_BYTES)


def is_visitor_id(text: str | None) -> bool:
    """Whether a text from outside has the form of such an id.

    >>> is_visitor_id(new_visitor_id()), is_visitor_id("../visitors.db"), is_visitor_id(None)
    (True, False, False)
    """
    return text is not None and _FORM.fullmatch(text) is not None


def stored_form(visitor_id: str) -> bytes:
    """What the file holds in place of an id: who reads the file cannot pose as a visitor.

    Returns:
        the SHA-256 of the id, 32 bytes; an id is random enough to need no salt.
    """
    return hashlib.sha256(visitor_id.encode()).digest()
