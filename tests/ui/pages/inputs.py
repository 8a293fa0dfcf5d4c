"""The ways to give a picture: paste it, or take it with the camera."""

import hashlib
import io
import sys
from pathlib import Path

import streamlit as st
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from recommender.ui.paste import paste_picture

st.set_page_config(page_title="Inputs")
state = st.session_state
state.setdefault("pastes", [])
state.setdefault("runs", 0)
state["runs"] += 1


def take(picture: bytes) -> None:
    state["pastes"].append(f"{len(picture)} {hashlib.sha256(picture).hexdigest()[:8]}")


st.title("Inputs", anchor=False)
st.text_input("Words")
returned = paste_picture(key="paste", on_paste=take)
st.button("Again")
st.text(f"run {state['runs']} returned {returned and len(returned)}")
st.text(f"pasted {state['pastes']}")
if "camera" in st.query_params:
    shot = st.camera_input("Camera")
    if shot is not None:
        data = shot.getvalue()
        picture = Image.open(io.BytesIO(data))
        st.text(f"shot {picture.format} {picture.width}x{picture.height} {len(data)} bytes")
