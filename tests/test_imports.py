"""Imports point one way, and nothing heavy is loaded before it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "recommender"
HEAVY = (
    "tensorflow", "keras", "streamlit", "sklearn", "faiss", "pymilvus", "ray", "torch",
    "transformers", "openvino", "kagglehub", "pandas", "matplotlib", "starlette",
    "python_multipart",
)  # fmt: skip

# Each may import what stands before it, and its own kind.
LAYERS = [
    {"errors", "console"},
    {"images", "styles", "lab", "whole_files", "array_pickles"},
    {"columns", "spelling", "cropping", "colours"},
    {"swatches"},
    {"catalogue", "encoders", "engines", "evaluation", "confidence", "confidence_fit"},
    {"facets", "understanding", "words", "steering", "ranking", "visitors"},
    {"survey", "doubts", "spreadsheet"},
    {"unpickling", "manifest", "file_lists", "artifacts", "tutorials", "results"},
    {"folders", "remote_folder"},
    {"publishing", "journal", "reading", "download", "previous", "batches", "embedding", "sample"},
    {"index_encoder"},
    {"indexing", "search", "atlas"},
    {"likeness", "wishes", "personal"},
    {"neighbourhood"},
    {"outfits"},
    {"finding", "address", "first_run", "export", "picture_check", "facts", "map_colours"},
    {"audit", "browsing", "answers"},
    {"photo_commands", "search_command", "outfit_command", "catalogue_commands", "export_command"},
    {"captions", "tuning", "api", "distributed"},
    {"ui", "__main__", "training"},
]


@pytest.mark.parametrize(
    "module", ["recommender", "recommender.indexing", "recommender.search", "recommender.__main__",
               "recommender.encoders.resnet50", "recommender.engines.exact", "recommender.atlas",
               "recommender.audit", "recommender.export.site", "recommender.api.app",
               "recommender.distributed", "build_index"],
)  # fmt: skip
def test_importing_loads_nothing_heavy(module):
    code = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == ""


COMMAND = """
import sys
from recommender.__main__ import main
from recommender.encoders import register_encoder
from tests.fakes import FakeEncoder
register_encoder("fake", FakeEncoder)
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
assert code == 0, code
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        ("--help", []),
        ("search PHOTO", []),
        # scikit-learn imports pandas where it is installed.
        ("search --text shirts", ["sklearn", "scipy", "pandas"]),
    ],
)
def test_a_command_loads_no_more_than_it_needs(arguments, needs, artifacts, catalogue_folder):
    photo = str(catalogue_folder / "images" / "1001.jpg")
    words = [photo if word == "PHOTO" else word for word in arguments.split()]
    where = ["--artifacts", str(artifacts)] if "search" in words else []
    result = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, *where], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    loaded = set(result.stderr.splitlines()[-1].split())
    assert "recommender.search_command" in loaded
    assert not loaded & ({*HEAVY, "scipy", "tqdm"} - set(needs))


def layer_of(part: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if part in layer)


def imports_of(path: Path) -> set[str]:
    """Dotted names of this package that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "recommender":
            found |= {f"recommender.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


MODULES = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path):
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    for name in imports_of(path):
        if name.startswith("recommender."):
            other = name.split(".")[1]
            if other[0].islower() or other == "__main__":
                assert layer_of(other) <= layer_of(own), f"{own} imports {name}"
                assert {own, other} != {"encoders", "engines"}
        if name.split(".")[0] == "streamlit":
            assert own == "ui", f"{own} imports streamlit"


def test_every_module_is_small():  # kinds.py is a table, not code
    long = {
        path.name: lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 290
        and path.name != "kinds.py"
    }
    assert not long
