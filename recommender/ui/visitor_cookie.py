"""The cookie that tells a visitor's browser from others.

Streamlit reads cookies, but cannot set them. So the page's script sends a ticket to a route beside
the app, and the route answers with the cookie. The ticket is good once, says nothing by itself, and
only a script of this very page can send it: another site may not set the header that carries it.
The id itself never is in the page, and scripts cannot read the cookie.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import streamlit as st

from recommender.errors import RecommenderError
from recommender.ui.markdown import plain
from recommender.ui.visitor import COOKIE, Visitor
from recommender.visitors import is_visitor_id

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PATH = "/visitor"
_HEADER = "X-Visitor-Ticket"
_AGE = 400 * 86400  # Browsers keep no cookie for longer.
# A ticket goes with the session that it was made for.
_tickets: WeakValueDictionary[str, Visitor] = WeakValueDictionary()


def tell_browser(visitor: Visitor) -> None:
    """Bring the browser's cookie in step with the visitor; to be called at the end of a run."""
    if visitor.refusal:
        st.toast(plain(visitor.refusal), icon=":material/error:", duration="long")
        visitor.refusal = ""
        visitor.is_new = False
    if visitor.is_new:
        visitor.is_new = False
        st.toast(
            "Kept for you under a random number in a cookie; the page “For you” shows what is "
            "kept, and deletes it.",
            icon=":material/cookie:",
        )
    if visitor.to_tell:
        # Another one in each run until one has come back: one may be lost on the way.
        ticket = secrets.token_urlsafe(32)
        _tickets[ticket] = visitor
        st.html(
            f'<script>fetch("{PATH[1:]}", {{method: "POST", headers: {{"{_HEADER}": "{ticket}"}}}})'
            "</script>",
            unsafe_allow_javascript=True,
        )


def set_cookie(request: Request) -> Response:
    """Answer a ticket with the cookie of its visitor, or with none if all was deleted."""
    from starlette.responses import Response

    visitor = _tickets.pop(request.headers.get(_HEADER, ""), None)
    if visitor is None:
        return Response(status_code=404)
    known = request.cookies.get(COOKIE)
    if known is not None and is_visitor_id(known):
        try:
            visitor.is_also(known)
        except RecommenderError:
            return Response(status_code=503)
    visitor.to_tell = False
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    path = request.url.path.removesuffix(PATH) or "/"
    if visitor.id is None:
        response.delete_cookie(COOKIE, path=path)
        return response
    proxied = request.headers.get("X-Forwarded-Proto", request.url.scheme)
    response.set_cookie(
        COOKIE, visitor.id, max_age=_AGE, path=path, httponly=True, samesite="lax",
        secure=proxied == "https",
    )  # fmt: skip
    return response
