"""The looks of the demo's brands: marks drawn for it, of shapes alone, and colours that can be read."""

from clients.people.actor import Actor
from reports.looks.actions import set_look
from reports.looks.rules import Wanted

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} 48">{shapes}</svg>'
_GRAINS = "".join(
    f'<path d="M24 {y}C{24 + 12 * side} {y - 1} {24 + 14 * side} {y - 8} {24 + 13 * side} {y - 13}'
    f'C{24 + 4 * side} {y - 12} 24 {y - 7} 24 {y}z"/>'
    for y in (20, 30, 40)
    for side in (1, -1)
)
SHEAF = _SVG.format(
    wide=48,
    shapes=f'<g fill="#8a4b12">{_GRAINS}</g><path d="M24 6v40" stroke="#5b2f0a" stroke-width="2.4" stroke-linecap="round"/>',
)
WHEELS = _SVG.format(
    wide=84,
    shapes='<g fill="none" stroke="#0b5c8c" stroke-width="4"><circle cx="18" cy="30" r="14"/><circle cx="66" cy="30" r="14"/></g>'
    '<path d="M18 30l14-20h22l12 20M32 10l10 20h-24M42 30l12-20" fill="none" stroke="#c2410c" stroke-width="3.4" '
    'stroke-linejoin="round" stroke-linecap="round"/><circle cx="42" cy="30" r="3.4" fill="#0b5c8c"/>',
)
SPROUT = _SVG.format(
    wide=56,
    shapes='<path d="M28 44V22" stroke="#3f6212" stroke-width="3.4" stroke-linecap="round"/>'
    '<path d="M28 26C28 12 16 7 4 7c0 13 9 19 24 19z" fill="#4d7c0f"/>'
    '<path d="M28 20C28 10 38 4 52 4c0 11-9 16-24 16z" fill="#3f6212"/>',
)
LOOKS = {
    "aubier": Wanted("#8a4b12", "#2f5d50", "Un épi de blé", SHEAF.encode()),
    "mistral": Wanted("#0b5c8c", "#c2410c", "Un vélo", WHEELS.encode()),
    "lise": Wanted("#3f6212", "#8b2f5a", "Une pousse à deux feuilles", SPROUT.encode()),
}


def wear(owner: Actor) -> None:
    """The look of one brand of the demo, before its first report is made."""
    set_look(owner, wanted=LOOKS[owner.brand.slug])
