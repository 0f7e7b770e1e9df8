"""What must be true of the description for data portals: portals can read and accept it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyshacl
import pytest
import rdflib
import shapely
from rdflib.namespace import DCAT, DCTERMS, RDF

from geo.formats import bundle, dcat

SHAPES = Path(__file__).with_name("dcat-ap-de.ttl")
#: Where somebody might have put the unpacked bundle.
PLACE = "https://example.org/files/dcat-ap.jsonld"
DCATDE = rdflib.Namespace("http://dcat-ap.de/def/dcatde/")
LICENCES = "http://dcat-ap.de/def/licenses"


def verdict(graph):
    return pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES, format="turtle"))


# The reader of JSON-LD uses a class that its own library has put out of date.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")


def graph_of(content):
    return rdflib.Graph().parse(data=content.decode(), format="json-ld", publicID=PLACE)


@pytest.fixture(scope="module")
def files(mapped_document):
    return bundle.files(mapped_document)


@pytest.fixture
def graph(files):
    return graph_of(files["dcat-ap.jsonld"])


def test_it_conforms_to_the_shapes(graph):
    conforms, _, report = verdict(graph)
    assert conforms, report


@pytest.mark.parametrize(
    "lost", [DCTERMS.title, DCTERMS.description, DCAT.accessURL, DCTERMS.license, DCAT.startDate]
)
def test_the_shapes_notice_what_is_missing(files, lost):
    graph = graph_of(files["dcat-ap.jsonld"])
    graph.remove((None, lost, None))
    assert not verdict(graph)[0]


def test_every_data_file_is_a_distribution_beside_the_description(graph, files):
    offered = {str(url) for url in graph.objects(None, DCAT.accessURL)}
    names = {"scores.csv", "values.csv", "scores.geojson", "scores.gpkg"}
    assert offered == {f"https://example.org/files/{name}" for name in names}
    sizes = {
        str(graph.value(one, DCTERMS.title)): graph.value(one, DCAT.byteSize).toPython()
        for one in graph.subjects(RDF.type, DCAT.Distribution)
    }
    assert sizes == {name: len(files[name]) for name in names}


def test_title_and_description_are_there_in_both_languages(graph):
    dataset = next(graph.subjects(DCAT.distribution))
    for name in (DCTERMS.title, DCTERMS.description):
        assert {one.language for one in graph.objects(dataset, name)} == {"de", "en"}


def test_place_and_time_are_those_of_the_data(graph, squares):
    box = shapely.from_wkt(str(next(graph.objects(None, DCAT.bbox))))
    wanted = shapely.box(*squares.to_crs("EPSG:4326").total_bounds)
    assert shapely.hausdorff_distance(box, wanted) < 0.001
    assert str(next(graph.objects(None, DCAT.startDate))) == "2020-01-01"
    assert str(next(graph.objects(None, DCAT.endDate))) == "2021-12-31"


def test_nothing_is_claimed_that_is_not_known(graph):
    assert not list(graph.objects(None, DCATDE.contributorID))
    # The regions are islands that somebody invented, not German ones.
    assert not list(graph.objects(None, DCATDE.politicalGeocodingLevelURI))


def test_german_kreise_name_their_country_and_level(mapped_document, files):
    scores = mapped_document.scores
    kreise = dataclasses.replace(scores.dataset, region_level="kreis")
    document = dataclasses.replace(
        mapped_document, scores=dataclasses.replace(scores, dataset=kreise)
    )
    graph = graph_of(dcat.description(document, files))
    levels = [str(one) for one in graph.objects(None, DCATDE.politicalGeocodingLevelURI)]
    assert levels == ["http://dcat-ap.de/def/politicalGeocoding/Level/federal"]
    assert verdict(graph)[0]


def source(mapped_document, **given):
    return mapped_document.scores.dataset.sources["invented"].model_copy(update=given)


def test_one_confirmed_licence_is_named_and_several_have_a_collective_name(mapped_document):
    free = source(mapped_document, licence="CC0-1.0", licence_status="confirmed")
    named = source(mapped_document, licence="DL-DE-BY-2.0", licence_status="confirmed")
    assert dcat._licence([free, free]) == f"{LICENCES}/cc-zero"
    assert dcat._licence([named]) == f"{LICENCES}/dl-by-de/2.0"
    assert dcat._licence([free, named]) == f"{LICENCES}/other-open"


@pytest.mark.parametrize(
    "doubt",
    [{"licence_status": "to-confirm"}, {"licence": "not-stated"}, {"licence": "LicenseRef-x"}],
)
def test_where_one_licence_is_in_doubt_nothing_is_called_open(mapped_document, doubt):
    sure = source(mapped_document, licence_status="confirmed")
    assert dcat._licence([sure, sure.model_copy(update=doubt)]) == f"{LICENCES}/other-closed"
