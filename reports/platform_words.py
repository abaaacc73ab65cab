"""What the tables of platforms and their answers say in English, marked for the catalogue: a report says it in its own language.

Reasons for a figure that did not come, and definitions that changed (config/metrics/*.toml, collectors/).
"""

from __future__ import annotations

from words import N_

REASONS = (
    N_("comments are switched off"),
    N_("the channel's subscriber count is not shown"),
    N_("the video's likes are hidden"),
    N_("not in the answer"),
    N_("no statistics in the answer"),
    N_("no figure for this day"),
    N_("YouTube Analytics refuses this metric"),
    N_("fewer than five viewers: Instagram shows no figures"),
    N_("older than the professional account: Instagram has no figures"),
    N_("no figure for this day: fewer than 100 followers, too long ago, or not counted"),
)
BREAKS = (
    N_("Shorts: each start and each replay counts as a view."),
    N_("All formats: a view counts from the first frame, autoplay and hover included. `engaged_views` keeps the old meaning."),
    N_("All formats: a view counts from the first frame, autoplay and hover included."),
    N_("impressions and plays were removed for all versions; views counts something else"),
    N_("page_impressions and post_impressions were removed for all versions; page_media_view and post_media_view count something else"),
    N_("the *_impressions_unique families were removed for all versions; *_total_media_view_unique counts viewers instead"),
)  # fmt: skip
