"""Scripts: exit codes, one-line errors, progress on stderr and results on stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import build_index as script
from recommender.__main__ import main
from recommender.encoders import register_encoder
from recommender.engines import installed_engines
from recommender.engines.connection import MILVUS_URI
from tests.fakes import draw_catalogue
from tests.test_search import Oracle

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def index(tmp_path, catalogue_folder, monkeypatch):
    """Calls build_index.py's main on the drawn catalogue."""
    monkeypatch.setattr(script, "encoder_names", lambda: ["fake"])

    def call(*arguments):
        folders = ["--data", str(catalogue_folder), "--artifacts", str(tmp_path / "artifacts")]
        return script.main([*folders, *arguments])

    return call


def test_indexing_reports_what_it_did(index, capsys):
    assert index() == 0
    output = capsys.readouterr()
    assert "18 pictures in" in output.out
    assert "18 new, 0 changed, 0 reused, 0 removed, 0 skipped" in output.out
    assert "Indexing: 100%" in output.err
    assert index() == 0
    assert "0 new, 0 changed, 18 reused" in capsys.readouterr().out


def test_strict_turns_skipped_files_into_exit_code_1(index, catalogue_folder, capsys):
    (catalogue_folder / "images" / "1003.jpg").write_bytes(b"")
    assert index() == 0
    assert "skipped.csv" in capsys.readouterr().out
    assert index("--strict") == 1
    (catalogue_folder / "images" / "1003.jpg").unlink()
    assert index("--strict") == 0


@pytest.mark.parametrize(
    "arguments",
    [["--data", "nowhere"], ["--weights", "nowhere.h5", "--encoder", "resnet50"]],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, tmp_path, catalogue_folder, capsys):
    folders = ["--data", str(catalogue_folder), "--artifacts", str(tmp_path / "artifacts")]
    assert script.main([*folders, *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("error: ")
    assert output.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["--batch-size", "0"], ["--limit", "x"], ["--encoder", "none"], ["--nonsense"]]
)
def test_wrong_use_is_exit_code_2(index, arguments, capsys):
    with pytest.raises(SystemExit) as exit_:
        index(*arguments)
    assert exit_.value.code == 2


def test_ctrl_c_says_how_to_go_on(index, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt("stopped: run the same command again")

    monkeypatch.setattr(script, "build_index", interrupted)
    assert index() == 130
    assert "run the same command again" in capsys.readouterr().err


@pytest.fixture
def search(artifacts, capsys):
    def call(*arguments):
        code = main(["search", "--artifacts", str(artifacts), *map(str, arguments)])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def test_search_prints_one_object_a_photo(search, catalogue_folder):
    photos = [catalogue_folder / "images" / name for name in ("1001.jpg", "1010.jpg")]
    code, out, err = search(*photos, "--json", "-k", 3)
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err, len(lines)) == (0, "", 2)
    assert [line["query"] for line in lines] == [str(photo) for photo in photos]
    assert [len(line["results"]) for line in lines] == [3, 3]
    assert lines[1]["results"][0]["id"] == "1010"
    assert lines[1]["results"][0]["distance"] < 1e-3


def test_search_filters(search, catalogue_folder):
    photo = catalogue_folder / "images" / "1001.jpg"
    where = [
        "--where",
        "baseColour=navy blue",
        "--where",
        "baseColour=Pink",
        "--where",
        "year=2012",
    ]
    code, out, _ = search(photo, "--json", *where)
    results = json.loads(out)["results"]
    assert code == 0
    assert results
    assert {r["attributes"]["baseColour"] for r in results} <= {"Navy Blue", "Pink"}
    assert {r["attributes"]["year"] for r in results} == {2012}
    code, out, _ = search(photo, "--where", "baseColour=Mauve")
    assert (code, "no product passes" in out) == (0, True)
    code, _, err = search(photo, "--where", "size=L")
    assert (code, err.count("\n")) == (2, 1)


