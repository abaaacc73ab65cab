"""dlt's side: its `rest_api` source into SQLite, posts merged by id, counters as columns."""

from __future__ import annotations

import sys
from pathlib import Path

import dlt
from dlt.destinations import sqlalchemy
from dlt.sources.rest_api import rest_api_source

from tests.bench.bodies import USER


def main(data: str, root: str, keys: str) -> None:
    source = rest_api_source(
        {
            "client": {
                "base_url": root,
                "paginator": {"type": "cursor", "cursor_path": "meta.next_token", "cursor_param": "pagination_token"},
            },
            "resources": [
                {
                    "name": "posts",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    "max_table_nesting": 1,  # counters become columns, lists stay one
                    "endpoint": {"path": f"2/users/{USER}/tweets", "params": {"max_results": 100}, "data_selector": "data"},
                }
            ],
        },
        max_table_nesting=0,
    )
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(Path(data) / "pipelines"),
        destination=sqlalchemy(f"sqlite:///{data}/dlt.db", create_primary_keys=keys == "keys"),
        dataset_name="main",
    )
    pipeline.run(source).raise_on_failed_jobs()


if __name__ == "__main__":
    main(*sys.argv[1:])
