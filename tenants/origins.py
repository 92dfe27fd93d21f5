"""From where somebody comes, as coarsely as it tells anything: the network, not the address; and whether they did before."""

from ipaddress import ip_address, ip_network

from tenants.models import HubEntry
from tenants.walls.scope import hub_scope

_NETWORKS = {4: 24, 6: 48}
"""An address that changes within its network is the same place: telephones change theirs all day."""


def network_of(ip: str) -> str:
    """What is no address is a place of its own."""
    try:
        return str(ip_network((ip, _NETWORKS[ip_address(ip).version]), strict=False))
    except ValueError:
        return ip


def is_from_elsewhere(line: HubEntry) -> bool:
    """Whether this sign-in comes from a network that none of the person's did which the hub still knows; never the first one."""
    before = HubEntry.objects.filter(person_id=line.person_id, verb="signed_in", at__lt=line.at).exclude(facts__ip="")
    with hub_scope():
        known = {network_of(ip) for ip in before.values_list("facts__ip", flat=True) if ip}
    here = network_of(line.facts.get("ip", ""))
    return bool(here and known) and here not in known
