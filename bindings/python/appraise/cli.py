"""The command `appraise`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line, or says what it needs."""
    # A run asks for large columns again and again: the system's allocator keeps their pages, that of pyarrow does not.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        from appraise._commands import app
    except ModuleNotFoundError as missing:
        if missing.name not in ("typer", "rich", "pyarrow", "click", "thrift", "jinja2"):
            raise
        sys.exit(f"appraise: the command line needs {missing.name}; install it with: pip install 'appraise[cli]'")
    app()


if __name__ == "__main__":
    main()
