"""``python -m views.cli`` is ``ipot``."""

from views.cli import main

main()
