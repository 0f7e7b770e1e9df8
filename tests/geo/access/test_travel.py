"""Travel times: straight lines, a network of six nodes worked out by hand, and two engines.

The engines themselves are not here. Valhalla is played by a server on this machine that answers in
the documented form of ``/sources_to_targets``; R5 by a stand-in for the classes of r5py.
"""

from __future__ import annotations

import io
import json
import sys
import threading
import types
import zipfile
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.access.distance import nearest
from geo.access.network import Network
from geo.access.r5 import R5
from geo.access.summary import summary
from geo.access.travel import StraightLine, degrees
from geo.access.valhalla import Valhalla
from layers.errors import SourceError

GTFS = Path(__file__).parents[3].parent / "shared" / "data" / "formats" / "gtfs"
needs_gtfs = pytest.mark.skipif(
    not GTFS.is_dir(), reason="the sample files (../shared/data) are not here"
)
NOWHERE = np.nan
#: In local time, as r5py takes it.
MORNING = datetime.fromisoformat("2026-03-03T08:00")


def points(*places):
    """Points by metres from (4,321,000, 3,000,000)."""
    x, y = np.array(places, dtype=float).reshape(-1, 2).T
    return pd.DataFrame({"x": 4_321_000 + x, "y": 3_000_000 + y})


# --- straight lines -----------------------------------------------------------------------------

HERE, THERE = points((0, 0), (3_000, 4_000)), points((0, 0), (0, 10_000))


def test_minutes_of_straight_lines():
    found = StraightLine(speed_kmh=60, detour=1.3).minutes(HERE, THERE)
    assert found == pytest.approx(1.3 * np.array([[0, 10], [5, np.hypot(3, 6)]]))


def test_nearest_by_straight_line_is_the_least_of_the_minutes():
    line = StraightLine(speed_kmh=4.5)
    assert line.nearest(HERE, THERE) == pytest.approx(line.minutes(HERE, THERE).min(axis=1))


@pytest.mark.parametrize("options", [{"speed_kmh": 0}, {"speed_kmh": np.nan}, {"detour": 0.5}])
def test_speeds_and_detours_that_cannot_be(options):
    with pytest.raises(SourceError, match=r"km/h|detour"):
        StraightLine(**({"speed_kmh": 50} | options))


@pytest.mark.parametrize("bad", [points(), points((np.nan, 0))])
def test_points_without_a_place(bad):
    for way in (StraightLine(50), small_town()):
        with pytest.raises(SourceError, match="points"):
            way.minutes(bad, THERE)


def test_summary_takes_minutes_as_it_takes_kilometres():
    cells = HERE.assign(people=[30.0, 10.0])
    minutes = StraightLine(speed_kmh=60).nearest(cells, THERE)
    table = summary(cells, minutes, ["a", "a"], within=(3,))
    assert table.loc["a", "km_mean"] == pytest.approx((30 * 0 + 10 * 5) / 40)


# --- a network ----------------------------------------------------------------------------------
#
#   A --3-- B --4-- C        one way: C -> D takes 2, D -> C does not exist
#   |       |                E hangs on A by 10 and on B by 1; F stands alone
#   10 E 1--+       D


def small_town(reach=500.0):
    nodes = pd.DataFrame(
        {
            "x": 4_321_000 + np.array([0, 5_000, 10_000, 10_000, 2_000, 60_000.0]),
            "y": 3_000_000 + np.array([0, 0, 0, -5_000, -5_000, 0.0]),
        },
        index=list("ABCDEF"),
    )
    both = [("A", "B", 3), ("B", "C", 4), ("A", "E", 10), ("B", "E", 1), ("A", "B", 99)]
    rows = both + [(end, start, minutes) for start, end, minutes in both] + [("C", "D", 2)]
    edges = pd.DataFrame(rows, columns=["from", "to", "minutes"])
    return Network(nodes, edges, reach=reach, walk_kmh=6)


def at(*nodes):
    return small_town().nodes.loc[list(nodes)].reset_index(drop=True)


def test_shortest_ways_in_both_directions():
    found = small_town().minutes(at(*"ABCDEF"), at(*"AD"))
    #              to A     to D
    assert found == pytest.approx(np.array([
        [0,       3 + 4 + 2],
        [3,       4 + 2],
        [4 + 3,   2],
        [NOWHERE, 0],
        [1 + 3,   1 + 4 + 2],
        [NOWHERE, NOWHERE],
    ]), nan_ok=True)  # fmt: skip


