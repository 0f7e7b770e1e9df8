"""A tab of a browser without the browser: it speaks Streamlit's protocol as a page does.

It sends with every change the values of all widgets in sight, remembers large messages and names
them to the server, keeps the address that the server gives it, and fetches what the map asks for.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import httpx
    from streamlit.proto.Element_pb2 import Element
    from websockets.asyncio.client import ClientConnection

#: Seconds after which an answer counts as lost.
PATIENCE = 60
#: Runs for which a browser remembers a large message that no run has used.
REMEMBERED = 2
#: Kind of widget -> field of its state, and what it says at first.
FIELDS = {
    "selectbox": "string_value", "radio": "string_value", "text_input": "string_value",
    "multiselect": "string_array_value", "button_group": "string_array_value",
    "checkbox": "bool_value", "number_input": "double_value",
}  # fmt: skip
#: How a run may end: drawn whole, or given up for another that was asked for meanwhile.
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN)
#: How a browser tells a page that it opens from what the page loads.
DOCUMENT = {"Sec-Fetch-Dest": "document"}
TRIGGERS = ("button", "download_button", "bidi_component")


class Lost(Exception):  # noqa: N818 -- it tells what became of an action
    """An action had no answer, or one that says that it failed."""


@dataclass
class Drawn:
    """What one run of a page has put before the reader."""

    elements: list[Element] = field(default_factory=list)
    popovers: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def widget(self, key: str) -> Any:
        """Return the widget with this key; it is not lost if another run draws it."""
        if key not in self.widgets:
            raise Lost(f"there is no '{key}' on the page")
        return self.widgets[key][1]

    def of(self, kind: str) -> list[Any]:
        """Return all elements of one kind."""
        return [getattr(one, kind) for one in self.elements if one.WhichOneof("type") == kind]

    def texts(self) -> str:
        """Return all that is plain text or HTML."""
        kinds = {"markdown": "body", "html": "body", "heading": "body"}
        return "\n".join(
            getattr(getattr(one, kind), kinds[kind])
            for one in self.elements
            if (kind := one.WhichOneof("type")) in kinds
        )


@dataclass
class Tab:
    """One tab on one server.

    Attributes
    ----------
    address : str
        Of the server, without a slash at the end.
    client : AsyncClient
        For what is fetched beside the websocket; its cookies are this tab's alone.
    drawn : Drawn
        What the last finished run has drawn.
    query : str
        What stands behind the question mark in the address line.
    received : int
        Bytes that came over the websocket.
    """

    address: str
    client: httpx.AsyncClient
    drawn: Drawn = field(default_factory=Drawn)
    query: str = ""
    received: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    page: str = ""
    session: str = ""
    link: ClientConnection | None = None
    #: Large messages by hash, and the run in which each was last used.
    known: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)
    fetched: set[str] = field(default_factory=set)
    values: dict[str, WidgetState] = field(default_factory=dict)
    finished: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    answers: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    runs: int = 0
    _coming: Drawn = field(default_factory=Drawn)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _reader: asyncio.Task[None] | None = None

    async def open(self, query: str = "") -> None:
        """Load the document, connect, and wait until the page that `query` names is drawn."""
        answer = await self.client.get(f"{self.address}/", headers=DOCUMENT)
        if answer.status_code != 200:
            raise Lost(f"the document: status {answer.status_code}")
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        self.link = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream", max_size=None,
            subprotocols=["streamlit"], origin=self.address, compression=None,
            open_timeout=PATIENCE, ping_interval=None,
            additional_headers={"Cookie": cookies} if cookies else None,
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read(self.link))
        self.query = query
        await self.rerun()

    async def close(self) -> None:
        """Close the tab."""
        if self.link is not None:
            await self.link.close()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)

    async def set(self, **changes: Any) -> None:
        """Change widgets by key (a dot is written as ``__``) and wait for the page."""
        self.tell(**changes)
        await self.rerun()

    def tell(self, **changes: Any) -> None:
        """Change widgets by key without sending it yet."""
        for name, value in changes.items():
            key = name.replace("__", ".")
            if key in self.drawn.popovers:
                self.values[self.drawn.popovers[key]] = WidgetState(
                    id=self.drawn.popovers[key], bool_value=value
                )
                continue
            widget = self.drawn.widget(key)
            self.values[widget.id] = state_of(self.drawn.widgets[key][0], widget.id, value)

    async def tell_by(self, component: str, event: str, value: Any) -> None:
        """Let a component of ours tell the server something, as it does when a hand lets go."""
        await self.rerun(self.event(component, event, value))

    def event(self, component: str, event: str, value: Any) -> WidgetState:
        """Return what a component of ours sends once."""
        known = self.drawn.widget(component).id
        told = json.dumps([{"event": event, "value": value}])
        return WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{known}__events", json_trigger_value=told)

    def hold(self, component: str, **state: Any) -> None:
        """Let a component of ours keep a state, which is sent with every change from now on."""
        known = self.drawn.widget(component).id
        self.values[known] = WidgetState(id=known, json_value=json.dumps(state))

    async def press(self, key: str) -> None:
        """Press a button and wait for the page."""
        await self.rerun(WidgetState(id=self.drawn.widget(key).id, trigger_value=True))

    async def go(self, page: str) -> None:
        """Go to a page through the menu; the address forgets what was in it."""
        if page not in self.pages:
            raise Lost(f"the menu does not name '{page}'")
        self.page, self.query = self.pages[page], ""
        await self.rerun(fresh=True)

    async def follow(self, page: str) -> None:
        """Follow a link on the page that leads to another page in the same state."""
        for link in self.drawn.of("page_link"):
            if link.page_script_hash == self.pages.get(page):
                self.page, self.query = link.page_script_hash, link.query_string
                await self.rerun(fresh=True)
                return
        raise Lost(f"there is no link to '{page}' on the page")

    async def rerun(self, *triggers: WidgetState, fresh: bool = False) -> None:
        """Send what the widgets say, wait until the page is drawn, fetch what it names."""
        await self.send(*triggers, fresh=fresh)
        await self.settle()

    async def settle(self, done: Callable[[], bool] = lambda: True) -> None:
        """Wait until a run ends after which `done` holds, and fetch what its page names."""
        ended = -1
        while ended != ForwardMsg.FINISHED_SUCCESSFULLY or not done():
            ended = await self._ending()
            if ended not in ENDS:
                raise Lost(f"the run ended with status {ended}")
        told = [one.message for one in self.drawn.of("exception")]
        told += [one.body for one in self.drawn.of("alert") if one.format == Alert.ERROR]
        if told:
            raise Lost(f"the page shows an error: {told[0]}")
        await self.fetch()

    async def _ending(self) -> int:
        """Wait for the end of a run; return how it ended."""
        told = asyncio.ensure_future(self.finished.get())
        reader = cast("asyncio.Task[None]", self._reader)
        over = asyncio.FIRST_COMPLETED
        done, _ = await asyncio.wait({told, reader}, timeout=PATIENCE, return_when=over)
        if told in done:
            return told.result()
        told.cancel()
        if not done:
            raise TimeoutError(f"no run of the page ended within {PATIENCE} s as it should")
        raise Lost(f"nothing more is heard of the server: {reader.exception()}")

    async def send(self, *triggers: WidgetState, fresh: bool = False) -> None:
        """Send what the widgets say; `fresh` leads to another page, where they begin anew."""
        if fresh:
            self.values.clear()
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash = self.query, self.page
        run.widget_states.widgets.extend([*self.values.values(), *triggers])
        run.cached_message_hashes.extend(self.known)
        run.context_info.timezone, run.context_info.locale = "Europe/Berlin", "de-DE"
        run.context_info.url = self.address
        await self._link.send(message.SerializeToString())

    async def fetch(self) -> None:
        """Fetch the tables that the map needs and the browser does not have yet."""
        for component in self.drawn.of("bidi_component"):
            live = json.loads(component.bytes).get("live") if b'"live"' in component.bytes else None
            if not live:
                continue
            named = [live["address"], live["spread"], live["stream"]["address"]]
            for one in {*filter(None, named)} - self.fetched:
                answer = await self.client.get(f"{self.address}/{one}")
                if answer.status_code != 200 or not answer.content:
                    raise Lost(f"{one}: status {answer.status_code}")
                self.fetched.add(one)

    async def download(self, key: str) -> bytes:
        """Press a download button; the file is made when it is asked for.

        A button that comes anew while a page is drawn takes the old one's place at once.
        """
        shown = self._coming if key in self._coming.widgets else self.drawn
        button = shown.widget(key)
        url = button.url
        if button.deferred_file_id:
            number = str(next(self._numbers))
            message = BackMsg()
            asked = message.backend_operation_request
            asked.request_id, asked.session_id = number, self.session
            asked.deferred_file.file_id = button.deferred_file_id
            self.answers[number] = asyncio.get_running_loop().create_future()
            await self._link.send(message.SerializeToString())
            told = await asyncio.wait_for(self.answers[number], PATIENCE)
            if told.error_msg:
                raise Lost(f"{key}: {told.error_msg}")
            url = told.deferred_file.url
        answer = await self.client.get(f"{self.address}{url}")
        if answer.status_code != 200 or not answer.content:
            raise Lost(f"{key}: status {answer.status_code} from {url}")
        return answer.content

    def component(self, key: str) -> Any:
        """Return what a component of ours was told."""
        return json.loads(self.drawn.widget(key).bytes)

    @property
    def _link(self) -> ClientConnection:
        if self.link is None:
            raise Lost("the tab is not open")
        return self.link

    async def _read(self, link: ClientConnection) -> None:
        async for content in link:
            self.received += len(content)
            message = ForwardMsg.FromString(content)
            if message.WhichOneof("type") == "ref_hash":
                message = self._recalled(message)
            elif message.metadata.cacheable:
                self.known[message.hash] = (message, self.runs)
            kind = message.WhichOneof("type")
            if take := self._takers.get(kind):
                take(self, getattr(message, kind))

    def _begin(self, told: Any) -> None:
        self._coming = Drawn()
        self.session, self.page = told.initialize.session_id, told.page_script_hash

    def _steer(self, told: Any) -> None:
        self.pages = {one.url_pathname: one.page_script_hash for one in told.app_pages}
        self.pages["karte"] = self.pages.get("karte") or self.pages[""]
        self.page = told.page_script_hash or self.page

    def _address(self, told: Any) -> None:
        self.query = told.query_string

    def _answer(self, told: Any) -> None:
        self.answers.pop(told.request_id).set_result(told)

    def _recalled(self, message: ForwardMsg) -> ForwardMsg:
        known = self.known[message.ref_hash][0]
        self.known[message.ref_hash] = (known, self.runs)
        recalled = ForwardMsg()
        recalled.CopyFrom(known)
        recalled.metadata.CopyFrom(message.metadata)
        return recalled

    def _take(self, delta: Any) -> None:
        if delta.WhichOneof("type") == "add_block":
            if delta.add_block.HasField("popover") and delta.add_block.popover.id:
                known = delta.add_block.popover.id
                self._coming.popovers[key_of(known)] = known
            return
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        self._coming.elements.append(element)
        if kind in FIELDS or kind in TRIGGERS:
            widget = getattr(element, kind)
            self._coming.widgets[key_of(widget.id)] = (kind, widget)
            if kind in FIELDS and (
                told := told_value(kind, widget, known=widget.id in self.values)
            ):
                self.values[widget.id] = told

    def _end(self, status: int) -> None:
        self.finished.put_nowait(status)
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            # What was not drawn again stays on the page, and is remembered, until a run is whole.
            return
        self.drawn, self.runs = self._coming, self.runs + 1
        present = {widget.id for _, widget in self.drawn.widgets.values()}
        present |= set(self.drawn.popovers.values())
        self.values = {key: one for key, one in self.values.items() if key in present}
        self.known = {key: one for key, one in self.known.items()
                      if self.runs - one[1] <= REMEMBERED}  # fmt: skip

    #: What is done with a message of the server, by its kind.
    _takers: ClassVar[dict[str, Callable[[Tab, Any], None]]] = {
        "delta": _take, "script_finished": _end, "new_session": _begin, "navigation": _steer,
        "page_info_changed": _address, "backend_operation_response": _answer,
    }  # fmt: skip


def key_of(widget: str) -> str:
    """Return the key that the app gave a widget: the last part of its id."""
    return widget.split("-", 2)[-1] if widget.startswith("$$ID-") else widget


def state_of(kind: str, widget: str, value: Any) -> WidgetState:
    """Write the value of a widget as the browser sends it."""
    state = WidgetState(id=widget)
    name = FIELDS[kind]
    if name == "string_array_value":
        state.string_array_value.data.extend(value)
    elif value is not None:
        setattr(state, name, value)
    return state


def told_value(kind: str, widget: Any, *, known: bool) -> WidgetState | None:
    """Value that a widget takes when it is drawn: what the server sets, or at first the usual."""
    if kind == "button_group":
        listed = [one.content for one in widget.options]
        default = [listed[place] for place in widget.default]
        if widget.set_value:
            return state_of(kind, widget.id, list(widget.raw_values))
        return None if known else state_of(kind, widget.id, default)
    if widget.set_value:
        name = {"multiselect": "raw_values", "checkbox": "value", "number_input": "value",
                "text_input": "value"}.get(kind, "raw_value")  # fmt: skip
        given = getattr(widget, name)
        return state_of(kind, widget.id, list(given) if kind == "multiselect" else given)
    return None if known else state_of(kind, widget.id, usual(kind, widget))


def usual(kind: str, widget: Any) -> Any:
    """Value that a widget says before anybody touches it."""
    if kind == "multiselect":
        return [widget.options[place] for place in widget.default]
    if kind in {"selectbox", "radio"}:
        options: Iterable[str] = widget.options
        return list(options)[widget.default] if widget.HasField("default") else None
    return widget.default
