"""What a made report says to a program, held to the byte against what is attached to its files."""

from collections import Counter
from collections.abc import Iterable
from io import BytesIO

import pikepdf

from clients.disclosure.rules import InfoClass, strictness
from reports.making.models import Paper, Report
from tenants.walls.scope import brand_scope
from tests.api.calls import allow, api_of
from tests.world import World

CEILINGS = ("brand", "shared")
"""Editions that whoever answers for a brand's key may read, the fullest first."""


def compare_attached(
    world: World, report: Report, papers: Iterable[Paper], tally: "Counter[str]", wrong: list[str]
) -> None:
    """Through a key of the owner, up to each class that a policy may reach."""
    files = {str(paper.edition.ceiling): (paper.edition.info_class, _attached(world, paper)) for paper in papers}
    for most in (InfoClass.SHARED, InfoClass.NAMED):
        answer = api_of(world, policy=allow(world, most=most)).get(f"reports/{report.pk}/facts")
        open_to = [files[one][1] for one in CEILINGS if one in files and strictness(files[one][0]) <= strictness(most)]
        tally["attached"] += 1
        if answer.status_code != (200 if open_to else 404) or (open_to and answer.content != open_to[0]):
            wrong.append(f"{world.brand.slug} {report.kind} {report.language} through a key up to {most}: other facts")


def _attached(world: World, paper: Paper) -> bytes:
    with brand_scope(world.brand):
        paper.file.seek(0)
        content = paper.file.read()
    with pikepdf.open(BytesIO(content)) as pdf:
        return next(one.get_file().read_bytes() for name, one in pdf.attachments.items() if name.endswith(".json"))
