"""Which articles are about the institution: the counting rule, which is a file."""

from __future__ import annotations

import hashlib
import html
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from collectors.turkish import fold
from config.checks import of_kind
from model import MecraError
from words import N_, _

SHIPPED = Path(__file__).parents[2] / "config" / "news.toml"
FIELDS = {"institution", "place", "head", "look_in", "counts", "excludes"}
PLACES = ("title", "summary", "body")

START, END = "(?<![a-z0-9])", "(?![a-z0-9])"
# What may follow a proper noun. After an apostrophe anything is a suffix; without one, the case endings and their like.
_CASE = r"n?[iu]n|[yns]?[iu]|[yn]?[ae]|n?[dt][ae](?:n|ki\w{0,6})?|y?l[ae]|n?c[ae]|[dt][iu]r|y[dm][iu]\w{0,3}|ys[ae]"
SUFFIX = rf"(?:'[a-z]{{1,12}}|(?:l[ae]r|l[iu]|s[iu]z)?(?:{_CASE})?)"


@dataclass(frozen=True, slots=True)
class Match:
    """Why an article is kept: the term that matched, where it stood first, and what that makes of the article."""

    term: str
    place: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Term:
    """`needs` is what stands in every text that the pattern finds: looking for it alone is much cheaper."""

    name: str
    pattern: re.Pattern[str]
    reason: str = ""
    needs: str = ""

    def within(self, text: str) -> bool:
        return self.needs in text and self.pattern.search(text) is not None


