"""The catalogue: both languages, equal placeholders, every key that is used, every value that the model may hold."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from api.messages import Lang, catalogue, known, say
from notices.model import Facts, Kind, LinkRole, Provenance, RelationType
from notices.runs import Verdict
from notices.search import FACET_FIELDS, Sort

ROOT = Path(__file__).resolve().parents[2]


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_hold_the_same_placeholders_and_neither_is_empty():
    for key, text in catalogue().items():
        assert placeholders(text.ko) == placeholders(text.en), key
        assert text.ko.strip(), key
        assert text.en.strip(), key


def test_korean_sentences_are_korean():
    borrowed = {"nav.api", "docs.title", "site.other_language", "search.help_days", "search.help_facts"}
    for key, text in catalogue().items():
        if key in borrowed or key.startswith(("identifier.", "warning.", "search.help")):
            continue
        assert re.search(r"[가-힣]", text.ko), key


def test_every_key_that_code_and_templates_name_is_there():
    pattern = re.compile(r"""(?:\bt\(|say\(\w+(?:\.\w+)?, |say_each\()(['"])([a-z_.0-9-]+)\1""")
    files = [*(ROOT / "api").rglob("*.py"), *(ROOT / "api").rglob("*.html"), ROOT / "cli_output.py"]
    used = {match[1] for file in files for match in pattern.findall(file.read_text(encoding="utf-8"))}
    assert len(used) > 80
    assert used - set(catalogue()) - {key for key in used if key.endswith(".")} == set()


def test_every_value_of_the_model_has_its_words():
    keys = [f"kind.{kind}" for kind in Kind]
    keys += [f"verdict.{verdict}" for verdict in Verdict]
    keys += [f"provenance.{each}" for each in Provenance] + [f"provenance_long.{each}" for each in Provenance]
    keys += [f"role.{role}" for role in LinkRole] + [f"sort.{sort}" for sort in Sort]
    keys += [f"relation.{each}" for each in RelationType]
    keys += [f"filter.{name}" for name in FACET_FIELDS]
    keys += [f"field.{name}" for name in Facts.__dataclass_fields__]
    keys += [f"why.{code}" for code in ("term", "identifier", "hs_direct", "hs_broad", "ics_direct", "ics_broad",
                                        "glossary", "filter")]  # fmt: skip
    assert [key for key in keys if key not in catalogue()] == []


def test_one_is_singular_in_english_and_numbers_have_commas():
    assert say(Lang.EN, "search.total", n=1) == "1 result"
    assert say(Lang.EN, "search.total", n=12345) == "12,345 results"
    assert say(Lang.KO, "search.total", n=12345) == "12,345건"


def test_an_unknown_key_is_an_error_and_a_fallback_where_one_is_given():
    with pytest.raises(KeyError):
        say(Lang.EN, "no.such.key")
    assert known(Lang.EN, "no.such.key", "as it is") == "as it is"
