"""A page with nothing but a crop box: ``streamlit run tests/ui/pages/crop.py``."""

import io
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from recommender.cropping import Box  # noqa: E402
from recommender.ui.crop_box import crop_box  # noqa: E402
from tests.fakes import COLOURS, draw_product  # noqa: E402

st.set_page_config(page_title="Crop box")
st.title("Crop box")
file = io.BytesIO()
draw_product("Tshirts", COLOURS["Red"], size=(600, 800)).save(file, "JPEG")

state = st.session_state
state.setdefault("box", None)
state.setdefault("told", 0)
state["told"] += crop_box(file.getvalue(), box=state["box"], key="crop") != state["box"]


def keep(box: Box | None) -> None:
    state["box"] = box


columns = st.columns(2)
columns[0].button("Lower half", on_click=keep, args=(Box(0, 0.5, 1, 1),))
columns[1].button("All of it", on_click=keep, args=(None,))
