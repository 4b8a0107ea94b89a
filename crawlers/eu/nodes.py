"""Small readings of lxml nodes that both families of HTML and Formex share."""

from __future__ import annotations

from lxml import etree

_NO_ELEMENTS = (etree._Comment, etree._ProcessingInstruction, etree._Entity)


def is_element(node: etree._Element) -> bool:
    """Whether the node is an element, not a comment, a processing instruction or an entity."""
    return not isinstance(node, _NO_ELEMENTS)


def elements(parent: etree._Element) -> list[etree._Element]:
    """The children that are elements."""
    return [child for child in parent if is_element(child)]


def words(element: etree._Element) -> str:
    """All text in an element, every run of white space one blank."""
    return " ".join("".join(str(text) for text in element.itertext()).split())


def local_name(element: etree._Element) -> str:
    """The tag without its namespace, in small letters."""
    return str(element.tag).rpartition("}")[2].lower()


def class_names(element: etree._Element) -> frozenset[str]:
    """The classes of an element without the prefix ``oj-`` that 2022 brought."""
    return frozenset(name.removeprefix("oj-") for name in (element.get("class") or "").split())
