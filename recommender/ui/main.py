"""What all pages have in common: title, looks, navigation. Streamlit runs it for each visitor."""

import streamlit as st

from recommender.ui.pages import page
from recommender.ui.style import ICON, apply_style
from recommender.ui.visitor import Visitor
from recommender.ui.visitor_cookie import tell_browser

st.set_page_config(page_title="Fashion recommender", page_icon=ICON, layout="wide")
apply_style()
visitor = Visitor.of_session()
visitor.begin_run()
st.navigation(
    [page("find"), page("for-you"), page("catalogue"), page("product")], position="top"
).run()
tell_browser(visitor)
