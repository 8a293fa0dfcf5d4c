"""The API in OpenAPI 3.1, from the table of its operations."""

from __future__ import annotations

from typing import Any

from recommender.address import WHERE
from recommender.api.operations import OPERATIONS, Operation
from recommender.api.parameters import Parameter
from recommender.api.photos import FIELD, FORM
from recommender.api.problems import MEDIA_TYPE
from recommender.api.schemas import SCHEMAS, problems

VERSION = "1"
_NEED_PHOTO = (400, 408, 413, 415)
_FILTERS = {
    "name": "filters",
    "in": "query",
    "style": "form",
    "explode": True,
    "description": f"`{WHERE}ATTRIBUTE=VALUE`: only products with this value; the same attribute "
    "again means or, another one and. The attributes are those of `/facets`.",
    "schema": {
        "type": "object",
        "patternProperties": {rf"^{WHERE.replace('.', '[.]')}": {"type": "string"}},
        "additionalProperties": False,
    },
    "example": {f"{WHERE}baseColour": "Navy Blue"},
}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Id of a product, or its file name.",
    "schema": {"type": "string", "minLength": 1},
}
_PHOTO = {"type": "string", "format": "binary"}
_BODY = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "properties": {FIELD: _PHOTO},
                "required": [FIELD],
                "additionalProperties": False,
            }
        },
        "image/*": {"schema": _PHOTO},
        "application/octet-stream": {"schema": _PHOTO},
    },
}


def description(server: str) -> dict[str, Any]:
    """The whole.

    Args:
        server: address of the API, absolute or relative to that of the description.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fashion recommender",
            "version": VERSION,
            "description": "Products of a catalogue by photo, by words and by likeness.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": {
                "Problem": {
                    "description": "A problem, and how to mend it.",
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    parameters = [_parameter(parameter) for parameter in operation.parameters]
    if operation.filters:
        parameters.append(_FILTERS)
    statuses = [422, 503]
    if "{id}" in operation.path:
        parameters.insert(0, _ID)
        statuses.insert(0, 404)
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": parameters,
    }
    if operation.takes_photo:
        statuses = [*_NEED_PHOTO, *statuses]
        described["requestBody"] = _BODY
    answer = {"schema": {"$ref": f"#/components/schemas/{operation.schema}"}}
    described["responses"] = {
        "200": {"description": operation.schema, "content": {"application/json": answer}},
        **problems(statuses),
    }
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": dict(parameter.schema),
    }
