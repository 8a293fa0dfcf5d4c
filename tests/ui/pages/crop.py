"""A page with nothing but a crop box: ``streamlit run tests/ui/pages/crop.py``."""

import io
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from recommender.cropping import Box
from recommender.ui.crop_box import crop_box
from tests.fakes import COLOURS, draw_product

st.set_page_config(page_title="Crop box")
state = st.session_state
state.setdefault("box", None)
state.setdefault("told", 0)


def keep(box: Box | None) -> None:
    state["box"] = box


def take(box: Box | None) -> None:
    keep(box)
    state["told"] += 1


st.title("Crop box", anchor=False)
columns = st.columns(2)
columns[0].button("Lower half", on_click=keep, args=(Box(0, 0.5, 1, 1),))
columns[1].button("All of it", on_click=keep, args=(None,))
file = io.BytesIO()
draw_product("Tshirts", COLOURS["Red"], size=(600, 800)).save(file, "JPEG")
returned = crop_box(file.getvalue(), box=state["box"], key="crop", on_change=take)
st.text(f"box {state['box']} returned {returned} told {state['told']}")
