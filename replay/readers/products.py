"""Products whose records name the parts of a connection in their own way: one row a product.

Named after the vendors' documents: PAN-OS, Traffic Log Fields, and the header of its CSV export;
FortiOS Log Message Reference and FortiAnalyzer's time fields; nfdump(1), output formats csv and
json; Amazon VPC, flow log records; Google Cloud, VPC Flow Logs records; Azure, NSG and virtual
network flow logs; Oracle and IBM Cloud, flow logs of a VCN and a VPC; Suricata, EVE JSON output;
Cisco Secure Firewall, eStreamer Integration Guide; Microsoft Defender, DeviceNetworkEvents;
CrowdStrike, Falcon data dictionary.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, Optional

from .source import MALFORMED, BadLine

Event = dict[str, Any]


class Product(NamedTuple):
    """What the add-on for a product makes of a record that has all the names in `marks`.

    Names are compared without case and marks; those in `names` get the add-on's name too. The
    first of `times` that a record has is its time.
    """

    sourcetype: str
    marks: tuple[str, ...]
    names: dict[str, str]
    times: tuple[str, ...]


def _ways(sent: str, received: str, **more: str) -> dict[str, str]:
    return {sent: "bytes_out", received: "bytes_in", **more}


# Their names differ from those of the data model by case, blanks and marks only.
_PAN_NAMES = {
    "receivetime": "receive_time", "serial": "serial_number", "threatcontenttype": "log_subtype",
    "generatetime": "generated_time", "sourceaddress": "src_ip", "destinationaddress": "dest_ip",
    "natsourceip": "src_translated_ip", "natdestinationip": "dest_translated_ip",
    "sourceuser": "src_user", "destinationuser": "dest_user", "application": "app",
    "virtualsystem": "vsys", "sourcezone": "src_zone", "destinationzone": "dest_zone",
    "inboundinterface": "src_interface", "outboundinterface": "dest_interface",
    "sessionid": "session_id", "sourceport": "src_port", "destinationport": "dest_port",
    "natsourceport": "src_translated_port", "natdestinationport": "dest_translated_port",
    "ipprotocol": "transport", "action": "vendor_action", "bytessent": "bytes_out",
    "bytesreceived": "bytes_in", "starttime": "start_time", "elapsedtimesec": "duration",
    "category": "http_category", "pktssent": "packets_out", "pktsreceived": "packets_in",
    "sessionendreason": "session_end_reason", "devicename": "dvc_name", "url": "misc",
    "urlfilename": "misc", "highrestimestamp": "high_res_timestamp", "rule": "rule",
    "type": "type", "bytes": "bytes", "packets": "packets",
}  # fmt: skip
_ENDS = {
    "srcaddr": "src_ip", "dstaddr": "dest_ip", "srcport": "src_port", "dstport": "dest_port",
    "proto": "transport", "protocol": "transport",
}  # fmt: skip
_NFDUMP = {
    **_ENDS, "sa": "src_ip", "da": "dest_ip", "sp": "src_port", "dp": "dest_port",
    "pr": "transport", "td": "duration", "ipkt": "packets", "ibyt": "bytes", "opkt": "packets_in",
    "obyt": "bytes_in", "inbytes": "bytes", "outbytes": "bytes_in", "inpackets": "packets",
    "outpackets": "packets_in", "src4addr": "src_ip", "dst4addr": "dest_ip", "src6addr": "src_ip",
    "dst6addr": "dest_ip",
}  # fmt: skip
_NFDUMP_TIMES = ("ts", "firstseen", "tfirst", "first")
_VPC = {**_ENDS, "start": "start_time", "end": "end_time", "action": "vpcflow_action"}
_GCP = {
    "connectionsrcip": "src_ip", "connectiondestip": "dest_ip", "connectionsrcport": "src_port",
    "connectiondestport": "dest_port", "connectionprotocol": "transport", "bytessent": "bytes",
    "starttime": "start_time", "endtime": "end_time",
}  # fmt: skip
_OCI = {
    "sourceaddress": "src_ip", "destinationaddress": "dest_ip", "sourceport": "src_port",
    "destinationport": "dest_port", "protocolname": "transport", "bytesout": "bytes_out",
}  # fmt: skip
_IBM = {
    "initiatorip": "src_ip", "targetip": "dest_ip", "initiatorport": "src_port",
    "targetport": "dest_port", "transportprotocol": "transport",
    **_ways("bytesfrominitiator", "bytesfromtarget"),
}  # fmt: skip
PAN, FORTIGATE, VPC = "pan:traffic", "fortigate_traffic", "aws:cloudwatchlogs:vpcflow"
NETFLOW = "netflow"
_ESTREAMER = {
    "initiatorip": "src_ip", "responderip": "dest_ip", "initiatorport": "src_port",
    "responderport": "dest_port", "protocol": "transport", "acruleaction": "vendor_action",
    **_ways("initiatorbytes", "responderbytes"),
}  # fmt: skip
# The first row that fits counts.
PRODUCTS = (
    Product(PAN, ("receivetime", "sourceaddress"), _PAN_NAMES, ("generatetime", "receivetime")),
    Product("pan:firewall_cloud", ("timegenerated", "sourceaddress", "bytessent"), _PAN_NAMES,
            ("timegenerated",)),
    *(
        Product(FORTIGATE, ("srcip", "dstip", mark), {}, ())
        for mark in ("logid", "devid", "devname", "itime", "sentbyte", "srcintf", "policyid")
    ),
    *(
        Product(NETFLOW, marks, _NFDUMP, _NFDUMP_TIMES)
        for marks in (
            ("sa", "da", "ibyt"), ("firstseen", "srcaddr"), ("tfirst",), ("src4addr", "first"),
            ("src6addr", "first"),
        )
    ),
    Product(VPC, ("srcaddr", "dstaddr"), _VPC, ("start", "timestamp", "end")),
    Product("google:gcp:compute:vpc_flows", ("connectionsrcip", "bytessent"), _GCP,
            ("starttime", "endtime", "timestamp")),
    Product("firewall", ("sourceaddress", "destinationaddress", "bytesout"), _OCI,
            ("starttime", "time", "datetime")),
    Product("firewall", ("initiatorip", "targetip"), _IBM, ("starttime", "capturestarttime")),
    Product("cisco:sfw:estreamer", ("initiatorip", "responderip"), _ESTREAMER,
            ("eventsecond", "lastpacketsecond", "firstpacketsecond")),
    Product("DeviceNetworkEvents", ("deviceid", "remoteip", "localip", "actiontype"), {},
            ("timestamp", "timegenerated")),
    Product("crowdstrike:events:sensor", ("eventsimplename", "remoteaddressip4"), {},
            ("contexttimestamp", "timestamp")),
    Product("suricata", ("eventtype", "flowid", "srcip"), {}, ("flowstart", "timestamp")),
)  # fmt: skip

# What only a product writes in its lines of key=value, and the sourcetype of its add-on.
LINES = (
    (re.compile(r"\bid=\S+ sn=\w+ time="), "dell:sonicwall"),
    (re.compile(r'\bdevice(?:_name)?=.*\blog_type="?Firewall'), "sophos:xg:firewall"),
    (re.compile(r'\bmsg_id="?\d{4}-\d{4}'), "watchguard:firebox"),
)


def sourcetype_of(line: str) -> Optional[str]:
    """Return the sourcetype of a line of key=value pairs, None where no product is known by it."""
    return next((sourcetype for form, sourcetype in LINES if form.search(line)), None)


# Prefixes under which a cloud keeps what its record says.
_PREFIX = re.compile(r"^(?:(?:data|logContent)\.)*(?:jsonPayload\.)?")


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _PREFIX.sub("", name).lower())


@lru_cache(maxsize=1024)
def product_of(names: frozenset[str]) -> Optional[Product]:
    """Return the product that records with these names are of, None for any other."""
    keys = set(map(_key, names))
    return next((one for one in PRODUCTS if keys.issuperset(one.marks)), None)


def named(product: Product, record: Event) -> Event:
    """Return a record under the add-on's names too."""
    event = dict(record)
    for key, value in _by_key(record).items():
        if key in product.names and value not in ("-", ""):
            event.setdefault(product.names[key], value)
    return event


