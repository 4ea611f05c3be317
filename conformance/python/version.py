"""Which CPython this is."""

import platform


def run_program(_program):
    return platform.python_version()