def test_an_empty_selection_says_what_to_give_up(search, catalogue_folder):
    photo = catalogue_folder / "images" / "1001.jpg"
    where = ["--where", "baseColour=Red", "--where", "year=2017", "--where", "gender=Women"]
    code, out, _ = search(photo, *where)
    assert (code, "without year, 3 products pass" in out) == (0, True)
    code, _, err = search(photo, "--where", "baseColour=Nvy Blue")
    assert code == 2
    assert err == "error: no baseColour 'Nvy Blue': did you mean 'Navy Blue'?\n"


def test_search_by_words_alone_needs_no_photo(search):
    code, out, err = search("--text", "drawn navy blue shoe", "-k", 2)
    lines = out.splitlines()
    assert (code, err, len(lines)) == (0, "", 2)
    assert lines[0] == "searching baseColour: Navy Blue, subCategory: Shoes; by the words: drawn"
    assert lines[1].endswith("Drawn Navy Blue Casual Shoes  (images/1014.jpg)")
    code, out, _ = search("--text", "trouzers, not red", "--json", "-k", 18)
    answer = json.loads(out)
    assert answer["query"] == "trouzers, not red"
    assert answer["understood"]["excluded"] == {"baseColour": ["Red"]}
    assert answer["understood"]["notes"] == ["'trouzers' read as 'trouser'"]
    scores = [result["score"] for result in answer["results"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert {r["attributes"]["articleType"] for r in answer["results"]} == {"Trousers"}


def test_words_that_nothing_answers_to(search):
    code, out, _ = search("--text", "qqqqqq")
    assert (code, "no product has a name like these words" in out) == (0, True)
    code, out, _ = search("--text", "red trousers", "--where", "year=2017")
    assert (code, "without year, 1 product passes" in out) == (0, True)
    for arguments in ([], ["--text", " "]):
        code, _, err = search(*arguments)
        assert (code, err.count("\n"), "name a PHOTO" in err) == (2, 1, True)
    code, _, err = search("--text", "red", "-k", 0)
    assert (code, err) == (2, "error: k is 0, but must be at least 1\n")


def test_words_narrow_and_reorder_a_search_by_photo(search, catalogue_folder):
    styles = catalogue_folder / "styles.csv"
    text = styles.read_text(encoding="utf-8")
    styles.write_text(text.replace("Drawn Pink Tshirts", "Pink Tshirts, striped"), encoding="utf-8")
    photo = catalogue_folder / "images" / "1001.jpg"
    code, out, _ = search(photo, "--text", "tshirt striped", "--text-weight", 1, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["understood"]["rest"] == "striped"
    assert {r["attributes"]["articleType"] for r in answer["results"]} == {"Tshirts"}
    assert [r["id"] for r in answer["results"][:2]] == ["1006", "1001"]
    assert [r["rank"] for r in answer["results"]] == [1, 2, 3, 4, 5]
    _, out, _ = search(photo, "--text", "tshirt striped", "--text-weight", 0, "--json")
    assert json.loads(out)["results"][0]["id"] == "1001"
    _, out, _ = search(photo, "--text", "tshirt striped")
    assert "\nsearching articleType: Tshirts; by the words: striped\n" in out
    with pytest.raises(SystemExit):
        search(photo, "--text", "red", "--text-weight", 2)


def test_one_bad_photo_does_not_keep_the_others_from_their_answer(search, catalogue_folder):
    good = catalogue_folder / "images" / "1001.jpg"
    code, out, err = search("nowhere.jpg", good, "--json")
    assert code == 2
    assert err == "error: nowhere.jpg: there is no file nowhere.jpg\n"
    assert json.loads(out)["query"] == str(good)


@pytest.mark.skipif("faiss" not in installed_engines(), reason="faiss-cpu is not installed")
def test_another_engine_answers_alike(search, catalogue_folder):
    photo = catalogue_folder / "images" / "1007.jpg"
    assert search(photo, "--json", "--engine", "faiss") == search(photo, "--json")


@pytest.mark.skipif("milvus" not in installed_engines(), reason="pymilvus is not installed")
def test_a_database_is_named_on_the_command_line(search, catalogue_folder, tmp_path, monkeypatch):
    monkeypatch.setenv(MILVUS_URI, "nowhere")
    photo, place = catalogue_folder / "images" / "1007.jpg", tmp_path / "named.db"
    expected = search(photo, "--json", "--where", "gender=Women")
    code, out, _ = search(
        photo, "--json", "--where", "gender=Women", "--engine", "milvus", "--milvus-uri", place
    )
    assert (code, out) == expected[:2]
    assert place.exists()
    code, out, err = search(photo, "--milvus-uri", place)
    assert (code, out) == (2, "")
    assert err == "error: --milvus-uri is for --engine milvus: add that, or leave it out\n"


def test_an_engine_that_is_not_installed_is_one_line(search, catalogue_folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    code, out, err = search(catalogue_folder / "images" / "1007.jpg", "--engine", "faiss")
    assert (code, out) == (2, "")
    assert err == (
        "error: the engine faiss is not installed: pip install -r requirements-faiss.txt\n"
    )


def test_search_for_people(search, catalogue_folder):
    code, out, _ = search(catalogue_folder / "images" / "1001.jpg")
    assert code == 0
    assert "100%  Drawn Red Tshirts  (images/1001.jpg)" in out


def test_predict_says_what_a_photo_shows(artifacts, catalogue_folder, capsys):
    photo = str(catalogue_folder / "images" / "1001.jpg")
    command = ["predict", photo, "--artifacts", str(artifacts)]
    assert main(command) == 2
    assert "tells no attributes" in capsys.readouterr().err
    register_encoder("fake", Oracle)
    assert main(command) == 0
    assert "75%  articleType: Shirts" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "query": photo,
        "results": [{"attribute": "articleType", "value": "Shirts", "confidence": 0.75}],
    }
    assert main(["search", *command[1:]]) == 0
    assert "looks like: Shirts" in capsys.readouterr().out


def test_search_without_an_index(tmp_path, capsys):
    assert main(["search", "x.jpg", "--artifacts", str(tmp_path)]) == 2
    assert "python build_index.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [["build_index.py", "--help"], ["-m", "recommender", "--help"],
     ["-m", "recommender", "search", "--help"]],
)  # fmt: skip
def test_help_starts_from_a_terminal(command):
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "usage" in result.stdout


def test_names_survive_a_terminal_without_their_letters(artifacts, catalogue_folder):
    styles = catalogue_folder / "styles.csv"
    styles.write_text(styles.read_text().replace("Red", "Żółty 漢"), encoding="utf-8")
    code = (
        "import sys; from recommender.encoders import register_encoder; "
        "from tests.fakes import FakeEncoder; register_encoder('fake', FakeEncoder); "
        "from recommender.__main__ import main; sys.exit(main())"
    )
    photo = str(catalogue_folder / "images" / "1001.jpg")
    command = [sys.executable, "-c", code, "search", photo, "--artifacts", str(artifacts)]
    for options in ([], ["--json"]):
        result = subprocess.run(
            [*command, *options], cwd=ROOT, capture_output=True, check=False, timeout=60,
            env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        )  # fmt: skip
        assert (result.returncode, result.stderr) == (0, b"")
        assert b"\\u6f22" in result.stdout


def test_any_folder_of_pictures_works(tmp_path, monkeypatch, capsys):
    data = draw_catalogue(tmp_path / "data")
    (data / "styles.csv").unlink()
    (data / "images").rename(data / "my shoes, new")
    monkeypatch.setattr(script, "encoder_names", lambda: ["fake"])
    monkeypatch.chdir(tmp_path)
    assert script.main([]) == 0
    photo = str(data / "my shoes, new" / "1013.jpg")
    capsys.readouterr()
    assert main(["search", photo, "--json", "-k", "1"]) == 0
    result = json.loads(capsys.readouterr().out)["results"][0]
    assert (result["filename"], result["attributes"]) == ("my shoes, new/1013.jpg", {})
