"""Which tables are published, as dbt's manifest has them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segmentation_serving.builds import Build
from segmentation_serving.refusal import Refused

PUBLICATIONS = "publications"
SETTINGS = "int_settings_resolved"


@dataclass(frozen=True)
class Mart:
    """A table that people read.

    Attributes
    ----------
    schema, table : its name, in the work file and wherever it is published
    description : what a row is
    columns : description of each column
    is_publications : whether it is the list of publications, which only a publication
        can fill
    """

    schema: str
    table: str
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    is_publications: bool = False

    @property
    def name(self) -> str:
        """Schema and table, as people type them."""
        return f"{self.schema}.{self.table}"

    @property
    def sql(self) -> str:
        """The same for a statement."""
        return f"{identifier(self.schema)}.{identifier(self.table)}"


def identifier(name: str) -> str:
    """Name for a statement of DuckDB or PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


def read_marts(manifest_path: Path, build: Build) -> tuple[list[Mart], Mart]:
    """Return what is published, sorted by name, and the table of settings.

    Published are the public marts and what the metrics are made of.

    Parameters
    ----------
    manifest_path : dbt's manifest.json
    build : the build that they must be part of

    Raises
    ------
    Refused
        There is no manifest, or the project has a mart that the build did not make.
    """
    if not manifest_path.is_file():
        raise Refused(f"{manifest_path} is missing: run `make build` first.")
    manifest = json.loads(manifest_path.read_text())
    measured = {
        parent
        for model in manifest.get("semantic_models", {}).values()
        for parent in model["depends_on"]["nodes"]
    }
    nodes = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and (_is_public_mart(node) or unique_id in measured or node.get("time_spine"))
    }
    for unique_id in sorted(nodes.keys() - build.built):
        raise Refused(
            f"The project has changed since the build, which did not make "
            f"{nodes[unique_id]['name']}: run `make build`."
        )
    marts = [_mart(node) for node in nodes.values()]
    if sum(mart.is_publications for mart in marts) != 1:
        raise Refused("The project has no mart `publications`: add it or check it out.")
    (settings,) = [
        _mart(node) for node in manifest["nodes"].values() if node["name"] == SETTINGS
    ]
    return sorted(marts, key=lambda mart: (mart.schema, mart.table)), settings


def _is_public_mart(node: Mapping[str, Any]) -> bool:
    path = node["original_file_path"].replace("\\", "/")
    return node["access"] == "public" and path.startswith("models/marts/")


def _mart(node: Mapping[str, Any]) -> Mart:
    return Mart(
        node["schema"],
        node["alias"],
        _one_line(node["description"]),
        {
            name: _one_line(column["description"])
            for name, column in node["columns"].items()
        },
        node["name"] == PUBLICATIONS,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
