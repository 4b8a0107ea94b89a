"""The YAML edge of the cards: unknown keys, wrong types and missing texts are refused here. Pydantic → plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StringConstraints, model_validator

from notices.regimes import model
from notices.regimes.model import Bound, Role, Standing, State

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TwoLanguages(_Strict):
    """A text in both languages."""

    ko: Words
    en: Words

    def value(self) -> model.Bilingual:
        """As the domain has it."""
        return model.Bilingual(self.ko, self.en)


class TextIn(_Strict):
    """A text that figures were read in, written once per card."""

    id: Words
    field: Literal["body", "summary"] = "body"
    version: str = ""
    sha256: Sha
    standing: Standing
    caveat: TwoLanguages | None = None
    known_amendments: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_what_it_lacks(self) -> TextIn:
        if self.standing is not Standing.NEWEST and self.caveat is None:
            raise ValueError("a text that is not the newest one needs a caveat")
        if (self.standing is Standing.ABSTRACT) != (self.field == "summary"):
            raise ValueError("an abstract stands in the field summary, everything else in body")
        return self

    def value(self) -> model.TextRef:
        """As the domain has it."""
        caveat = self.caveat.value() if self.caveat else None
        return model.TextRef(
            self.id, self.field, self.version, self.sha256, self.standing, caveat, self.known_amendments
        )


class FigureIn(_Strict):
    """A figure; ``text`` names one of the card's texts and then wants a quote, else there is a reason."""

    id: Id
    value: date | StrictInt | StrictFloat
    unit: Words
    bound: Bound = Bound.EXACT
    ko: Words
    en: Words
    at: Words
    quote: Words | None = None
    applies_from: date | None = None
    applies_until: date | None = None
    text: str | None = None
    caveat: TwoLanguages | None = None
    reason: TwoLanguages | None = None

    @model_validator(mode="after")
    def _is_quoted_or_excused(self) -> FigureIn:
        if (self.text is None) != (self.quote is None):
            raise ValueError(f"{self.id}: a quote and the text that it stands in come together")
        if self.text is not None and self.reason is not None:
            raise ValueError(f"{self.id}: a figure with a text needs no reason for being unverified")
        if isinstance(self.value, date) != (self.unit == "date"):
            raise ValueError(f"{self.id}: days, and only days, have the unit date")
        return self

    def with_texts(self, texts: Mapping[str, model.TextRef], unread: TwoLanguages | None) -> model.Figure:
        """As the domain has it. Raises ValueError for an unknown text or a missing reason."""
        text = None
        if self.text is not None:
            if self.text not in texts:
                raise ValueError(f"{self.id}: there is no text {self.text!r}")
            text = texts[self.text]
        reason = None if text else self.reason or unread
        if text is None and reason is None:
            raise ValueError(f"{self.id}: an unverified figure says why")
        return model.Figure(
            id=self.id,
            value=self.value if isinstance(self.value, date) else Decimal(str(self.value)),
            unit=self.unit,
            bound=self.bound,
            what=model.Bilingual(self.ko, self.en),
            locator=self.at,
            quote=self.quote,
            applies_from=self.applies_from,
            applies_until=self.applies_until,
            text=text,
            caveat=self.caveat.value() if self.caveat else text.caveat if text else None,
            reason=reason.value() if reason else None,
        )


class StatusIn(_Strict):
    """How the law stands."""

    state: State
    since: Id
    ko: Words
    en: Words


class BasisIn(_Strict):
    """A legal basis."""

    scheme: Literal["celex", "cfr", "usc", "public_law", "fr_number", "other"]
    value: Words


class HsIn(_Strict):
    """HS codes under one note; ``listed_in`` with ``text`` when the law lists them itself."""

    codes: tuple[Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4}|\d{6})$")], ...] = Field(min_length=1)
    part: bool = False
    ko: Words
    en: Words
    listed_in: Words | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _names_its_list(self) -> HsIn:
        if (self.listed_in is None) != (self.text is None):
            raise ValueError("listed_in and text come together")
        return self


class ActorIn(_Strict):
    """Who is bound."""

    role: Role
    ko: Words
    en: Words


class DutyIn(_Strict):
    """Who must do what by when."""

    id: Id
    roles: tuple[Role, ...] = Field(min_length=1)
    ko: Words
    en: Words
    at: Words
    by: Id | None = None
    figures: tuple[Id, ...] = ()
    hs: tuple[str, ...] = ()


class SourceIn(_Strict):
    """Where to read it."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    title: Words


class RelationIn(_Strict):
    """How this regime bears on another."""

    to: Id
    ko: Words
    en: Words


class SmeIn(_Strict):
    """What it means for a small exporter, and for the supplier of an obliged buyer."""

    direct_exporter: TwoLanguages
    supplier: TwoLanguages


class CardIn(_Strict):
    """A whole file."""

    id: Id
    name: TwoLanguages
    short: TwoLanguages
    nicknames: tuple[Words, ...] = ()
    market: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    basis: tuple[BasisIn, ...] = Field(min_length=1)
    status: StatusIn
    summary: TwoLanguages
    texts: dict[str, TextIn] = {}
    unread: TwoLanguages | None = None  # the reason of every figure that has neither text nor reason of its own
    hs: tuple[HsIn, ...] = ()
    hs_note: TwoLanguages
    actors: tuple[ActorIn, ...] = Field(min_length=1)
    duties: tuple[DutyIn, ...] = Field(min_length=1)
    figures: tuple[FigureIn, ...] = Field(min_length=1)
    evidence: tuple[TwoLanguages, ...] = Field(min_length=1)
    penalties: tuple[TwoLanguages, ...] = Field(min_length=1)
    exemptions: tuple[TwoLanguages, ...] = ()
    sme: SmeIn
    sources: tuple[SourceIn, ...] = Field(min_length=1)
    relations: tuple[RelationIn, ...] = ()
