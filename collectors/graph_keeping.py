"""What of Meta's answers may be archived: counts and the institution's own words, never another person or what they wrote."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

# Never `from`, `to`, tags, `children`, `owner`: those name other people.
KEEPS = frozenset(
    {
        "data", "id", "name", "username", "link", "followers_count", "fan_count", "follows_count", "media_count",
        "instagram_business_account", "created_time", "updated_time", "message", "description", "permalink_url", "status_type",
        "is_published", "published", "post_id", "timestamp", "media_type", "media_product_type", "permalink", "caption", "like_count",
        "comments_count", "shares", "count", "reactions", "comments", "summary", "total_count", "attachments", "insights",
        "video_insights", "values", "value", "end_time", "period", "total_value", "breakdowns", "dimension_keys", "results",
        "dimension_values", "like", "love", "wow", "haha", "sorry", "anger", "COMMENT", "SHARE", "REACTION_LIKE", "REACTION_LOVE",
        "REACTION_WOW", "REACTION_HAHA", "REACTION_SORRY", "REACTION_ANGER", "paging", "cursors", "before", "after", "error", "code",
        "error_subcode", "is_transient", "error_user_title", "error_user_msg",
    }
)  # fmt: skip
# Edges whose rows are other people's: a comment has `message` and `id` as a post has, so that names alone can't tell them apart.
OTHERS = frozenset({"comments", "reactions", "likes", "sharedposts"})
COUNTS = frozenset({"summary", "count"})


def reduced(url: str, value: Any) -> Any:
    """`value` with nothing but the counts of what other people did, at every depth; the same object when nothing had to go."""
    return _counts(value) if urlsplit(url).path.rpartition("/")[2] in OTHERS else _reduced(value)


def _reduced(value: Any) -> Any:
    if isinstance(value, dict):
        clean = {name: _counts(inner) if name in OTHERS else _reduced(inner) for name, inner in value.items()}
        return clean if any(clean[name] is not inner for name, inner in value.items()) else value
    if isinstance(value, list):
        rows = [_reduced(inner) for inner in value]
        return rows if any(new is not old for new, old in zip(rows, value, strict=True)) else value
    return value


def _counts(value: Any) -> Any:
    """The counts of an edge; a plain number is one itself."""
    if not isinstance(value, dict):
        return value if isinstance(value, (int, float)) else None
    counts = {name: inner for name, inner in value.items() if name in COUNTS}
    return value if len(counts) == len(value) else counts
