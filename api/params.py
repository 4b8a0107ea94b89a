"""Search parameters as they arrive: bounded, unknown ones refused, the same for API and pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.messages import Lang
from api.search_service import ALL_FACETS, SearchRequest
from notices.search import FACET_FIELDS, Sort

MAX_LIMIT = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _printable(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    return value


Plain = Annotated[str, AfterValidator(_printable)]
Value = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_printable)]
Values = Annotated[list[Value], Field(max_length=40)]


class SearchParams(BaseModel):
    """`/v1/search`. Values of one parameter are alternatives: repeat it, or separate them by commas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Annotated[
        str,
        Field(max_length=500, description="Words, phrases, -not, OR, prefix*, and filters"),
        AfterValidator(_printable),
    ] = ""
    hs: Annotated[Values, Field(description="HS code: 8507, =850760 (only itself), 8507+inferred")] = []
    ics: Annotated[Values, Field(description="ICS code: 29.220")] = []
    market: Annotated[Values, Field(description="ISO 3166 alpha-2 or EU, or a name in Korean or English")] = []
    kind: Annotated[Values, Field(description="regular, addendum, proposed_rule, …")] = []
    sector: Annotated[Values, Field(description="Sector id")] = []
    source: Annotated[Values, Field(description="Publisher: wto, us-fr")] = []
    published: Annotated[Plain | None, Field(max_length=40, description="2024-01-01..2024-03-31, an end open")] = None
    deadline: Annotated[Plain | None, Field(max_length=40, description="Comment deadline, as published")] = None
    open: Annotated[bool | None, Field(description="true: deadline today or later; false: passed or none")] = None
    as_of: Annotated[date | None, Field(description="The revisions valid on that day, instead of today's")] = None
    sort: Annotated[Sort | None, Field(description="relevance (words or codes), published (neither), deadline")] = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Families a page")] = 20
    cursor: Annotated[Plain | None, Field(max_length=2000, description="next_cursor of the page before")] = None
    facets: Annotated[Plain, Field(max_length=100, description="all, none, or of " + ", ".join(FACET_FIELDS))] = "all"

    @model_validator(mode="before")
    @classmethod
    def _unset_blanks(cls, data: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever came
        """An empty form field is one that was not filled in."""
        if not isinstance(data, dict):
            return data
        return {key: _without_blanks(value) for key, value in data.items() if value not in ("", None)}

    @model_validator(mode="after")
    def _known_facets(self) -> SearchParams:
        unknown = set(self.facet_fields()) - set(FACET_FIELDS)
        if unknown:
            raise ValueError(f"facets: unknown {', '.join(sorted(unknown))}; known are {', '.join(FACET_FIELDS)}")
        return self

    def facet_fields(self) -> tuple[str, ...]:
        """The facets asked for."""
        if self.facets in ("all", "true", "1"):
            return ALL_FACETS
        if self.facets in ("none", "false", "0"):
            return ()
        return tuple(dict.fromkeys(part.strip() for part in self.facets.split(",") if part.strip()))

    def request(self) -> SearchRequest:
        """The same as plain values for the search service."""
        return SearchRequest(
            q=self.q,
            hs=tuple(self.hs),
            ics=tuple(self.ics),
            market=tuple(self.market),
            kind=tuple(self.kind),
            sector=tuple(self.sector),
            source=tuple(self.source),
            published=self.published,
            deadline=self.deadline,
            open=self.open,
            as_of=self.as_of,
            sort=self.sort,
            limit=self.limit,
            cursor=self.cursor,
            facets=self.facet_fields(),
        )


class PageParams(SearchParams):
    """The search page takes the same parameters and a language."""

    lang: Annotated[Lang | None, Field(description="ko or en; kept in a cookie")] = None


class LangParams(BaseModel):
    """Pages without a search take a language only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Lang | None = None


class NoticePageParams(LangParams):
    """A notice's page: which section of a long act to show, which part of it, and what to mark there."""

    section: Annotated[Plain | None, Field(max_length=80, description="Section of an act: article-8")] = None
    part: Annotated[int, Field(ge=1, le=10_000, description="Part of a long section")] = 1
    mark: Annotated[str | None, Field(pattern=r"^\d{1,9}-\d{1,9}$", description="Stretch of the text to mark")] = None


class NoParams(BaseModel):
    """Routes without parameters refuse every one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangesParams(BaseModel):
    """`/v1/changes`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[int, Field(ge=0, le=2**62, description="The seq to go on from; 0 from the start")] = 0
    limit: Annotated[int, Field(ge=1, le=500, description="Changes a page")] = 100


def _without_blanks(value: object) -> object:
    return [item for item in value if item != ""] if isinstance(value, list) else value
