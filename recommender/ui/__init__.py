"""The Streamlit pages and what they are made of.

Besides ``app.py`` this is the only place that imports Streamlit.
"""
