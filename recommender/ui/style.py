"""What the theme in ``.streamlit/config.toml`` cannot say."""

from __future__ import annotations

import streamlit as st

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="14" fill="#93344a"/>
<path d="M27 20a5 5 0 1 1 5 6v5l18 13a3 3 0 0 1-2 5H16a3 3 0 0 1-2-5l18-13" fill="none"
 stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>"""
"""A clothes hanger. Drawn here, because Streamlit would fetch a named icon from the network."""

# Containers are addressed by the class that Streamlit makes of their key, `st-key-<key>`; a rule
# that stops matching one day costs looks, never function.
_CSS = """
/* As many columns as fit: two on a phone, five beside the query on a desktop. */
[class*="st-key-tiles-"], .st-key-starts, .st-key-samples { display: grid; gap: 1.5rem 1rem; }
[class*="st-key-tiles-"] {
  grid-template-columns: repeat(auto-fill, minmax(min(160px, 44%), 1fr));
}
/* A row's cards end together, whatever they say. */
[class*="st-key-tiles-"] { align-items: stretch; }
[class*="st-key-tiles-"] > [data-testid="stLayoutWrapper"] { height: auto; }
[class*="st-key-tiles-outfit-"] {
  grid-template-columns: repeat(auto-fill, minmax(min(200px, 44%), 1fr));
}
.st-key-samples { grid-template-columns: repeat(auto-fill, minmax(min(180px, 28%), 1fr)); }
.st-key-starts { grid-template-columns: repeat(auto-fill, minmax(min(180px, 44%), 1fr)); }
.thumbnail { display: block; width: 100%; height: auto; }
/* A white tile needs an outline on the light page, and round corners on both. */
[class*="st-key-card-"] img, [class*="st-key-query"] img, .st-key-product-picture img {
  border-radius: 0.6rem; outline: 1px solid rgb(125 113 104 / 30%); outline-offset: -1px;
}
/* The whole card is the button: its hit area is stretched over the picture. The button itself
   stays where it is, for the keyboard and for screen readers. */
[class*="st-key-card-"] { position: relative; }
[class*="st-key-card-"] :is([class*="st-key-go-"], [class*="st-key-sample-"]),
[class*="st-key-card-"] :is([class*="st-key-go-"], [class*="st-key-sample-"]) *,
[class*="st-key-card-"] [data-testid="stElementContainer"]:has(.stButton) { position: static; }
[class*="st-key-card-"] :is([class*="st-key-go-"], [class*="st-key-sample-"]) button::after {
  content: ""; position: absolute; inset: 0;
}
[class*="st-key-card-"] [class*="st-key-go-"] a::after {
  content: ""; position: absolute; inset: 0;
}
/* The small buttons of a card, and the links of those that have a button, lie above that. */
[class*="st-key-tools-"], [class*="st-key-title-match-"] { position: relative; z-index: 1; }
[class*="st-key-tools-"] button { min-height: 1.75rem; padding: 0 0.25rem; }
/* A heart on a card has its words for screen readers alone. */
[class*="st-key-heart-"] button [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*="st-key-reason-"] p {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden;
}
/* Colours, as dots. */
.swatches { display: flex; gap: 0.3rem; }
.swatches span {
  width: 1rem; height: 1rem; border-radius: 50%; border: 1px solid rgb(125 113 104 / 55%);
}
/* Words take the room that the buttons beside them leave. */
.st-key-wishes > :first-child { flex: 1 1 12rem; }
.st-key-chips button { min-height: 2rem; padding-block: 0; max-width: 18rem; }
[class*="st-key-card-"]:hover img { outline: 2px solid #bd4f69; }
/* Titles take two lines at most, and always the room of two, so that the cards of a row align. */
[class*="st-key-title-"] p {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
  line-height: 1.35; min-height: 2.7em;
}
/* A title that is a link looks like a title, on its own page too. */
[class*="st-key-title-"] [data-testid="stPageLink-NavLink"] {
  padding: 0; background: none; line-height: inherit;
}
[class*="st-key-title-"] [data-testid="stPageLink-NavLink"] * { white-space: normal; }
[class*="st-key-title-"] [data-testid="stPageLink-NavLink"]:hover p { text-decoration: underline; }
/* Attributes take one line: all of them are told by "Why". */
[class*="st-key-summary-"] p { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
/* Several photos are shown smaller than one. */
[class*="st-key-query-of-several"] img { max-height: 11rem !important; }
/* The field to drop a photo on looks like one; on the first page it is the main thing. */
[class*="st-key-upload-"] [data-testid="stFileUploaderDropzone"] { border: 1.5px dashed #a3948a; }
.st-key-upload-first [data-testid="stFileUploaderDropzone"] {
  min-height: 8.5rem; flex-direction: column; align-items: center; justify-content: center;
  gap: 0.75rem;
}
.st-key-upload-first [data-testid="stFileUploaderDropzone"] > * {
  flex: none; width: auto; align-self: center;
}
/* A very tall photo, or a phone's screen, must leave room for the matches. */
[class*="st-key-query"] img { width: auto !important; max-width: 100%; max-height: 28rem; }
@media (max-width: 640px) {
  h1 { font-size: 1.75rem !important; }
  /* The title and its number in one line; words in a line of their own. */
  .st-key-heading { flex-wrap: nowrap; }
  .st-key-wishes > :first-child { flex-basis: 100%; }
  [class*="st-key-query"] {
    display: grid; grid-template-columns: minmax(0, 9rem) 1fr; column-gap: 1rem;
  }
  [class*="st-key-query"] > :first-child { grid-row: 1 / span 9; }
  [class*="st-key-query"] img { max-height: 12rem; }
  .st-key-upload-again [data-testid="stFileUploaderDropzone"] { padding-block: 0.5rem; }
  .st-key-upload-again [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
}
/* Streamlit's own grey is a little too light to read on the light page (WCAG AA). */
.stMarkdown [data-testid="stCaptionContainer"] { opacity: 0.75; }
/* What is known of a product, as pairs that flow into as many columns as fit. */
[data-testid="stHtml"] dl.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 0.75rem;
  margin: 0; padding: 0;
}
.facts dt { font-size: 0.8rem; opacity: 0.75; }
.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
/* A quiet strip above the page. */
.st-key-sample-notice {
  border: 1px solid rgb(125 113 104 / 35%); border-radius: 0.6rem; padding: 0.35rem 1rem;
}
/* The primary colour on its own tint is too dark to read on the dark page (WCAG AA). */
button[data-selected="true"] { color: inherit !important; }
/* The tables' own download would write formulas as they are; a button below has a safe one. */
[class*="st-key-table-"] [aria-label="Download as CSV"] { display: none; }
/* Very wide screens: keep the lines and the tiles in proportion. */
.stMainBlockContainer { max-width: 90rem; margin-inline: auto; padding-top: 4.5rem; }
"""


def apply_style() -> None:
    """Add the style sheet to the page; to be called on every run."""
    st.html(f"<style>{_CSS}</style>")


def scroll_to_top(*, move: int) -> None:
    """Show the page from its top, as a new page would be.

    Streamlit keeps the place: who chose a match far down would not see what it brought.

    Args:
        move: the page scrolls when this number is not that of the last run.
    """
    # The browser runs a script again only if its text has changed. Nothing of a visitor's is in it.
    st.html(
        f"<script>/* {move:d} */ document.querySelector('[data-testid=\"stMain\"]')"
        "?.scrollTo({top: 0})</script>",
        unsafe_allow_javascript=True,
    )
