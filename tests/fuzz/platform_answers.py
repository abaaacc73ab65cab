"""Answers of the platforms as their documentation has them, with the parts that name other people, for the fuzzer to change."""

from __future__ import annotations

from typing import Any

from tests.fuzz.promises import SECRET

ODD = f"g\ud83d \x07\x9b {SECRET}"  # half a letter, what steers a terminal, and a secret
OLD = "0001-01-01T00:00:00+14:00"
USER, CHANNEL = "1480000000000000001", "UCabcdefghijklmnopqrstuv"
COUNTS = {"like_count": 3, "reply_count": 1, "retweet_count": 2, "quote_count": 0, "bookmark_count": "7", "impression_count": 90}
TWEET = {
    "id": "2002000000000000000", "text": "Ümraniye'de &amp; şenlik", "created_at": "2026-11-20T09:00:00.000Z", "edit_history_tweet_ids": ["2002000000000000000"],
    "public_metrics": COUNTS, "non_public_metrics": {"user_profile_clicks": 4, "url_link_clicks": 5, "engagements": 9}, "author_id": "99", "entities": {"mentions": [{"username": "biri"}]},
}  # fmt: skip
REPLY = {
    **TWEET,
    "id": "2002000000000000001",
    "in_reply_to_user_id": "44",
    "referenced_tweets": [{"type": "replied_to", "id": "1"}],
}
X_SEEDS: list[Any] = [
    {"data": [{**TWEET, "text": ODD}, {**TWEET, "id": "5", "created_at": OLD}, {**TWEET, "id": "9" * 400}], "meta": {"result_count": 3, "next_token": 5}},
    {"data": {"id": ODD, "name": ODD, "username": None, "public_metrics": {"followers_count": 2**63}}},
    {"data": [TWEET, REPLY], "meta": {"result_count": 2, "next_token": "7140dibdnow9c7btw481s8m561gat797rboud5r80xvzm"}},
    {"data": [{**TWEET, "note_tweet": {"text": "uzun"}, "edit_history_tweet_ids": ["2001000000000000000", TWEET["id"]]}], "meta": {"result_count": 1}},
    {"data": {"id": USER, "name": "Örnek", "username": "ornekbelediye", "public_metrics": {"followers_count": 9, "following_count": 1, "tweet_count": 4, "listed_count": 0}}},
    {"meta": {"result_count": 0}, "errors": [{"title": "Field Authorization Error", "field": "non_public_metrics", "resource_id": "1", "type": "https://api.x.com/2/problems/x"}]},
    {"errors": [{"message": "nope", "parameters": {"pagination_token": ["a"]}, "parameter": "pagination_token"}], "title": "Invalid Request", "detail": "One", "type": "about:blank"},
]  # fmt: skip
INSIGHTS = {
    "data": [
        {"name": name, "period": "lifetime", "values": [{"value": 12}]}
        for name in ("post_media_view", "post_clicks", "reach", "views", "saved")
    ]
}
POST = {
    "id": "100_200", "created_time": "2026-11-20T09:00:00+0000", "message": "Şenlik", "permalink_url": "/ornek/posts/1", "status_type": "added_photos", "is_published": True,
    "attachments": {"data": [{"media_type": "photo"}]}, "insights": INSIGHTS, "shares": {"count": 2}, "comments": {"summary": {"total_count": 3}, "data": [{"from": {"name": "Biri"}, "message": "söz"}]},
    "reactions": {"summary": {"total_count": 5}, "data": []}, "from": {"name": "Üçüncü"},
}  # fmt: skip
MEDIUM = {"id": "17900000000000001", "timestamp": "2026-11-20T09:00:00+0000", "media_type": "VIDEO", "media_product_type": "REELS", "permalink": "https://www.instagram.com/reel/x/", "caption": "Şenlik", "like_count": 4, "comments_count": 1, "insights": INSIGHTS}  # fmt: skip
PAGING = {
    "cursors": {"before": "a", "after": "QVFI"},
    "next": "https://graph.facebook.com/v26.0/100/published_posts?access_token=x&after=QVFI",
}
DAYS = {"data": [{"name": name, "period": "day", "values": [{"value": 5, "end_time": f"2026-11-{day}T08:00:00+0000"} for day in (20, 21)]} for name in ("page_media_view", "page_follows", "reach", "follower_count")]}  # fmt: skip
TOTALS = {"data": [{"name": name, "period": "day", "total_value": {"value": 7, "breakdowns": [{"dimension_keys": ["follow_type"], "results": [{"dimension_values": ["FOLLOWER"], "value": 3}]}]}} for name in ("views", "reach", "follows_and_unfollows")]}  # fmt: skip
GRAPH_SEEDS: list[Any] = [
    {"data": [{**POST, "message": ODD, "from": {"name": ODD}}, {**POST, "id": "6", "created_time": OLD}, {**POST, "id": "7" * 200}], "paging": {**PAGING, "cursors": {"after": ODD}}},
    {"data": [POST, {**POST, "id": "100_201", "permalink_url": "https://www.facebook.com/reel/9"}], "paging": PAGING},
    {"data": [{**POST, "id": "300", "post_id": "200", "description": "kısa", "permalink_url": "/reel/300", "video_insights": INSIGHTS}]},
    {"data": [MEDIUM, {**MEDIUM, "id": "2", "media_product_type": "FEED", "media_type": "CAROUSEL_ALBUM"}], "paging": PAGING},
    {"id": "100", "name": "Örnek", "username": "ornek", "link": "https://www.facebook.com/ornek", "followers_count": 9, "fan_count": "8", "media_count": 3},
    INSIGHTS, DAYS, TOTALS,
    {"error": {"message": "(#100) The value must be a valid insights metric", "type": "OAuthException", "code": 100, "error_subcode": 33, "fbtrace_id": "x"}},
    {"error": {"message": "Please reduce the amount of data", "code": 1, "error_subcode": 99, "is_transient": True}},
]  # fmt: skip
VIDEO = {
    "kind": "youtube#video", "id": "dQw4w9WgXcQ", "etag": "x", "status": {"privacyStatus": "public"}, "statistics": {"viewCount": "12", "likeCount": "3", "commentCount": "1"},
    "snippet": {"publishedAt": "2026-11-20T09:00:00Z", "title": "Haftalık &amp; film", "channelTitle": "x", "description": "y", "liveBroadcastContent": "none"},
}  # fmt: skip
UPLOADS = {"kind": "youtube#playlistItemListResponse", "nextPageToken": "EAAaBlBUOkNBVQ", "items": [{"kind": "youtube#playlistItem", "contentDetails": {"videoId": "dQw4w9WgXcQ", "videoPublishedAt": "2026-11-20T09:00:00Z"}}], "pageInfo": {"totalResults": 2}}  # fmt: skip
CHANNELS = {"kind": "youtube#channelListResponse", "items": [{"id": CHANNEL, "snippet": {"title": "Örnek", "customUrl": "@ornek", "publishedAt": "2012-01-01T00:00:00Z"}, "statistics": {"viewCount": "99", "subscriberCount": "1230", "hiddenSubscriberCount": False, "videoCount": "3"}, "contentDetails": {"relatedPlaylists": {"uploads": "UUabcdefghijklmnopqrstuv"}}}]}  # fmt: skip
VIDEOS = {"kind": "youtube#videoListResponse", "items": [VIDEO, {**VIDEO, "id": "b"}], "pageInfo": {"totalResults": 2}}
REPORT = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": [{"name": "day", "dataType": "STRING"}, {"name": "views"}, {"name": "likes"}, {"name": "subscribersGained"}], "rows": [["2026-11-20", 5, 1, 2], ["2026-11-21", 6, 0, 0]]}  # fmt: skip
GOOGLE_SEEDS: list[Any] = [
    {**UPLOADS, "nextPageToken": ODD},
    {**VIDEOS, "items": [{**VIDEO, "snippet": {"publishedAt": OLD, "title": ODD}}, {**VIDEO, "id": "c", "snippet": {"publishedAt": "2026-11-20T09:00:00Z", "title": ODD}}]},
    UPLOADS, VIDEOS, CHANNELS, REPORT,
    {"error": {"code": 403, "message": "The request cannot be completed", "errors": [{"message": "m", "domain": "youtube.quota", "reason": "quotaExceeded"}], "status": "x", "details": [{"reason": "y"}]}},
    {"error": {"code": 400, "message": "Unknown identifier (views) given in field parameters.metrics."}},
]  # fmt: skip
KNOWN = {"channel": CHANNEL, "uploads": "UUabcdefghijklmnopqrstuv", "began": "2012-01-01"}
TOKEN = {"/token": b'{"access_token": "ya29.neu-und-lang-genug", "expires_in": 3599, "token_type": "Bearer"}'}
