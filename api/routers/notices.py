"""`/v1/notices/…` and `/v1/changes`. In ids, `/` is written `~`; a plain `/` is understood as well."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.notice_service import family_state, view_notice, view_revisions
from api.notice_shapes import FamilyMemberOut, FamilyOut, NoticeOut, RevisionOut, RevisionsOut, StateOut
from api.params import ChangesParams
from api.routers.dependencies import Nothing, ServicesDep, SingleValues, problems
from api.shapes import ChangeOut, ChangesOut
from notices.identity import from_url

router = APIRouter(prefix="/v1", tags=["notices"], dependencies=[SingleValues])
NoticeId = Annotated[str, Path(max_length=300, description="As in a hit, / written ~", examples=["wto:G~TBT~N~USA~1"])]


@router.get("/notices/{id:path}/family", summary="The documents of its family", responses=problems(404, 503))
def notice_family(id: NoticeId, services: ServicesDep, _: Nothing) -> FamilyOut:
    """Base document, addenda, corrigenda, revisions and supplements, oldest first, and where the family stands."""
    notice = services.store.notice(from_url(id))
    members = services.store.family(notice.family) or (notice,)
    return FamilyOut(
        family=notice.family,
        state=StateOut.model_validate(family_state(members, services.clock.today()), from_attributes=True),
        documents=[FamilyMemberOut.of(member) for member in members],
        replayed=services.replayed,
    )


@router.get("/notices/{id:path}/revisions", summary="What changed when", responses=problems(404, 503))
def notice_revisions(id: NoticeId, services: ServicesDep, _: Nothing) -> RevisionsOut:
    """Every revision with its validity, and each changed field before and after."""
    views = view_revisions(services, from_url(id))
    return RevisionsOut(id=from_url(id), revisions=[RevisionOut.of(view) for view in views], replayed=services.replayed)


@router.get("/notices/{id:path}", summary="One notice", responses=problems(404, 503))
def one_notice(id: NoticeId, services: ServicesDep, _: Nothing) -> NoticeOut:
    """The source's facts, our findings apart from them, codes with provenance, links, family state, attribution."""
    return NoticeOut.of(view_notice(services, id), services)


@router.get("/changes", summary="The change log", responses=problems(503))
def change_log(params: Annotated[ChangesParams, Query()], services: ServicesDep) -> ChangesOut:
    """What is new, revised or withdrawn after a seq, in commit order; follow it with your own cursor."""
    changes = services.store.changes(params.after, params.limit)
    return ChangesOut(
        changes=[ChangeOut.of(change) for change in changes],
        next_after=changes[-1].seq if changes else params.after,
        last=services.store.last_seq(),
        replayed=services.replayed,
    )
