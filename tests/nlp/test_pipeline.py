"""The spaCy pipeline: evidence of every finding, order of components, light imports."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from nlp.components import COMPONENTS
from nlp.documents import field_text, make_document
from nlp.pipeline import Pipeline
from notices.model import Agency, Provenance

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


def test_components_stand_in_an_order_that_gives_each_what_it_requires(pipeline):
    analysis = pipeline.language.analyze_pipes()
    assert not any(problems for problems in analysis["problems"].values() if problems != ["doc._.work"])
    assert pipeline.language.pipe_names == [f"tongbo_{each.name}" for each in COMPONENTS]
    assert analysis["summary"]["tongbo_sectors"]["requires"] == ["doc._.work", "doc.spans"]


@given(st.text(max_size=60))
def test_a_document_gives_back_its_text(text):
    assert make_document(Vocab(), text).text == text


TEXT = st.text(alphabet="HSICcode():;, .-0123456789 commentsJune2026리튬배터리89FR\n", max_size=50)


@given(title=TEXT, summary=TEXT, products=TEXT, codes=st.lists(TEXT, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_every_finding_points_at_its_evidence(pipeline, make_notice, title, summary, products, codes):
    notice = make_notice(title=title, summary=summary, products_text=products, hs_codes=tuple(codes))
    analysis = pipeline.analyse(notice)
    assert analysis.failures == ()
    for findings in analysis.findings.values():
        for finding in findings:
            text = field_text(notice.facts, finding.field)
            assert 0 <= finding.start <= finding.end <= len(text)
            assert finding.start < finding.end or finding.label == "sector"
            assert (finding.notice_id, finding.revision) == (notice.id, notice.revision)
            assert 0 < finding.confidence <= 1


def test_a_notice_yields_language_codes_references_and_dates(pipeline, make_notice):
    notice = make_notice(
        title="Draft regulation on batteries",
        summary="Amends Regulation (EU) 2023/1542. Comments must be received by 20 March 2024.",
        products_text="Lithium-ion accumulators (HS code(s): 850760); (ICS code(s): 29.220.30)",
        adopted_text="Q4 2024",
        in_force_text="20 days from notification",
        agencies=(Agency("KATS"),),
    )
    found = pipeline.analyse(notice).findings
    assert [(f.value, f.provenance) for f in found["codes"]] == [
        ("850760", Provenance.NOTIFIED),
        ("29.220.30", Provenance.NOTIFIED),
    ]
    assert [f.value for f in found["language"]] == ["en"]
    assert [f.value for f in found["references"]] == ["celex:32023R1542"]
    dates = {(f.label, f.field): f.value for f in found["dates"]}
    assert dates["date", "adopted_text"] == "2024-Q4"
    assert dates["date", "in_force_text"] == "2024-02-21"
    assert dates["deadline", "summary"] == "2024-03-20"


def test_a_deadline_that_the_source_gives_is_never_doubted(pipeline, make_notice):
    notice = make_notice(summary="Comments are due by 20 March 2024.", comment_until=date(2024, 4, 1))
    assert [f for f in pipeline.analyse(notice).findings["dates"] if f.label == "deadline"] == []


@pytest.mark.parametrize(
    "module",
    ["analysis", "codes", "plausibility", "references", "dates", "language", "glossary"],
)
def test_the_lexical_room_loads_no_model_and_no_spacy(module):
    code = (
        f"import sys, nlp.lexical.{module} as m; "
        "print([n for n in ('spacy', 'torch', 'kiwipiepy', 'transformers', 'numpy') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_english_text_never_loads_kiwi_and_hangul_does():
    code = (
        "import sys; from nlp.lexical.analysis import tokens; tokens('plain English – café'); "
        "print('kiwipiepy' in sys.modules); tokens('배터리'); print('kiwipiepy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, timeout=120
    )
    assert done.stdout.split() == ["False", "True"]
