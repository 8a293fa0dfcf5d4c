"""The app in the browser: streamlit run app.py"""

import streamlit as st

from recommender.ui.routes import routes

app = st.App("recommender/ui/main.py", routes=routes())
