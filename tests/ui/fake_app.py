"""The real app with the tests' encoder: ``streamlit run tests/ui/fake_app.py``.

Registers the encoder in the server's own process, so that the app can be driven in a browser
without TensorFlow and without weights.
"""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from recommender.encoders import register_encoder  # noqa: E402
from recommender.ui.routes import routes  # noqa: E402
from tests.fakes import FakeEncoder  # noqa: E402

register_encoder("fake", FakeEncoder)
app = st.App(ROOT / "recommender" / "ui" / "main.py", routes=routes())
