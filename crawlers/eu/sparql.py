"""Questions to Cellar's SPARQL endpoint and its answers. Pure; source: the CDM ontology, publications.europa.eu.

Virtuoso answers errors with status 200 and "Virtuoso 37000 Error"; CELEX literals need ``^^xsd:string``; a list may
move between two pages, so slices are counted and reconciled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import orjson

from crawlers.slices import Slice
from notices.errors import FetchError, LayoutChanged

ENDPOINT = "https://publications.europa.eu/webapi/rdf/sparql"
CDM = "http://publications.europa.eu/ontology/cdm#"
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_PREFIXES = (
    f"PREFIX cdm: <{CDM}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
LANGUAGES = {"ENG": "en", "FRA": "fr"}
FACTS = {
    "work_has_resource-type": "type",
    "work_date_document": "date",
    "work_date_creation_legacy": "oj_date",
    "resource_legal_date_entry-into-force": "in_force_on",
    "resource_legal_in-force": "in_force",
    "resource_legal_eli": "eli",
    "work_is_about_concept_eurovoc": "eurovoc",
    "resource_legal_amends_resource_legal": "amends",
    "resource_legal_repeals_resource_legal": "repeals",
    "resource_legal_based_on_resource_legal": "based_on",
    "resource_legal_corrects_resource_legal": "corrects",
    "act_consolidated_consolidates_resource_legal": "consolidates",
}
"""What is asked about a work, and the name under which a dossier holds it."""
_CELEX = re.compile(r"[0-9A-Z][0-9A-Z()-]{1,30}")
Row = Mapping[str, str]


def count_query(part: Slice, types: Sequence[str]) -> str:
    """How many works were published in a slice."""
    return f"{_PREFIXES}SELECT (COUNT(DISTINCT ?celex) AS ?count) WHERE {{ {_published(part, types)} }}"


def list_query(part: Slice, types: Sequence[str], limit: int, offset: int) -> str:
    """The CELEX numbers of a slice, one page."""
    where = _published(part, types)
    return f"{_PREFIXES}SELECT DISTINCT ?celex WHERE {{ {where} }} ORDER BY ?celex LIMIT {limit} OFFSET {offset}"


def _published(part: Slice, types: Sequence[str]) -> str:
    """Works by the Official Journal's date; those without one (consolidated versions) by their own date."""
    kinds = " ".join(f"<{_AUTHORITY}/resource-type/{name}>" for name in types)
    return (
        f"VALUES ?type {{ {kinds} }} ?work cdm:work_has_resource-type ?type ; cdm:resource_legal_id_celex ?celex . "
        "{ ?work cdm:work_date_creation_legacy ?day } UNION { ?work cdm:work_date_document ?day "
        "FILTER NOT EXISTS { ?work cdm:work_date_creation_legacy ?published } } "
        f'FILTER(?day >= "{part.since}"^^xsd:date && ?day <= "{part.until}"^^xsd:date)'
    )


def family_query(celexes: Sequence[str]) -> str:
    """The consolidated versions and the corrigenda of acts."""
    return (
        f"{_PREFIXES}SELECT DISTINCT ?celex WHERE {{ {_values('base', celexes)} "
        "?act cdm:resource_legal_id_celex ?base . "
        "{ ?work cdm:act_consolidated_consolidates_resource_legal ?act } "
        "UNION { ?work cdm:resource_legal_corrects_resource_legal ?act } "
        "?work cdm:resource_legal_id_celex ?celex } ORDER BY ?celex"
    )


def facts_query(celexes: Sequence[str]) -> str:
    """Dates, types, subjects and relations: one row (?celex ?p ?value ?name) each; ?name is the other act's CELEX."""
    wanted = " ".join(f"cdm:{name}" for name in FACTS)
    return (
        f"{_PREFIXES}SELECT DISTINCT ?celex ?p ?value ?name WHERE {{ {_values('celex', celexes)} "
        f"VALUES ?p {{ {wanted} }} ?work cdm:resource_legal_id_celex ?celex ; ?p ?value . "
        "OPTIONAL { ?value cdm:resource_legal_id_celex ?name } }"
    )


def titles_query(celexes: Sequence[str]) -> str:
    """Titles in English and French: one row (?celex ?language ?title) each."""
    languages = " ".join(f"<{_AUTHORITY}/language/{name}>" for name in LANGUAGES)
    return (
        f"{_PREFIXES}SELECT DISTINCT ?celex ?language ?title WHERE {{ {_values('celex', celexes)} "
        f"VALUES ?language {{ {languages} }} ?work cdm:resource_legal_id_celex ?celex . "
        "?expression cdm:expression_belongs_to_work ?work ; cdm:expression_uses_language ?language ; "
        "cdm:expression_title ?title }"
    )


def labels_query(concepts: Sequence[str]) -> str:
    """Names of EuroVoc concepts: one row (?concept ?label) each, in English."""
    wanted = " ".join(f"<{uri}>" for uri in concepts if re.fullmatch(r"https?://[\w./:-]+", uri))
    return (
        f"{_PREFIXES}SELECT DISTINCT ?concept ?label WHERE {{ VALUES ?concept {{ {wanted} }} "
        '?concept skos:prefLabel ?label FILTER(lang(?label) = "en") }'
    )


def _values(name: str, celexes: Sequence[str]) -> str:
    """CELEX numbers as typed literals; what is no CELEX number never gets into a query."""
    literals = " ".join(f'"{celex}"^^xsd:string' for celex in celexes if _CELEX.fullmatch(celex))
    return f"VALUES ?{name} {{ {literals} }}"


def read_rows(body: bytes) -> list[Row]:
    """The bindings of an answer as plain values. Raises FetchError for Virtuoso's errors, LayoutChanged otherwise."""
    if b"Virtuoso" in body[:300] and b"Error" in body[:300]:
        raise FetchError(f"The SPARQL endpoint failed: {body[:160].decode('utf-8', 'replace').splitlines()[0]}")
    try:
        bindings = orjson.loads(body)["results"]["bindings"]
        return [{name: str(term["value"]) for name, term in row.items()} for row in bindings]
    except orjson.JSONDecodeError as error:
        raise FetchError("The SPARQL endpoint sent no complete JSON.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise LayoutChanged("The SPARQL answer has no results/bindings.") from error


def read_count(rows: Sequence[Row]) -> int:
    """The number out of the answer to :func:`count_query`. Raises LayoutChanged."""
    if len(rows) != 1 or not rows[0].get("count", "").isdecimal():
        raise LayoutChanged("The SPARQL answer holds no count.")
    return int(rows[0]["count"])


def language_of(uri: str) -> str:
    """ISO 639-1 out of an authority address of a language; "" for others."""
    return LANGUAGES.get(uri.rpartition("/")[2], "")
