"""JSON Schemas of the answers, for the description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_YES_NO: Schema = {"type": "boolean"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _object(required: Schema, optional: Schema | None = None, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        **more,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_PRODUCT: Schema = {
    "id": _TEXT,
    "filename": _TEXT,
    "attributes": _map({"type": ["string", "integer", "null"]}),
    "title": _TEXT,
    "thumbnail": {
        "type": ["string", "null"],
        "description": "JPEG of 360x480 pixels, relative to the address asked; null if missing.",
    },
}
_MEASURES: Schema = {
    "distance": {
        "type": "number",
        "description": "Euclidean, between unit vectors: 0 (same picture) to 2.",
    },
    "similarity": {"type": "number", "description": "Cosine: 1 - distance²/2."},
    "score": _SHARE
    | {"description": "What it was ranked by: by words or filters alone, or in an outfit."},
}

SCHEMAS: dict[str, Schema] = {
    "Item": _object(_PRODUCT),
    "Result": _object({"rank": {"type": "integer", "minimum": 1}} | _PRODUCT, _MEASURES),
    "Understood": _object(
        {
            "filters": _map(_list(_TEXT)),
            "excluded": _map(_list(_TEXT)),
            "rest": _TEXT,
            "notes": _list(_TEXT),
        },
        description="What was made of the words.",
    ),
    "Found": _object(
        {
            "query": _TEXT,
            "results": _list(_ref("Result")),
            "passing": _COUNT | {"description": "Products that pass the filters."},
            "nothing_similar": _YES_NO
            | {"description": "Whether nothing in the whole catalogue is very similar."},
        },
        {"understood": _ref("Understood")},
    ),
    "Piece": _object(
        {
            "slot": _TEXT | {"description": "What it is in the outfit, such as shoes."},
            "rank": {"type": "integer", "minimum": 1},
            **_PRODUCT,
            **_MEASURES,
            "reasons": _list(_TEXT),
        }
    ),
    "Outfit": _object(
        {
            "query": _TEXT,
            "results": _list(_ref("Piece")),
            "missing": _list(_object({"slot": _TEXT, "reason": _TEXT})),
            "notes": _list(_TEXT),
        }
    ),
    "Facets": _object(
        {
            "products": _COUNT,
            "passing": _COUNT,
            "attributes": _list(
                _object(
                    {
                        "name": _TEXT,
                        "values": _list(
                            _object(
                                {
                                    "value": {"type": ["string", "integer"]},
                                    "count": _COUNT,
                                    "selected": _YES_NO,
                                }
                            )
                        ),
                    }
                )
            ),
        }
    ),
    "Health": _object(
        {
            "ok": {"const": True},
            "index": _object(
                {"encoder": _TEXT},
                {
                    "version": _TEXT,
                    "dim": _COUNT,
                    "products": _COUNT,
                    "created": {"type": "string", "format": "date-time"},
                },
            ),
        }
    ),
    "Problem": _object(
        {
            "type": {"const": "about:blank"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT | {"description": "What is wrong, then how to mend it."},
            "instance": _TEXT,
        },
        description="RFC 9457",
    ),
}


def problems(statuses: Sequence[int]) -> Schema:
    """The answers of an operation that are errors."""
    return {str(status): {"$ref": "#/components/responses/Problem"} for status in statuses}
