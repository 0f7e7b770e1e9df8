"""What makes the app fit for strangers: headers, health, logs, limits, sign-in, an orderly end.

`app.py` takes everything from `views.server.assembly`. What can be set stands in one place,
`views.server.settings`; on one's own machine nothing need be.
"""
