"""Requests that Schemathesis makes up from the description: some as it allows, others not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recommender.api.description import description
from tests.api.client import ask

pytestmark = pytest.mark.slow
EXAMPLES = 15
NO_CHOICE = ("GET /health", "GET /items/{id}", "GET /items/{id}/outfit")
"""Nothing can be wrong with these but an id, and any text may be one."""


def narrowed(document: dict[str, Any], facets: list[Any], ids: list[str]) -> dict[str, Any]:
    """The description of one catalogue: only products and values that it has."""
    document = json.loads(json.dumps(document))
    values = {one["name"]: [value["value"] for value in one["values"]] for one in facets}
    known = {"type": "string", "enum": ids}
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                name, schema = parameter["name"], parameter["schema"]
                if name in ("id", "item"):
                    parameter["schema"] = known
                elif name in ("like", "unlike"):
                    schema["items"] = known
                elif name == "in_colour":
                    schema["enum"] = values["baseColour"]
                elif name == "filters":
                    del schema["patternProperties"]
                    schema["properties"] = {
                        f"where.{attribute}": {"type": "string", "enum": [str(v) for v in of]}
                        for attribute, of in values.items()
                    }
    for parameter in document["paths"]["/search"]["get"]["parameters"]:
        if parameter["name"] == "words":
            parameter["required"] = True
            parameter["schema"]["pattern"] = "^[a-z]"
    return document


@pytest.mark.parametrize("as_described", [True, False], ids=["allowed", "not allowed"])
def test_every_answer_is_as_described(app, catalogue_folder, as_described):
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    picture = (catalogue_folder / "images" / "1001.jpg").read_bytes()
    document = description("/api/v1")
    mode = schemathesis.GenerationMode.NEGATIVE
    if as_described:
        facets = ask(app, "/api/v1/facets").json["attributes"]
        document = narrowed(document, facets, [str(number) for number in range(1001, 1019)])
        mode = schemathesis.GenerationMode.POSITIVE
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    statuses = set()
    found: Any
    for found in schema.get_all_operations():
        operation = found.ok()
        if not as_described and operation.label in NO_CHOICE:
            continue

        @settings(
            max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            if as_described and case.method == "POST":
                case.body, case.media_type = picture, "application/octet-stream"
            statuses.add(case.call_and_validate().status_code)

        check()
    assert 200 in statuses if as_described else 422 in statuses
