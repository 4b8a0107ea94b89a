"""``python -m crawlers``: the child process that ``crawlers.runner`` starts; it expects a job on stdin."""

from crawlers.process import main

raise SystemExit(main())
