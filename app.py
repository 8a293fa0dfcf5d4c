"""The app in the browser: streamlit run app.py"""

import streamlit as st

from recommender.ui.find_similar import find_similar
from recommender.ui.style import ICON, apply_style

st.set_page_config(page_title="Fashion recommender", page_icon=ICON, layout="wide")
apply_style()
st.navigation(
    [st.Page(find_similar, title="Find similar", icon=":material/image_search:", default=True)],
    position="top",
).run()