def test_the_nearest_of_several():
    found = small_town().nearest(at(*"ABCDEF"), at(*"AD"))
    assert found == pytest.approx([0, 3, 2, 0, 4, NOWHERE], nan_ok=True)


def test_ways_to_and_from_the_network_are_walked():
    # 100 m to A and 300 m from C at 6 km/h are 1 and 3 minutes.
    start, end = points((0, 100)), points((10_000, 300))
    assert small_town().minutes(start, end)[0, 0] == pytest.approx(1 + (3 + 4) + 3)
    assert small_town().nearest(start, end)[0] == pytest.approx(1 + (3 + 4) + 3)


def test_beyond_the_reach_there_is_no_way():
    for start, end in ((points((0, 600)), at("B")), (at("B"), points((0, 600)))):
        assert np.isnan(small_town().minutes(start, end)).all()
        assert np.isnan(small_town().nearest(start, end)).all()
        assert small_town(reach=601).nearest(start, end)[0] == pytest.approx(6 + 3)


def test_neighbours_walk_without_the_network():
    # Both lie beyond the reach of any node, 200 m apart.
    start, end = points((30_000, 0)), points((30_200, 0), (90_000, 0))
    assert small_town().minutes(start, end) == pytest.approx(np.array([[2, NOWHERE]]), nan_ok=True)
    assert small_town().nearest(start, end)[0] == pytest.approx(2)


def test_two_destinations_at_one_node_count_each():
    end = points((0, 400), (0, 100))
    assert small_town().nearest(at("B"), end)[0] == pytest.approx(3 + 1)
    assert small_town().minutes(at("B"), end).tolist() == [pytest.approx([3 + 4, 3 + 1])]


@settings(max_examples=15)
@given(seed=st.integers(0, 1_000))
def test_one_search_for_all_destinations_finds_the_least_of_all_searches(seed):
    random = np.random.default_rng(seed)
    nodes = pd.DataFrame(random.uniform(0, 9_000, (30, 2)), columns=["x", "y"])
    ends = random.integers(0, 30, (70, 2))
    edges = pd.DataFrame({"from": ends[:, 0], "to": ends[:, 1]})
    network = Network(nodes, edges.assign(minutes=random.integers(0, 20, 70)), reach=1_500)
    some = [pd.DataFrame(random.uniform(0, 9_000, (n, 2)), columns=["x", "y"]) for n in (12, 5)]
    each = network.minutes(*some)
    least = np.nanmin(np.where(np.isnan(each), np.inf, each), axis=1)
    assert network.nearest(*some) == pytest.approx(
        np.where(np.isinf(least), np.nan, least), nan_ok=True
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to": "X"}, "'X', which is no node"),
        ({"minutes": -1}, "'-1' minutes"),
        ({"minutes": "quick"}, "'quick' minutes"),
        ({"minutes": np.inf}, "'inf' minutes"),
    ],
)
def test_edges_that_cannot_be(change, said):
    edge = {"from": "A", "to": "B", "minutes": 3} | change
    with pytest.raises(SourceError, match=said):
        Network(small_town().nodes, pd.DataFrame([edge]))


def test_a_node_that_occurs_twice():
    town = small_town()
    with pytest.raises(SourceError, match="'A' occurs more than once"):
        Network(pd.concat([town.nodes, town.nodes.loc[["A"]]]), town.edges)


@needs_gtfs
def test_a_real_bus_line_takes_as_long_as_its_timetable_says():
    """Edges from a trip that stops nowhere twice: the minutes add up to those of the whole ride."""
    with zipfile.ZipFile(GTFS / "vvs-bus-764-only.gtfs.zip") as feed:
        stops, times = (
            pd.read_csv(io.BytesIO(feed.read(name)), dtype=str)
            for name in ("stops.txt", "stop_times.txt")
        )
    once = ~times.duplicated(["trip_id", "stop_id"]).groupby(times["trip_id"]).transform("any")
    trip = times[times["trip_id"] == times.loc[once, "trip_id"].iloc[0]]
    trip = trip.assign(order=trip["stop_sequence"].astype(int)).sort_values("order")
    clock = pd.to_timedelta(trip["departure_time"]).dt.total_seconds().to_numpy() / 60
    lon, lat = stops["stop_lon"].astype(float), stops["stop_lat"].astype(float)
    metres = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs("EPSG:3035")
    nodes = pd.DataFrame({"x": metres.x.to_numpy(), "y": metres.y.to_numpy()}, stops["stop_id"])
    order = trip["stop_id"].to_numpy()
    edges = pd.DataFrame({"from": order[:-1], "to": order[1:], "minutes": np.diff(clock)})
    line = Network(nodes, edges, reach=1.0)
    first, last = nodes.loc[[order[0]]], nodes.loc[[order[-1]]]
    assert line.nearest(first, last)[0] == pytest.approx(clock[-1] - clock[0])
    assert np.isnan(line.nearest(last, first)[0])