@dataclass(frozen=True)
class Rule:
    """The counting rule of one institution. `counts` and `excludes` are entries as in `config/news.toml`."""

    institution: str
    place: str = ""
    head: str = ""
    look_in: tuple[str, ...] = ("title", "summary")
    counts: Sequence[Mapping[str, str]] = ()
    excludes: Sequence[Mapping[str, str]] = ()

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Rule:
        """The rule in a file; raises MecraError that names the file and what can't be used in it."""
        try:
            loaded = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise MecraError(
                _("{path}: {why}; set news.rule in mecra.toml to a file that exists").format(path=path, why=error.strerror)
            ) from error
        except (ValueError, RecursionError) as error:
            raise MecraError(f"{path}: {error}") from error
        if unknown := sorted(set(loaded) - FIELDS):
            raise MecraError(
                _("{path}: {unknown} is no part of a counting rule; there are {names}").format(
                    path=path, unknown=unknown[0], names=", ".join(sorted(FIELDS))
                )
            )
        for name in ("institution", "place", "head"):
            of_kind(loaded.get(name, ""), (str,), path, name)
        look_in = tuple(of_kind(loaded.get("look_in", [*cls.look_in]), (list,), path, "look_in"))
        if not loaded.get("institution") or not all(place in PLACES for place in look_in):
            raise MecraError(_("{path}: needs institution, and look_in of {names}").format(path=path, names=", ".join(PLACES)))
        for name in ("counts", "excludes"):
            for entry in of_kind(loaded.get(name, []), (list,), path, name):
                for key, text in of_kind(entry, (dict,), path, name).items():
                    of_kind(text, (str,), path, f"{name}.{key}")
        rule = cls(**{**loaded, "look_in": look_in})
        try:
            rule._counting, rule._excluded, rule._barred  # noqa: B018  a mistake in a pattern shows when the file is read
        except (re.error, KeyError, OverflowError, RecursionError) as error:
            raise MecraError(f"{path}: {error}") from error
        return rule

    @classmethod
    def of(cls, setting: Rule | Path | str | None) -> Rule:
        """The rule that a setting means: a rule, a file, or nothing for the shipped one. A file is read again when it changed."""
        if isinstance(setting, Rule):
            return setting
        path = Path(setting) if setting else SHIPPED
        try:
            changed = path.stat().st_mtime_ns
        except OSError:  # told when it is read
            changed = 0
        return _loaded(path, changed)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change when the rule means something else."""
        parts = [
            self.institution,
            self.place,
            self.head,
            list(self.look_in),
            [*map(dict, self.counts)],
            [*map(dict, self.excludes)],
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]

    def match(self, title: str, summary: str = "", body: str = "") -> Match | None:
        """What the rule says of an article, None when it names nothing of ours. Entities may still be in the texts."""
        texts = {"title": title, "summary": summary, "body": body}
        folded = {name: fold(html.unescape(texts[name])) for name in self.look_in if texts[name]}
        named = self._named(folded)
        if named is None:
            return None
        barred = next((term for text in folded.values() for term in self._barred if term.within(text)), None)
        if barred:
            return Match(named[0].name, named[1], "excluded", barred.reason)
        for name, text in folded.items():
            rest = self._without_excluded(text)
            if term := next((term for term in self._counting if term.within(rest)), None):
                return Match(term.name, name, "counted")
        for text in folded.values():
            if term := next((term for term in self._excluded if term.within(text)), None):
                return Match(named[0].name, named[1], "excluded", term.reason)
        return Match(named[0].name, named[1], "review", N_("only the place is named"))

    def _named(self, folded: Mapping[str, str]) -> tuple[_Term, str] | None:
        for terms in (self._counting, self._placed):
            for name, text in folded.items():
                if term := next((term for term in terms if term.within(text)), None):
                    return term, name
        return None

    def _without_excluded(self, text: str) -> str:
        for term in self._excluded:
            text = term.pattern.sub(" | ", text)
        return text

    @cached_property
    def _counting(self) -> tuple[_Term, ...]:
        terms = [
            _Term(self.institution, re.compile(START + institution_pattern(self.institution) + END), needs=_first(self.institution))
        ]
        if self.head:
            chief, head = r"(?:baskan\w*|bsk\.?)", fold(self.head)
            terms.append(_Term(f"Başkan {self.head}", re.compile(f"{START}{chief} {words_pattern(head)}{END}"), needs=head))
            if self.place:
                near = rf"{START}{words_pattern(self.place)} (?:\S+ ){{0,4}}{chief} {words_pattern(head.split()[-1])}{END}"
                terms.append(_Term(f"{self.place} … Başkan {self.head.split()[-1]}", re.compile(near), needs=_first(self.place)))
        return (*terms, *map(self._term, self.counts))

    @cached_property
    def _placed(self) -> tuple[_Term, ...]:
        pattern = re.compile(START + words_pattern(self.place) + END)
        return (_Term(self.place, pattern, needs=_first(self.place)),) if self.place else ()

    @cached_property
    def _excluded(self) -> tuple[_Term, ...]:
        return tuple(self._term(entry) for entry in self.excludes if entry.get("scope", "words") == "words")

    @cached_property
    def _barred(self) -> tuple[_Term, ...]:
        return tuple(self._term(entry) for entry in self.excludes if entry.get("scope", "words") == "article")

    def _term(self, entry: Mapping[str, str]) -> _Term:
        names = {
            "{institution}": START + institution_pattern(self.institution),
            "{place}": START + words_pattern(self.place or self.institution.rpartition(" ")[0] or self.institution),
            "{head}": START + words_pattern(self.head),
        }
        if "words" in entry:
            parts = re.split(r"(\{\w+\})", entry["words"])
            pattern = "".join(
                names[part] if part in names else f" {words_pattern(part)} " for part in parts if part.strip()
            ).strip()
            pattern = START + pattern + END
            needs = next((first for part in parts if part not in names and (first := _first(part))), "")
        else:
            pattern = re.sub(r"\{(?:institution|place|head)\}", lambda found: names[found[0]], entry["pattern"])
            needs = ""
        return _Term(entry.get("words") or entry["pattern"], re.compile(pattern), entry.get("reason", ""), needs)


def _first(words: str) -> str:
    return next(iter(fold(words).split()), "")


@lru_cache(maxsize=4)
def _loaded(path: Path, changed: int) -> Rule:
    return Rule.load(path)


def words_pattern(words: str) -> str:
    """A pattern over folded text for words of which the last may carry a suffix."""
    return re.escape(fold(words)).replace(r"\ ", " ") + SUFFIX


def institution_pattern(name: str) -> str:
    """A pattern over folded text for an institution; a municipality is met in more forms than its full name."""
    first, _, last = fold(name).rpartition(" ")
    if first and last in ("belediyesi", "belediye"):
        return rf"{re.escape(first)} bel(?:ediye(?:si|miz|leri?|ler)?{SUFFIX}|\.)"
    return words_pattern(name)
