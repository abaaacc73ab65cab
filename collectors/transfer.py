"""The bytes of one answer: whole, unpacked and bounded, or the reason why not."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator

import requests
import urllib3

from collectors.base import CollectError, Malformed, Refused, Unavailable

AT_ONCE = 65536
PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # zlib's window bits


def whole_body(response: requests.Response, *, most: int, seconds: float, at: str) -> bytes:
    """The body of an answer that was asked for with `stream=True`.

    Raises Malformed over `most` bytes, packed or not, and Unavailable when it takes longer than `seconds` or ends before
    its end. Reads whatever has come, so that a server which drips is cut off too (`iter_content` waits for whole blocks).
    """
    try:
        return b"".join(_bounded(_pieces(response, seconds, at), most, response.raw.length_remaining, at))
    except BaseException:
        response.close()
        raise


def _pieces(response: requests.Response, seconds: float, at: str) -> Iterator[bytes]:
    """What has arrived, unpacked, piece by piece. urllib3 would not notice that a packed body lacks its end."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower() or "identity"
    if packing != "identity" and packing not in PACKED:
        raise Malformed(f"packed in a way that nobody asked for ({packing[:20]})", at=at, cure="tried again later")
    flow = zlib.decompressobj(PACKED[packing]) if packing in PACKED else None
    began, raw, fed = time.monotonic(), response.raw, False
    while piece := raw.read1(min(AT_ONCE, raw.length_remaining or AT_ONCE), decode_content=False):
        if time.monotonic() - began > seconds:
            raise Unavailable(f"still sending after {seconds:.0f} s", at=at, cure="tried again by itself later")
        fed = True
        if flow is None:
            yield piece
        elif not flow.eof:
            yield from _unpacked(flow, piece, at)
    if flow and fed and not flow.eof:
        raise Unavailable("no whole answer (packed, and its end is missing)", at=at, cure="tried again by itself later")


def _unpacked(flow: zlib._Decompress, piece: bytes, at: str) -> Iterator[bytes]:
    """At most `AT_ONCE` bytes at a time, so that a bomb is noticed before it has gone off."""
    size = AT_ONCE
    while piece or size == AT_ONCE:
        try:
            part = flow.decompress(piece, AT_ONCE)
        except zlib.error:
            raise Unavailable("no whole answer (packed, and broken)", at=at, cure="tried again by itself later") from None
        piece, size = flow.unconsumed_tail, len(part)
        yield part
        if flow.eof:
            return


def _bounded(pieces: Iterator[bytes], most: int, announced: int | None, at: str) -> Iterator[bytes]:
    size = announced or 0
    if size <= most:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > most:
                break
            yield piece
    if size > most:
        raise Malformed(f"more than {most / 2**20:g} MB", at=at, cure="nothing was stored of it")


def was_sent(error: Exception) -> bool:
    """Whether the platform may have seen (and counted) a request that brought no whole answer."""
    if isinstance(error, requests.ConnectionError):
        cause = getattr(error.args[0] if error.args else None, "reason", None)
        return not isinstance(cause, urllib3.exceptions.NewConnectionError) and not isinstance(
            error, (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
        )
    return not isinstance(error, ValueError)


def failure(error: Exception, at: str) -> CollectError:
    """What went wrong before there was a whole answer, without a word of the SDK's or the server's: they quote tokens."""
    if isinstance(error, CollectError):
        return error
    if isinstance(error, (requests.exceptions.InvalidHeader, UnicodeError)):
        return Refused("a credential holds characters that can't be sent", at=at, cure="copy it again: run `mecra auth`")
    if isinstance(error, ValueError):
        return Malformed("no address that could be asked", at=at, cure="check api_root in mecra.toml")
    return Unavailable(f"no whole answer ({_reason(error)})", at=at, cure="tried again by itself later")


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, requests.Timeout) or "timed out" in text:
        return "timed out"
    for word in ("IncompleteRead", "Connection reset", "Connection refused", "Name or service not known", "Connection aborted"):
        if word in text:
            return word
    return type(error).__name__
