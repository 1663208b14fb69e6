import os

from config import env, stores

DEBUG = False
SECRET_KEY = env.DEVELOPMENT["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
ROOT_URLCONF = "tests.bench.bare.views"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
_rows = stores.database("DATABASE_URL", os.environ["DATABASE_URL"], pool=0, pgbouncer=False)
# A ceiling asks nothing that it need not: not even whether the connection still lives.
DATABASES = {"default": {**_rows, "CONN_HEALTH_CHECKS": False}}
GRAPH_URL = os.environ["BENCH_GRAPH_URL"]