# --- Valhalla -----------------------------------------------------------------------------------


class Service:
    """A server that answers as Valhalla does; `told` keeps the questions."""

    def __init__(self):
        self.told, self.answer = [], self.straight
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                question = json.loads(self.rfile.read(length))
                service.told.append((self.path, question))
                status, body = service.answer(question)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Who asked may have gone before the answer.
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @staticmethod
    def straight(question):
        """One minute per hundredth of a degree of latitude, in the documented form."""
        rows = [
            [
                {
                    "distance": 1.0, "time": round(6_000 * abs(start["lat"] - end["lat"])),
                    "to_index": column, "from_index": row,
                }
                for column, end in enumerate(question["targets"])
            ]
            for row, start in enumerate(question["sources"])
        ]  # fmt: skip
        return 200, {"sources_to_targets": rows, "units": "kilometers"}


@pytest.fixture
def service():
    one = Service()
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_a_table_of_minutes_in_blocks(service):
    start, end = points(*((0, 1_112 * n) for n in range(5))), points((0, 0), (0, 2_224), (0, 4_448))
    found = Valhalla(service.url + "/", costing="bicycle", side=2).minutes(start, end)
    assert found == pytest.approx(np.abs(np.arange(5)[:, None] - np.array([0, 2, 4])), abs=0.05)
    assert len(service.told) == 3 * 2
    path, question = service.told[0]
    assert (path, question["costing"]) == ("/sources_to_targets", "bicycle")
    lon, lat = degrees(start)
    assert question["sources"][1] == {"lat": round(lat[1], 6), "lon": round(lon[1], 6)}


def test_nearest_asks_only_about_what_is_near(service):
    start = points((0, 0), (0, 100_000))
    end = points((0, 1_112), (0, 105_560), (0, -300_000))
    found = Valhalla(service.url, side=1, few=1).nearest(start, end)
    assert found == pytest.approx([1, 5], abs=0.05)
    assert len(service.told) == 2


def test_no_way_is_null_in_the_answer_and_nan_here(service):
    pair = {"distance": None, "time": None, "to_index": 0, "from_index": 0}
    service.answer = lambda _: (200, {"sources_to_targets": [[pair]]})
    assert np.isnan(Valhalla(service.url).minutes(points((0, 0)), points((0, 9)))).all()
    assert np.isnan(Valhalla(service.url).nearest(points((0, 0)), points((0, 9)))).all()


def test_a_point_in_a_lake_costs_only_its_own_pairs(service):
    start, end = points(*((0, 1_112 * n) for n in range(4))), points((0, 0), (0, 1_112))
    lake = round(degrees(start)[1][2], 6)

    def answer(question):
        if any(place["lat"] == lake for place in question["sources"]):
            refusal = {"error_code": 171, "error": "No suitable edges near location"}
            return 400, refusal | {"status_code": 400, "status": "Bad Request"}
        return Service.straight(question)

    service.answer = answer
    found = Valhalla(service.url).minutes(start, end)
    assert found == pytest.approx(
        np.array([[0, 1], [1, 0], [NOWHERE, NOWHERE], [3, 2]]), abs=0.05, nan_ok=True
    )


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"error_code": 154, "error": "Path distance exceeds the max"}, "Path distance"),
        (200, {"trip": {}}, "no table of travel times"),
        (200, {"sources_to_targets": [[{"time": 3}, {"time": 4}]]}, "no table of travel times"),
        (200, {"sources_to_targets": [[{"time": "3 min"}]]}, "no table of travel times"),
        (200, {"sources_to_targets": [[{"time": -3}]]}, "no table of travel times"),
        (502, b"<html>Bad Gateway</html>", "no table of travel times"),
        (200, [1, 2], "no table of travel times"),
    ],
)
def test_answers_that_are_none(service, status, body, said):
    service.answer = lambda _: (status, body)
    with pytest.raises(SourceError, match=said):
        Valhalla(service.url).minutes(points((0, 0)), points((0, 9)))


