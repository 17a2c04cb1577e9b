"""Moves votes from the queue into the database. A vote is lost by no crash between the two, and counts once."""

from typing import Callable, Protocol

from ballot import Vote, decode

# Where a vote is while the worker writes it.
UNDER_WAY = "votes-under-way"


class Queue(Protocol):
    """What the worker uses of Valkey's client."""

    def lmove(self, first: str, second: str, src: str, dest: str): ...
    def blmove(self, first: str, second: str, timeout: int, src: str, dest: str): ...
    def lrem(self, name: str, count: int, value: str): ...


def requeue(queue: Queue, votes: str) -> None:
    """Votes that a previous task took and did not finish go back, as the next ones."""
    while queue.lmove(UNDER_WAY, votes, "LEFT", "RIGHT") is not None:
        pass


def step(queue: Queue, votes: str, record: Callable[[Vote], None], seconds: int = 5) -> None:
    """Records the oldest vote, or waits for one.

    :param record: writes a vote; the same vote twice is one vote
    """
    text = queue.blmove(votes, UNDER_WAY, seconds, "RIGHT", "LEFT")
    if text is None:
        return
    record(decode(text))
    queue.lrem(UNDER_WAY, 1, text)


if __name__ == "__main__":
    from pathlib import Path

    from stores import VOTES, create, queue as connect, record

    create()
    queue = connect()
    requeue(queue, VOTES)
    while True:
        step(queue, VOTES, record)
        # For the health check.
        Path("/tmp/alive").touch()
