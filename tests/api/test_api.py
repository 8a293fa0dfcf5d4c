"""What the API answers."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace
from urllib.parse import quote, urljoin

import pytest

from recommender.__main__ import main
from recommender.api.app import api
from recommender.api.origins import read_origins
from recommender.api.workers import Workers
from recommender.errors import ArtifactsError, RecommenderError
from tests.api.client import ask, asked
from tests.api.conftest import mounted

V1 = "/api/v1"


@pytest.fixture
def photo(catalogue_folder):
    return (catalogue_folder / "images" / "1001.jpg").read_bytes()


def printed(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 0
    return json.loads(capsys.readouterr().out)


def as_printed(answer):
    """Without what only the API says."""
    results = [
        {name: value for name, value in result.items() if name not in ("title", "thumbnail")}
        for result in answer["results"]
    ]
    kept = {"understood": answer["understood"]} if "understood" in answer else {}
    return {"results": results, **kept}


@pytest.mark.parametrize("words", ["trouzers, not red", "drawn", "qqqq"])
def test_words_are_answered_as_on_the_command_line(app, artifacts, capsys, words):
    told = printed(capsys, "search", "--text", words, "--json", "--artifacts", artifacts)
    answer = ask(app, f"{V1}/search?fold=no&words={quote(words)}").json
    assert answer["query"] == told.pop("query") == words
    assert as_printed(answer) == told


def test_a_photo_is_answered_as_on_the_command_line(
    app, artifacts, catalogue_folder, photo, capsys
):
    told = printed(
        capsys, "search", catalogue_folder / "images" / "1001.jpg", "-k", 7, "--json",
        "--where", "gender=Women", "--text", "tshirts drawn", "--artifacts", artifacts,
    )  # fmt: skip
    target = f"{V1}/search?k=7&fold=no&where.gender=Women&words=tshirts+drawn"
    answer = ask(app, target, method="POST", body=[photo], headers={"content-type": "image/jpeg"})
    assert answer.status == 200
    told.pop("query")
    assert as_printed(answer.json) == told
    assert answer.json["results"][0]["id"] == "1001"


def form(*parts):
    """A form of (header, bytes), as a browser writes it."""
    part = b"--xyz\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
    return b"".join(part % (head, data) for head, data in parts) + b"--xyz--\r\n"


FORM = {"content-type": "multipart/form-data; boundary=xyz"}
PHOTO = b'name="photo"; filename="a.jpg"'


def post(app, body, headers=FORM, target=f"{V1}/search", **options):
    pieces = [body] if isinstance(body, bytes) else body
    return ask(app, target, method="POST", body=pieces, headers=headers, **options)


def test_a_form_and_the_bare_bytes_are_the_same_photo(app, photo):
    bare = post(app, photo, {"content-type": "application/octet-stream"})
    assert bare.status == 200
    body = form((PHOTO, photo))
    assert post(app, body).json == bare.json
    assert post(app, [body[i : i + 7] for i in range(0, len(body), 7)]).json == bare.json
    assert post(app, photo, {}).json == bare.json


@pytest.mark.parametrize(
    ("parts", "status", "told"),
    [
        ([], 400, "ends too early"),
        ([(b'name="k"', b"3")], 422, "parameters of the address"),
        ([(PHOTO, b"")], 422, "empty"),
        ([(PHOTO, b"x"), (PHOTO, b"x")], 422, "twice"),
        ([(b'name="a%d"' % n, b"") for n in range(9)], 422, "too many parts"),
        ([(b'name="' + b"n" * 20_000 + b'"', b"")], 400, "form"),
        ([(b"", b"x")], 422, "parameters of the address"),
    ],
)
def test_forms_that_bring_no_one_photo(app, parts, status, told):
    answer = post(app, form(*parts) if parts else b"")
    assert (answer.status, told in answer.json["detail"]) == (status, True)


def test_broken_forms(app, photo):
    whole = form((PHOTO, photo))
    for body in (whole[:-30], whole[:40], b"\x00" * 100, whole.replace(b"--xyz", b"--abc")):
        assert post(app, body).status == 400
    assert post(app, whole, {"content-type": "multipart/form-data"}).status == 400


def test_too_many_bytes_are_not_kept(app, monkeypatch):
    monkeypatch.setattr("recommender.api.photos.MAX_BYTES", 10_000)
    monkeypatch.setattr("recommender.api.hearing._MOST", 40_000)
    jpeg = {"content-type": "image/jpeg"}
    for headers in (jpeg, FORM):
        for stated in ("50000", "9" * 5000):
            answer = post(app, [bytes(1000)] * 100, {**headers, "content-length": stated})
            assert (answer.status, answer.chunks_read) == (413, 0)
        answer = post(app, [bytes(1000)] * 100, headers)
        assert (answer.status, answer.chunks_read) == (413, 41)
    assert post(app, form((PHOTO, bytes(11_000)))).status == 413


def test_a_refusal_waits_until_the_client_listens(app):
    pieces, target = [bytes(1000)] * 30, f"{V1}/search?k=99"
    answer = post(app, pieces, {"content-type": "image/jpeg"}, target)
    assert (answer.status, answer.chunks_read) == (422, 30)
    answer = post(app, pieces, {"content-type": "image/jpeg", "expect": "100-continue"}, target)
    assert (answer.status, answer.chunks_read) == (422, 0)


@pytest.mark.parametrize("data", [b"GIF89a", b"%PDF-1.4", b"\xff\xd8\xff" + bytes(99)])
def test_what_is_no_picture(app, data):
    answer = post(app, data, {"content-type": "image/jpeg"})
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_picture_of_too_many_pixels(app, monkeypatch, photo):
    monkeypatch.setattr("recommender.images.MAX_PIXELS", 1000)
    answer = post(app, photo, {"content-type": "image/jpeg"})
    assert (answer.status, "limit" in answer.json["detail"]) == (422, True)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/mixed", "", "image"])
def test_other_media_types(app, kind):
    answer = post(app, b"{}", {"content-type": kind})
    assert (answer.status, "image/jpeg" in answer.json["detail"]) == (415, True)


def test_a_client_that_is_too_slow_or_gone(app, monkeypatch):
    monkeypatch.setattr("recommender.api.photos._SECONDS", 0.05)
    jpeg = {"content-type": "image/jpeg"}
    assert post(app, [b"x"], jpeg, then="stalls").status == 408
    assert post(app, [b"x"], jpeg, then="leaves").status == 400


def test_similar_items(app):
    answer = ask(app, f"{V1}/items/1001/similar?k=50&fold=no").json
    assert answer["query"] == "1001"
    assert len(answer["results"]) == 17
    assert "1001" not in [result["id"] for result in answer["results"]]
    assert ask(app, f"{V1}/search?item=1001&k=50&fold=no").json == answer | {
        "results": [
            result | {"thumbnail": result["thumbnail"].removeprefix("../../")}
            for result in answer["results"]
        ]
    }


def test_outfits_are_those_of_the_command_line(app, artifacts, catalogue_folder, photo, capsys):
    told = printed(capsys, "outfit", "1001", "--json", "--artifacts", artifacts)
    assert {"bottoms", "shoes"} <= {result["slot"] for result in told["results"]}
    answer = ask(app, f"{V1}/items/1001/outfit").json
    assert {**answer, **as_printed(answer)} == told
    picture = catalogue_folder / "images" / "1001.jpg"
    told = printed(capsys, "outfit", picture, "--json", "--artifacts", artifacts)
    answer = post(app, photo, {"content-type": "image/jpeg"}, f"{V1}/outfit").json
    assert answer["query"] == "photo"
    assert {**answer, **as_printed(answer), "query": told["query"]} == told
    assert answer["results"][0]["thumbnail"].startswith("../../thumbnails/0/10")


@pytest.mark.parametrize("name", ["1001", "images/1001.jpg", "images%2F1001.jpg"])
def test_an_item_and_its_picture(app, catalogue_folder, name):
    address = f"http://test{V1}/items/{name}"
    answer = ask(app, f"{V1}/items/{name}").json
    assert (answer["id"], answer["title"]) == ("1001", "Drawn Red Tshirts")
    assert answer["attributes"]["year"] == 2011
    assert urljoin(address, answer["thumbnail"]) == "http://test/thumbnails/0/1001"
    (catalogue_folder / "images" / "1001.jpg").unlink()
    assert ask(app, f"{V1}/items/{name}").json["thumbnail"] is None


def test_pictures_below_another_path(shop):
    app = mounted(shop, at="/a/shop/api")
    answer = ask(app, "/a/shop/api/v1/search?words=red").json
    address = urljoin("http://test/a/shop/api/v1/search", answer["results"][0]["thumbnail"])
    assert address.startswith("http://test/a/shop/thumbnails/0/10")


def test_filters_and_steering(app):
    women = "k=9&where.gender=Women&where.baseColour=red&where.baseColour=Green"
    for target in (f"/search?{women}", f"/items/1002/similar?{women}"):
        answer = ask(app, V1 + target).json
        found = {result["attributes"]["baseColour"] for result in answer["results"]}
        assert found <= {"Red", "Green"}
        assert answer["passing"] == len(answer["results"]) == 6
    left = ask(app, f"{V1}/items/1001/similar?unlike=1006&like=1002&k=50").json["results"]
    assert "1006" not in [result["id"] for result in left]


def test_facets(app):
    answer = ask(app, f"{V1}/facets?where.gender=Women").json
    assert (answer["products"], answer["passing"]) == (18, 9)
    values = {one["name"]: one["values"] for one in answer["attributes"]}
    assert values["gender"][1] == {"value": "Women", "count": 9, "selected": True}
    assert sum(value["count"] for value in values["articleType"]) == 9


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "words="),
        ("k=5&looks=1&words=+", "words="),
        ("words=a&k=0", "from 1 to 50"),
        ("words=a&k=1.5", "whole number"),
        ("words=a&k=%D9%A3", "whole number"),
        ("words=a&diversity=nan", "from 0 to 1"),
        ("words=a&diversity=1e99", "from 0 to 1"),
        ("words=a&k=1&k=2", "more than once"),
        ("words=a&fold=maybe", "yes, no"),
        ("words=a&metric=taxicab", "euclidean, cosine"),
        ("words=" + "a" * 201, "200"),
        ("words=a&kk=1", "no parameter 'kk'"),
        ("words=a&like=nobody", "nobody"),
        ("item=nobody", "nobody"),
        ("words=a&in_colour=octarine", "octarine"),
        ("where.gender=Womn", "did you mean 'Women'"),
        ("where.size=L", "it has gender"),
        ("words=a" + "&like=1001" * 21, "20 times"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_does(app, query, told):
    answer = ask(app, f"{V1}/search?{query}")
    problem = answer.json
    assert (answer.status, problem["status"]) == (422, 422)
    assert told in problem["detail"]
    assert "\n" not in problem["detail"]
    assert problem["instance"] == f"{V1}/search"
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_items_addresses_and_methods(app):
    assert "'9'" in ask(app, f"{V1}/items/9/similar").json["detail"]
    for target in ("/items/9", "/items/9/similar", "/nothing", "", "/"):
        answer = ask(app, V1 + target)
        assert (answer.status, answer.json["status"]) == (404, 404)
    answer = ask(app, f"{V1}/search", method="DELETE")
    assert answer.status == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
    assert ask(app, f"{V1}/health", method="POST").status == 405
    assert ask(app, f"{V1}/health", method="HEAD").status == 200


def unusable(error):
    def finder():
        raise error

    return finder


def test_health_loads_nothing(shop, tmp_path, artifacts):
    app = mounted(replace(shop, finder=unusable(AssertionError())))
    answer = ask(app, f"{V1}/health").json
    assert answer["ok"] is True
    assert (answer["index"]["products"], answer["index"]["encoder"]) == (18, "fake")
    (artifacts / "manifest.json").write_text("{")
    assert ask(app, f"{V1}/health").status == 503


def test_a_shop_that_cannot_open(shop):
    app = mounted(replace(shop, finder=unusable(ArtifactsError("there is no index"))))
    answer = ask(app, f"{V1}/search?words=a")
    assert (answer.status, answer.json["detail"]) == (503, "there is no index")
    assert int(answer.headers["retry-after"]) > 0


def test_a_defect_shows_no_traceback(shop):
    app = api(replace(shop, finder=unusable(ZeroDivisionError("secret"))))
    seen = []

    async def call():
        async def send(message):
            seen.append(message)

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "method": "GET", "path": "/v1/items/1", "query_string": b"",
                 "headers": [], "root_path": "", "server": ("test", 80)}  # fmt: skip
        await app(scope, receive, send)

    with pytest.raises(ZeroDivisionError):  # For the server's log.
        asyncio.run(call())
    assert seen[0]["status"] == 500
    assert json.loads(seen[1]["body"])["title"] == "Internal Server Error"
    assert b"secret" not in seen[1]["body"]


def test_a_busy_shop_says_so_and_answers_the_rest(shop, finder):
    begun, go = threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert go.wait(30)
        return finder

    app = mounted(replace(shop, finder=slow), workers=Workers(at_once=1, waiting=1))

    async def scene():
        first = asyncio.create_task(asked(app, f"{V1}/search?words=red"))
        second = asyncio.create_task(asked(app, f"{V1}/search?words=red"))
        await asyncio.to_thread(begun.wait, 30)
        third = await asked(app, f"{V1}/search?words=red")
        health = await asked(app, f"{V1}/health")
        go.set()
        return third, health, await first, await second, await asked(app, f"{V1}/items/1001")

    third, health, *others = asyncio.run(scene())
    assert (third.status, third.headers["retry-after"]) == (503, "1")
    assert [answer.status for answer in (health, *others)] == [200] * 4


def test_other_web_pages_may_not_call_it_unless_allowed(shop):
    mine = {"origin": "https://shop.example"}
    preflight = {**mine, "access-control-request-method": "POST"}
    closed = mounted(shop)
    assert "access-control-allow-origin" not in ask(closed, f"{V1}/health", headers=mine).headers
    assert ask(closed, f"{V1}/search", method="OPTIONS", headers=preflight).status == 405
    opened = mounted(shop, origins=["https://shop.example"])
    answer = ask(opened, f"{V1}/search", headers=mine)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (422, mine["origin"])
    assert ask(opened, f"{V1}/search", method="OPTIONS", headers=preflight).status == 200
    other = ask(opened, f"{V1}/health", headers={"origin": "https://other.example"})
    assert "access-control-allow-origin" not in other.headers


def test_origins_are_checked_at_the_start():
    assert read_origins("") == ()
    assert read_origins("*") == ("*",)
    assert read_origins("http://[::1]:3000") == ("http://[::1]:3000",)
    for text in ("shop.example", "https://shop.example/", "https://a,https://b", "null"):
        with pytest.raises(RecommenderError, match="no origin"):
            read_origins(text)


def test_the_description_is_valid_and_tells_of_every_address(app):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    answer = ask(app, f"{V1}/openapi.json").json
    OpenAPIV31SpecValidator(answer).validate()
    assert (
        urljoin(f"http://test{V1}/openapi.json", answer["servers"][0]["url"]) == f"http://test{V1}/"
    )
    for path, operations in answer["paths"].items():
        for method, operation in operations.items():
            told = ask(app, V1 + path.replace("{id}", "1001"), method=method.upper())
            assert str(told.status) in operation["responses"]
            assert told.status not in (404, 405)
