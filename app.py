"""Entry of the app: what the server serves, and the script that draws the pages.

Start it with ``ipot app`` or ``streamlit run app.py``.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from views import api, live, map_component, store
from views.pages import navigation
from views.preload import Preload
from views.server import assembly

store.warm_up()
app = st.App(
    navigation.__file__,
    lifespan=assembly.life,
    routes=[*map_component.routes(store.drawing, live.table), *api.routes(), *assembly.routes()],
    middleware=[
        *assembly.middleware(),
        Middleware(Preload, home=map_component.base_path(), drawing=store.drawing),
    ],
    on_script_error=assembly.show_fault,
)
