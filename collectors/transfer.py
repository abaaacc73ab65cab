"""The bytes of one answer: whole, unpacked and bounded, or not at all."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from collectors.base import Malformed, Unavailable

if TYPE_CHECKING:
    from requests import Response

AT_ONCE = 65536
PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # zlib's window bits


def whole_body(response: Response, *, most: int, seconds: float, at: str) -> bytes:
    """The body of an answer that was asked for with `stream=True`.

    Raises Malformed over `most` bytes, packed or not, and Unavailable when it takes longer than `seconds` or ends before
    its end. Reads whatever has come, so that a server which drips is cut off too (`iter_content` waits for whole blocks).
    """
    try:
        return b"".join(_bounded(_pieces(response, seconds, at), most, response.raw.length_remaining, at))
    except BaseException:
        response.close()
        raise


def _pieces(response: Response, seconds: float, at: str) -> Iterator[bytes]:
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
