"""``python -m views.cli`` is ``ipot``."""

from views.cli.commands import main

main()
