#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from config.command_line import complaint
from config.env import BadSetting


def main(argv: list[str]) -> None:
    try:
        execute_from_command_line(argv)
    except BadSetting as error:
        sys.exit(str(error))
    except Exception as error:
        told = None if "--traceback" in argv else complaint(error)
        if told is None:
            raise
        sys.exit(told)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(sys.argv)
