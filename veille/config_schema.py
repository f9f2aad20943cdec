"""The JSON Schema of config.toml, for editors: `python -m veille.config_schema > config.schema.json`."""

from __future__ import annotations

import json

from veille.config_model import ConfigFile


def schema() -> str:
    """The schema as JSON text, always the same bytes for the same models."""
    found = ConfigFile.model_json_schema(by_alias=True)
    found["title"] = "config.toml de veille"
    return json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(schema(), end="")  # noqa: T201
