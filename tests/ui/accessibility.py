"""What axe-core finds wrong with a page.

axe-core comes with the package axe-playwright-python: nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# WCAG 2.0, 2.1 and 2.2, levels A and AA: with contrast, without matters of taste.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Allowed:
    """A violation in Streamlit's own markup, which no app can mend.

    Attributes:
        rule: axe-core's name of the rule.
        selector: CSS of the elements it is about.
        reason: why it is there and what it means to a visitor.
    """

    rule: str
    selector: str
    reason: str


ALLOWED: tuple[Allowed, ...] = ()


def violations(page: Any) -> list[str]:
    """Break of WCAG 2 A or AA on a page, a readable line each; empty if there is none.

    Args:
        page: Playwright's, of the sync API, as it is shown now: theme and size included.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']} ({rule['help']}): {_selector(node)} {_why(node)} {_shortened(node['html'])}"
        for rule in found
        for node in rule["nodes"]
        if not _is_allowed(page, rule["id"], node)
    ]


def _is_allowed(page: Any, rule: str, node: dict[str, Any]) -> bool:
    (*hosts, selector) = _path(node)
    return any(
        # Within a component's shadow root everything is the app's own.
        rule == allowed.rule
        and not hosts
        and page.evaluate(
            "([target, allowed]) => document.querySelector(target)?.matches(allowed) ?? false",
            [selector, allowed.selector],
        )
        for allowed in ALLOWED
    )


def _path(node: dict[str, Any]) -> list[str]:
    """Selectors from the page inwards: through the hosts of shadow roots to the element."""
    (target,) = node["target"]
    return [target] if isinstance(target, str) else list(target)


def _selector(node: dict[str, Any]) -> str:
    return " >>> ".join(_path(node))


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])


def _shortened(html: str) -> str:
    line = " ".join(html.split())
    return line if len(line) <= 160 else f"{line[:160]} …"
