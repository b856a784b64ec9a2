"""What Zeek and Sysmon write of the names of destinations, for cases made by hand or at random."""

from tests.spl.events import INSIDE, OUTSIDE, Event

PROXY = "10.1.9.9"
FILES = "files.store.example"


def _told(kind: str, epoch: float, told: Event, fields: Event) -> Event:
    event = {
        "_time": epoch,
        "host": "zeek-1",
        "sourcetype": f"zeek:{kind}:json",
        "id.orig_h": INSIDE,
        "id.orig_p": 49152,
        "id.resp_h": OUTSIDE,
        "id.resp_p": 443,
        **told,
        **fields,
    }
    return {name: value for name, value in event.items() if value is not None}


def tls(epoch: float, name: object = FILES, /, **fields: object) -> Event:
    return _told("ssl", epoch, {"server_name": name}, fields)


def http(epoch: float, name: object = FILES, /, **fields: object) -> Event:
    told = {"http_host": name, "method": "PUT", "uri": "/", "id.resp_p": 80}
    return _told("http", epoch, told, fields)


def connect(epoch: float, target: str = f"{FILES}:443", /, **fields: object) -> Event:
    """Return a request to the proxy inside to connect to a host and port."""
    told = {"http_host": target, "uri": target, "method": "CONNECT"}
    return _told("http", epoch, {**told, "id.resp_h": PROXY, "id.resp_p": 3128}, fields)


def dns(epoch: float, name: str = FILES, /, answers: str = OUTSIDE, **fields: object) -> Event:
    told = {"query": name, "answers": answers, "id.resp_h": "10.1.0.53", "id.resp_p": 53}
    return _told("dns", epoch, told, fields)


def sysmon_dns(epoch: float, name: str = FILES, /, answers: str = OUTSIDE) -> Event:
    return {
        "_time": epoch,
        "host": "ws-7",
        "source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
        "sourcetype": "XmlWinEventLog",
        "EventCode": 22,
        "QueryName": name,
        "QueryResults": f"type:  5 edge.example;::ffff:{answers};",
        "Image": "C:\\Program Files\\Sync\\Sync.exe",
    }
