"""dlt's side: its `rest_api` source into SQLite as its guide declares one, posts merged by id."""

from __future__ import annotations

import sys
from pathlib import Path

import dlt
from dlt.destinations import sqlalchemy
from dlt.sources.rest_api import rest_api_source


def main(data: str, root: str, user: str, token: str, since: str) -> None:
    source = rest_api_source(
        {
            "client": {
                "base_url": root,
                "auth": {"type": "bearer", "token": token},
                "paginator": {"type": "cursor", "cursor_path": "meta.next_token", "cursor_param": "pagination_token"},
            },
            "resources": [
                {
                    "name": "posts",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    "max_table_nesting": 1,
                    "endpoint": {
                        "path": f"2/users/{user}/tweets",
                        "params": {
                            "max_results": 100,
                            "exclude": "retweets",
                            "start_time": since,
                            "tweet.fields": "created_at,public_metrics",
                        },
                        "data_selector": "data",
                    },
                }
            ],
        },
        max_table_nesting=0,
    )
    pipeline = dlt.pipeline(
        "faults",
        pipelines_dir=str(Path(data) / "pipelines"),
        destination=sqlalchemy(f"sqlite:///{data}/dlt.db"),
        dataset_name="main",
    )
    pipeline.run(source).raise_on_failed_jobs()


if __name__ == "__main__":
    main(*sys.argv[1:])