@pytest.mark.parametrize("kind", ["silent", "absent"])
def test_a_service_that_does_not_answer(service, kind):
    silence = threading.Event()
    service.answer = lambda _: (silence.wait(2), Service.straight(_))[1]
    url = service.url if kind == "silent" else "http://127.0.0.1:9"
    with stamina.set_testing(True, attempts=2), pytest.raises(SourceError, match="is it running"):
        Valhalla(url, timeout=0.05).minutes(points((0, 0)), points((0, 9)))
    silence.set()


def test_an_address_that_is_none():
    with pytest.raises(SourceError, match="no address"):
        Valhalla("/etc/passwd")


# --- R5 -----------------------------------------------------------------------------------------


@pytest.fixture
def r5(monkeypatch, tmp_path):
    """Put a stand-in with r5py's documented classes in its place, and return R5 on empty files."""
    made = []

    class TransportNetwork:
        def __init__(self, osm_pbf, gtfs):
            made.append((osm_pbf, gtfs))

    def matrix(network, origins, destinations, *, departure, snap_to_network, **options):
        assert isinstance(network, TransportNetwork)
        assert origins.crs.to_epsg() == destinations.crs.to_epsg() == 4326
        assert departure == MORNING
        assert snap_to_network
        made.append(options)
        # As r5py answers: keys as text, in any order, NaN without a way, unsnapped points left out.
        rows = [("1", "0", 7.0), ("0", "1", np.nan), ("0", "0", 12.0)]
        return pd.DataFrame(rows, columns=["from_id", "to_id", "travel_time"])

    module = types.ModuleType("r5py")
    module.TransportNetwork, module.TravelTimeMatrix = TransportNetwork, matrix
    monkeypatch.setitem(sys.modules, "r5py", module)
    streets, feed = tmp_path / "town.osm.pbf", tmp_path / "bus.zip"
    for path in (streets, feed):
        path.touch()
    return R5(streets, (feed,), MORNING, longest=timedelta(hours=1)), made


def test_r5_answers_in_a_table(r5):
    engine, made = r5
    found = engine.minutes(points((0, 0), (0, 9)), points((5, 0), (5, 9)))
    assert found == pytest.approx(np.array([[12, NOWHERE], [7, NOWHERE]]), nan_ok=True)
    found = engine.nearest(points((0, 0), (0, 9)), points((5, 0), (5, 9)))
    assert found == pytest.approx([12, 7])
    # The network is built once.
    assert [type(one) for one in made] == [tuple, dict, dict]
    assert made[1] == {"transport_modes": ["TRANSIT", "WALK"], "max_time": timedelta(hours=1)}


def test_r5_without_its_files(r5):
    engine, _ = r5
    engine.streets.unlink()
    with pytest.raises(SourceError, match=r"town\.osm\.pbf: there is no such file"):
        engine.minutes(points((0, 0)), points((0, 9)))


def test_r5_not_installed_says_how_to_get_it(r5, monkeypatch):
    monkeypatch.setitem(sys.modules, "r5py", None)
    with pytest.raises(SourceError, match=r"pip install r5py.*Java Development Kit 21"):
        r5[0].minutes(points((0, 0)), points((0, 9)))


def test_what_r5_refuses_is_said_in_one_line(r5, monkeypatch):
    def refuse(*_, **__):
        raise ValueError("After snapping, no valid origin points remain")

    monkeypatch.setattr(sys.modules["r5py"], "TravelTimeMatrix", refuse)
    with pytest.raises(SourceError, match="R5: After snapping"):
        r5[0].minutes(points((0, 0)), points((0, 9)))


def test_all_ways_agree_on_the_next_place_in_an_even_land():
    """A straight road of many nodes: the network finds the place that is nearest in a line."""
    nodes = pd.DataFrame({"x": np.arange(0, 50_000, 1_000.0), "y": 0.0})
    ends = np.arange(49)
    edges = pd.concat([
        pd.DataFrame({"from": ends, "to": ends + 1, "minutes": 1.0}),
        pd.DataFrame({"from": ends + 1, "to": ends, "minutes": 1.0}),
    ])  # fmt: skip
    places = nodes.iloc[[3, 40]]
    found = Network(nodes, edges, reach=10, walk_kmh=60).nearest(nodes, places)
    assert found == pytest.approx(nearest(nodes, places))
