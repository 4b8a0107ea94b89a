"""Pure page parsers: bytes in, drafts out; no network, no clock, no store."""

from crawlers.facts import SourceFacts
from crawlers.pages import eu_acts, fr_documents, wto_records, wto_workbook
from crawlers.pages.drafts import PageParser
from notices.errors import ConfigError

PARSERS: dict[str, PageParser] = {
    parser.name: parser for parser in (wto_records.PARSER, wto_workbook.PARSER, fr_documents.PARSER, eu_acts.PARSER)
}


def parser_of(facts: SourceFacts) -> PageParser:
    """The parser that a source's facts name. Raises ConfigError."""
    if facts.parser not in PARSERS:
        raise ConfigError(f"{facts.id}.yml names an unknown parser {facts.parser!r}.")
    return PARSERS[facts.parser]