def stamp(product: Product, record: Event) -> str:
    """Return the time of a record, as written."""
    found = _by_key(record)
    written = next((found[name] for name in product.times if found.get(name)), None)
    if written is None:
        raise BadLine(f"no time of {product.sourcetype}")
    return written


def _by_key(record: Event) -> Event:
    return {_key(name): value for name, value in record.items()}


# ---- Azure ---------------------------------------------------------------------------------

# Version 2 of the flow logs of a network security group, and those of a virtual network.
_CELLS = """
    time src_ip dest_ip src_port dest_port transport direction vendor_action flow_state packets_out
    bytes_out packets_in bytes_in
"""
_NSG_NAMES = _CELLS.split()
_VNET_NAMES = [*_NSG_NAMES[:7], "flow_state", "encryption", *_NSG_NAMES[9:]]
AZURE = {
    "transport": {"T": "tcp", "U": "udp"}, "direction": {"I": "inbound", "O": "outbound"},
    "vendor_action": {"A": "allow", "D": "deny"},
}  # fmt: skip


def is_azure(record: Event) -> bool:
    """Tell whether a record holds flows of Azure."""
    return "flowRecords" in record or "flows" in (record.get("properties") or ())


def flows(records: Iterator[tuple[int, Event]]) -> Iterator[tuple[int, Event]]:
    """Return the records that are flows, and in the place of Azure's, which hold many, these."""
    for number, record in records:
        if record.get("event_type", "flow") != "flow" and "flow_id" in record:
            continue
        if not is_azure(record):
            yield number, record
            continue
        try:
            found = list(_flows(record))
        except MALFORMED:
            found = []
        yield from ((number, flow) for flow in found or [record])


AZURE_TYPES = (NSG, VNET) = ("mscs:nsg:flow", "mscs:vnet:flow")


def _flows(record: Event) -> Iterator[Event]:
    is_vnet = "flowRecords" in record
    holder = record["flowRecords"] if is_vnet else record["properties"]
    names, sourcetype = (_VNET_NAMES, VNET) if is_vnet else (_NSG_NAMES, NSG)
    for rule in holder["flows"]:
        for group in rule["flowGroups" if is_vnet else "flows"]:
            for written in group["flowTuples"]:
                cells = zip(names, written.split(","))
                flow = {name: AZURE.get(name, {}).get(cell, cell) for name, cell in cells if cell}
                denied = flow.get("flow_state") == "D"
                flow.setdefault("vendor_action", "deny" if denied else "allow")
                rules = {"rule": rule.get("rule") or group.get("rule", "")}
                yield {**rules, **flow, "sourcetype": sourcetype}
