"""Where a request comes from, shortened: enough to brake a guesser, too little to name a machine."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The network that counts as one guesser: IPv4 by /24, IPv6 by /64; "" where no address is known."""
    return shortened(_address(request), v4=24, v6=64)


def region_of(request: HttpRequest) -> str:
    """What is written down for six months: IPv4 by /24, IPv6 by /48, which one customer of a provider gets."""
    return shortened(_address(request), v4=24, v6=48)


def shortened(address: str, *, v4: int, v6: int) -> str:
    """`192.0.2.0/24`; "" for what is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{found}/{v4 if found.version == 4 else v6}", strict=False))


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))  # behind a proxy what that one says, see settings
    except PermissionDenied:
        return ""
