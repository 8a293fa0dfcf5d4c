"""What all pages have in common: title, looks, navigation. Streamlit runs it for each visitor."""

import streamlit as st

from recommender.ui.pages import page
from recommender.ui.style import ICON, apply_style

st.set_page_config(page_title="Fashion recommender", page_icon=ICON, layout="wide")
apply_style()
st.navigation([page("find"), page("product")], position="top").run()
