"""The product as it is rehearsed: production's code paths, Meta played on this machine.

DEBUG=1 in the environment lets loopback addresses through the checks of production; Django runs without it.
"""

import os
from urllib.parse import urlsplit

os.environ.update({"DEBUG": "1", "SIMULATOR": "0"})

from config.env import BadSetting
from config.settings import *  # noqa: F403
from config.settings import WHATSAPP_GRAPH_URL

if urlsplit(WHATSAPP_GRAPH_URL).hostname != "127.0.0.1":
    raise BadSetting("WHATSAPP_GRAPH_URL", "must be on this machine: a rehearsal writes to nobody real")

DEBUG = False
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
