"""The queue and the database, by their names on the stack's networks."""

from pathlib import Path

import pymysql
import redis

from ballot import Vote

VOTES = "votes"


def queue() -> redis.Redis:
    # Longer than the worker waits for a vote.
    return redis.Redis(host="queue", decode_responses=True, socket_timeout=15, health_check_interval=30)


def database() -> pymysql.Connection:
    password = Path("/run/secrets/password").read_text().strip()
    return pymysql.connect(host="database", user="app", password=password, database="app", autocommit=True,
                           connect_timeout=10, read_timeout=15, write_timeout=15)


def create() -> None:
    with database() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS votes (voter CHAR(32) PRIMARY KEY, choice VARCHAR(100) NOT NULL)")


def record(vote: Vote) -> None:
    with database() as connection, connection.cursor() as cursor:
        cursor.execute("REPLACE INTO votes VALUES (%s, %s)", vote)


def counts() -> dict[str, int]:
    with database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT choice, COUNT(*) FROM votes GROUP BY choice")
        return dict(cursor.fetchall())
