"""Cases around every boundary of the port and encryption rule."""

from typing import Optional

from hypothesis import strategies as st

from tests.spl.case import Drawn, Expected, case, pair, sites
from tests.spl.drawn import connections, many
from tests.spl.events import Event, at, night, nights, palo_alto, zeek
from tests.spl.lists import Lists

KEY = ("src", "dest", "dest_port", "app")
SCORED = {"service_risk": "risk_score"}


def service(dest_port: str, app: str, **fields: object) -> Expected:
    return pair(dest_port=dest_port, app=app, **fields)


def spoken(hours: int, service: Optional[str], port: object, sent: int = 100_000) -> list[Event]:
    """Return one connection an hour, all on one day."""
    return [zeek(at(hour), sent, service=service, **{"id.resp_p": port}) for hour in range(hours)]


@st.composite
def spoken_drawn(draw) -> dict:
    fields = {
        "service": draw(st.sampled_from((None, "ssl", "SSL", "http", "ssh"))),
        "id.resp_p": draw(st.sampled_from((443, 80, 4444, None))),
    }
    event = {**draw(connections((zeek,))), **fields}
    return {name: one for name, one in event.items() if one is not None}


CASES = [
    case("two-hours", spoken(2, "ssh", 4444)),
    case(
        "three-hours",
        spoken(3, "ssh", 4444),
        service("4444", "ssh", hours=3, days=1, total_bytes=300_000),
        prints={
            "reason": "ssh on port 4444, where no service is expected",
            "severity": "low",
            "signals_seen": "port",
        },
    ),
    case("four-hours", spoken(4, "ssh", 4444), service("4444", "ssh")),
    case(
        "bytes-at-the-threshold",
        spoken(2, "ssh", 4444, 40_000)
        + [zeek(at(2), 20_000, service="ssh", **{"id.resp_p": 4444})],
        service("4444", "ssh", total_bytes=100_000),
    ),
    case(
        "one-byte-below-the-threshold",
        spoken(2, "ssh", 4444, 40_000)
        + [zeek(at(2), 19_999, service="ssh", **{"id.resp_p": 4444})],
    ),
    case(
        "bytes-at-the-threshold-of-three-days",
        nights(3, zeek, 100_000, service="ssh", **{"id.resp_p": 4444}),
        service("4444", "ssh", days=3),
    ),
    case(
        "one-byte-below-the-threshold-of-three-days",
        nights(2, zeek, 100_000, service="ssh", **{"id.resp_p": 4444})
        + [zeek(night(2), 99_999, service="ssh", **{"id.resp_p": 4444})],
    ),
    case("expected-service", spoken(3, "ssl", 443)),
    case("expected-service-in-capitals", spoken(3, "SSL", 443)),
    case(
        "encryption-on-a-plain-port",
        spoken(3, "ssl", 80),
        service("80", "ssl"),
        prints={"mismatch": "another service is expected on this port: http,web-browsing"},
    ),
    case(
        "no-encryption-on-a-port-of-encryption",
        spoken(3, "http", 8443),
        service("8443", "http"),
        prints={"mismatch": "another service is expected on this port: ssl,https"},
    ),
    case("unknown-service", spoken(3, None, 80), service("80", "unknown")),
    case(
        "port-of-no-service",
        spoken(3, "ssl", 4444),
        service("4444", "ssl"),
        prints={"mismatch": "no service is expected on this port"},
    ),
    case(
        "service-that-the-site-expects",
        spoken(3, "ssl", 4444),
        lists=Lists(site_expected_services=({"dest_port": "4444", "app": "ssl"},)),
    ),
    case(
        "another-service-than-the-site-expects",
        spoken(3, "ssh", 4444),
        service("4444", "ssh"),
        lists=Lists(site_expected_services=({"dest_port": "4444", "app": "ssl"},)),
        prints={"mismatch": "another service is expected on this port: ssl"},
    ),
    case("several-services-one-expected", spoken(3, "ssl,http", 443)),
    case(
        "several-services-none-expected", spoken(3, "gssapi,smb", 443), service("443", "gssapi,smb")
    ),
    case(
        "firewall-that-knows-no-service",
        [palo_alto(at(hour), 100_000) for hour in range(3)],
    ),
    case(
        "firewall-saw-more-bytes",
        spoken(3, "ssh", 4444)
        + [palo_alto(at(hour), 200_000, dest_port=4444) for hour in range(3)],
        service("4444", "ssh", total_bytes=300_000, host=("zeek-1",)),
    ),
    case("nothing-sent", spoken(3, "ssh", 4444, 0)),
    case("no-port", spoken(3, "ssh", None)),
    case("seven-days-back", spoken(3, "ssh", 4444), service("4444", "ssh"), now=at(7 * 24)),
    case("an-hour-more-than-seven-days-back", spoken(3, "ssh", 4444), now=at(1 + 7 * 24)),
]

LOW = {"service_hours": 2, "service_bytes": 100}
DRAWN = Drawn(many(spoken_drawn()), sites(thresholds=LOW))
