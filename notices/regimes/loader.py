"""``cards/*.yml`` → :class:`Regime`. What a schema can't see is checked here: ids, HS codes, figures in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import yaml
from pydantic import ValidationError

from notices.errors import ConfigError
from notices.nomenclature import hs
from notices.regimes import model
from notices.regimes.schema import CardIn, HsIn, TwoLanguages
from notices.regimes.wording import loose_numbers, placeholders


@cache
def load_regimes() -> tuple[model.Regime, ...]:
    """Every card, by id. Raises ConfigError for a card that breaks a rule."""
    folder = resources.files("notices.regimes").joinpath("cards")
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".yml")), key=lambda item: item.name)
    cards = tuple(read_card(item.read_text("utf-8"), item.name) for item in files)
    known = {card.id for card in cards}
    for card in cards:
        if lost := [relation.to for relation in card.relations if relation.to not in known]:
            raise ConfigError(f"{card.id}: there is no card {', '.join(lost)}.")
    if len(known) < len(cards):
        raise ConfigError("Two cards have one id.")
    return cards


def read_card(text: str, name: str) -> model.Regime:
    """One card out of the text of its file. Raises ConfigError naming the file and everything that is wrong."""
    try:
        card = CardIn.model_validate(yaml.safe_load(text))
        regime = _regime(card)
    except (ValidationError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"notices/regimes/cards/{name}: {error}") from error
    if faults := list(_faults(regime)):
        raise ConfigError(f"notices/regimes/cards/{name}: " + "; ".join(faults))
    return regime


def _regime(card: CardIn) -> model.Regime:
    texts = {label: text.value() for label, text in card.texts.items()}
    return model.Regime(
        id=card.id,
        name=card.name.value(),
        short=card.short.value(),
        nicknames=card.nicknames,
        market=card.market,
        basis=tuple(model.Basis(basis.scheme, basis.value) for basis in card.basis),
        status=model.RegimeStatus(
            card.status.state, card.status.since, model.Bilingual(card.status.ko, card.status.en)
        ),
        summary=card.summary.value(),
        hs=tuple(code for entry in card.hs for code in _codes(entry, texts)),
        hs_note=card.hs_note.value(),
        actors=tuple(model.Actor(actor.role, model.Bilingual(actor.ko, actor.en)) for actor in card.actors),
        duties=tuple(
            model.Duty(duty.id, duty.roles, model.Bilingual(duty.ko, duty.en), duty.at, duty.by, duty.figures, duty.hs)
            for duty in card.duties
        ),
        figures=tuple(figure.with_texts(texts, card.unread) for figure in card.figures),
        evidence=_all(card.evidence),
        penalties=_all(card.penalties),
        exemptions=_all(card.exemptions),
        direct_exporter=card.sme.direct_exporter.value(),
        supplier=card.sme.supplier.value(),
        sources=tuple(model.Source(source.url, source.title) for source in card.sources),
        relations=tuple(model.Relation(item.to, model.Bilingual(item.ko, item.en)) for item in card.relations),
        texts=tuple(texts.values()),
    )


def _codes(entry: HsIn, texts: dict[str, model.TextRef]) -> Iterator[model.HsScope]:
    if entry.text is not None and entry.text not in texts:
        raise ValueError(f"hs: there is no text {entry.text!r}")
    text = texts[entry.text] if entry.text else None
    for code in entry.codes:
        yield model.HsScope(code, entry.part, model.Bilingual(entry.ko, entry.en), entry.listed_in, text)


def _all(texts: Sequence[TwoLanguages]) -> tuple[model.Bilingual, ...]:
    return tuple(text.value() for text in texts)


def _faults(card: model.Regime) -> Iterator[str]:
    """Every broken rule, in words."""
    ids = [figure.id for figure in card.figures]
    yield from (f"two figures are called {name}" for name, times in Counter(ids).items() if times > 1)
    yield from (
        f"two duties are called {name}" for name, times in Counter(duty.id for duty in card.duties).items() if times > 1
    )
    for duty in card.duties:
        for named in (*duty.figures, *([duty.by] if duty.by else [])):
            if named not in ids:
                yield f"duty {duty.id} names an unknown figure {named}"
        yield from (f"duty {duty.id} names {code}, outside the card's scope" for code in duty.hs if not _in(card, code))
    if card.status.since not in ids or card.figure(card.status.since).unit != "date":
        yield f"the status needs a day among the figures, not {card.status.since}"
    yield from (f"HS 2022 has no code {entry.code}" for entry in card.hs if not hs.exists(entry.code))
    for where, sentence in sentences(card):
        yield from (f"{where} names an unknown figure {name}" for name in placeholders(sentence) if name not in ids)
        if loose := loose_numbers(sentence):
            yield f"{where} says {', '.join(loose)} without a figure of its own"


def _in(card: model.Regime, code: str) -> bool:
    return any(code.startswith(entry.code) or entry.code.startswith(code) for entry in card.hs)


def sentences(card: model.Regime) -> Iterator[tuple[str, str]]:
    """Every sentence of a card that may name figures, with where it stands."""
    texts = [("summary", card.summary), ("status", card.status.note), ("hs_note", card.hs_note)]
    texts += [(f"hs {entry.code}", entry.note) for entry in card.hs]
    texts += [(f"actor {actor.role}", actor.who) for actor in card.actors]
    texts += [(f"duty {duty.id}", duty.what) for duty in card.duties]
    texts += [("evidence", text) for text in card.evidence]
    texts += [("penalties", text) for text in card.penalties]
    texts += [("exemptions", text) for text in card.exemptions]
    texts += [("sme", card.direct_exporter), ("sme", card.supplier)]
    texts += [(f"relation {relation.to}", relation.note) for relation in card.relations]
    texts += [(f"figure {figure.id}", figure.what) for figure in card.figures]
    for where, text in texts:
        yield f"{where} (ko)", text.ko
        yield f"{where} (en)", text.en
