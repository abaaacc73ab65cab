"""What a collector is, and the words in which it says that something went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from model import Account, Exchange, MecraError, Page, Records, Stream, Walk

if TYPE_CHECKING:
    from collectors.http import Door, Outfit


class Collector(Protocol):
    """One platform, made from an `Outfit`. `fetch` asks, `read` understands; neither knows the database.

    Everything that is stored comes out of `read`, a pure function of an archived exchange, so that the tables can be
    derived again from the archive alone (`mecra rebuild`).
    """

    streams: ClassVar[Mapping[str, Stream]]
    door: Door

    def __init__(self, outfit: Outfit) -> None: ...

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        """Ask for the page that `walk.cursor` names (the newest when None), through the door.

        Pages run from new to old or from the first window to the last; the page that reaches `walk.since` has no cursor.
        `walk.started_at` is the upper end, in every attempt. Raises CollectError only.
        """
        ...

    def read(self, account: Account, exchange: Exchange) -> Records:
        """The records in one archived answer of status 200. A row that can't be read is a fault, not an exception.

        Raises Malformed when the whole answer is not what it claims to be.
        """
        ...


class CollectError(MecraError):
    """A request that brought nothing: what happened, where, and what to do. The subclass says what the loop must do.

    `shared`: it holds for everything of the platform, so that nothing more is asked of it in this run.
    """

    outcome: ClassVar[str] = "failed"
    shared = False

    def __init__(self, what: str, *, at: str = "", cure: str = "") -> None:
        self.what, self.at, self.cure = what, at, cure
        super().__init__(": ".join(filter(None, [at, what])) + (f" -> {cure}" if cure else ""))


class Unavailable(CollectError):
    """The platform or the way there is down: tried again in the door, then later."""

    outcome = "unavailable"


class RateLimited(CollectError):
    """Too many requests: stop here, go on at `until`; nobody sleeps."""

    outcome = "rate limited"

    def __init__(self, what: str, *, until: datetime, at: str = "", cure: str = "", shared: bool = True) -> None:
        super().__init__(what, at=at, cure=cure)
        self.until, self.shared = until, shared


class OverBudget(RateLimited):
    """Our own limit, not the platform's: the next request would exceed a budget of the settings."""

    outcome = "over budget"


class Expired(CollectError):
    """The cursor is dead: the walk starts again from the top."""

    outcome = "expired"


class Refused(CollectError):
    """Credentials, permission or credit: stop, raise the alarm, say how to renew."""

    outcome = "refused"

    def __init__(self, what: str, *, at: str = "", cure: str = "", shared: bool = False) -> None:
        super().__init__(what, at=at, cure=cure)
        self.shared = shared


class Gone(CollectError):
    """No such account, feed or post any more."""

    outcome = "gone"


class Unsupported(CollectError):
    """One metric or field is dead: mark it and go on without it."""

    outcome = "unsupported"

    def __init__(self, what: str, *, metric: str, at: str = "", cure: str = "") -> None:
        super().__init__(what, at=at, cure=cure)
        self.metric = metric


class Malformed(CollectError):
    """The answer is not what it claims to be."""

    outcome = "malformed"
