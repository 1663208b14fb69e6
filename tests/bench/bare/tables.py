import django
from django.db import connection

TABLES = (
    "CREATE TABLE bench_event (id {serial}, key varchar(255) NOT NULL UNIQUE, payload {json} NOT NULL)",
    "CREATE TABLE bench_order (id {serial}, raffle integer, player bigint, total bigint, at {instant})",
    "CREATE TABLE bench_claim (raffle integer, number integer, order_id bigint, UNIQUE (raffle, number))",
    "CREATE TABLE bench_block (raffle integer, place integer, held integer, PRIMARY KEY (raffle, place))",
)
WORDS = {
    "postgresql": {"serial": "bigserial PRIMARY KEY", "json": "jsonb", "instant": "timestamptz"},
    "sqlite": {"serial": "integer PRIMARY KEY", "json": "text", "instant": "text"},
}


def make() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table.format(**WORDS[connection.vendor]))


if __name__ == "__main__":
    django.setup()
    make()
