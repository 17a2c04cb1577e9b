"""What a vote is: who votes, and for which option. Without queue and database, so that tests need neither."""

import json
import os
import re
import uuid
from typing import NamedTuple, Optional


class Vote(NamedTuple):
    voter: str
    option: str


def options(text: Optional[str] = None) -> list[str]:
    """The options of `OPTIONS`, e.g. `cats,dogs`."""
    names = [name.strip() for name in (os.environ["OPTIONS"] if text is None else text).split(",")]
    if len(set(names)) < 2 or len(set(names)) != len(names) or "" in names:
        raise ValueError(f"OPTIONS is '{text}'; it must be two or more different names, e.g. cats,dogs")
    return names


def voter(cookies: str) -> str:
    """The voter of a `Cookie` header; a new one where there is none."""
    found = re.search(r"(?:^|;\s*)voter=([0-9a-f]{32})(?:;|$)", cookies)
    return found[1] if found else uuid.uuid4().hex


def encode(vote: Vote) -> str:
    return json.dumps(vote._asdict())


def decode(text: str) -> Vote:
    return Vote(**json.loads(text))


def shares(counts: dict[str, int], names: list[str]) -> list[tuple[str, int, int]]:
    """Each option with its votes and its percentage; votes for options that are no longer there do not count."""
    total = sum(counts.get(name, 0) for name in names)
    return [(name, counts.get(name, 0), round(100 * counts.get(name, 0) / total) if total else 0) for name in names]
