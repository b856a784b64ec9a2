"""One event of each source of fields.yml, as its add-on extracts it, and what is read of it."""

from collections.abc import Mapping
from typing import NamedTuple, Optional

from tests.spl.events import INSIDE, NEW_YEAR, OUTSIDE, Event

NOON = NEW_YEAR + 12 * 3600
BEGAN_ISO, ENDED_ISO = "2026-01-01T11:58:20Z", "2026-01-01T11:59:50.500Z"
BEGAN = NOON - 100
WINDOWS = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
PROGRAM = "C:\\Program Files\\Sync\\Sync.exe"


class Read(NamedTuple):
    """An event at noon, and the flow from 10.1.2.3 to 203.0.113.9 that it tells.

    An event that tells a name only names no pair. `begin` and `end` are seconds from noon,
    `blocked` and `opening` what an event of this source says of a connection that was stopped,
    and of one that is only announced.
    """

    event: Event
    sent: Optional[int] = None
    back: Optional[int] = None
    begin: float = 0
    end: float = 0
    port: Optional[str] = "443"
    dest_ip: Optional[str] = OUTSIDE
    name: Optional[str] = None
    process: Optional[str] = None
    transport: Optional[str] = "tcp"
    interim: bool = False
    blocked: Mapping[str, object] = {}
    opening: Mapping[str, object] = {}


def named(sides: str, **fields: object) -> Event:
    """Return the four names of the two sides, in the order source, port, destination, port."""
    values = (INSIDE, 49152, OUTSIDE, 443)
    return {**dict(zip(sides.split(), values)), **fields}


CIM = named("src_ip src_port dest_ip dest_port", transport="tcp")
BYTES = {"bytes_out": 1000, "bytes_in": 20}
ZEEK = {
    **named("id.orig_h id.orig_p id.resp_h id.resp_p"),
    "proto": "tcp",
    "uid": "C1",
    "duration": 30.5,
    "orig_bytes": 1000,
    "resp_bytes": 20,
    "orig_pkts": 4,
    "resp_pkts": 3,
    "orig_ip_bytes": 1160,
    "resp_ip_bytes": 140,
    "missed_bytes": 0,
}
SYSMON = {
    **named("SourceIp SourcePort DestinationIp DestinationPort"),
    "EventCode": 3,
    "Protocol": "tcp",
    "Image": PROGRAM,
    "Initiated": "true",
}
FTD = {
    **named("SrcIP SrcPort DstIP DstPort"),
    "Protocol": "tcp",
    "message_id": "430003",
    "ConnectionID": 5,
    "ConnectionDuration": 90,
    "FirstPacketSecond": BEGAN_ISO,
    "InitiatorBytes": 1000,
    "ResponderBytes": 20,
    "AccessControlRuleAction": "Allow",
    "ReferencedHost": "files.example.com",
}
GCP = {
    **named(
        "connection.src_ip connection.src_port connection.dest_ip connection.dest_port",
        **{"connection.protocol": 6, "start_time": BEGAN_ISO, "end_time": "2026-01-01T11:59:50Z"},
    ),
    "bytes_sent": "1000",
}
PROXY = {"src_ip": INSIDE, "url": "https://files.example.com/a"}
HIDDEN = {"dest_ip": None, "name": "files.example.com", "transport": None}
LOCAL_TWIN = {"LocalPort": 443, "RemotePort": 49152}


def under(prefix: str, fields: Event) -> Event:
    return {f"{prefix}.{name}": value for name, value in fields.items()}


def logged(sourcetype: str, fields: Event, **more: object) -> Event:
    return {
        "_time": NOON,
        "host": "sensor-1",
        "source": "tcp:514",
        "sourcetype": sourcetype,
        **fields,
        **more,
    }


CENSUS = {
    "zeek_one_long": Read(
        logged("corelight:json", ZEEK, _path="conn_long"), 1000, 20, end=30.5, interim=True
    ),
    "zeek_one_agg": Read(
        logged("corelight", ZEEK, path="conn_agg", _path="conn_agg"), 1000, 20, end=30.5
    ),
    "zeek_one": Read(logged("zeek", ZEEK, _path="conn"), 1000, 20, end=30.5),
    "zeek_one_names": Read(
        logged(
            "bro:json",
            named("id.orig_h id.orig_p id.resp_h id.resp_p"),
            _path="ssl",
            server_name="files.example.com",
        ),
        dest_ip=None,
        name="files.example.com",
        transport=None,
    ),
    "zeek_ecs": Read(
        logged(
            "securityonion",
            named("source.ip source.port destination.ip destination.port"),
            **{
                "event.dataset": "zeek.conn",
                "network.transport": "tcp",
                "event.duration": 30_500_000_000,
                "source.bytes": 1000,
                "destination.bytes": 20,
            },
        ),
        1000,
        20,
        end=30.5,
    ),
    "corelight_agg": Read(logged("corelight_conn_agg", ZEEK), 1000, 20, end=30.5),
    "corelight_red": Read(logged("corelight_conn_red", ZEEK), 1000, 20, end=30.5),
    "corelight_long": Read(logged("corelight_conn_long", ZEEK), 1000, 20, end=30.5, interim=True),
    "zeek": Read(
        logged("zeek:conn:json", ZEEK, orig_l2_addr="00:00:5e:00:53:01"), 1000, 20, end=30.5
    ),
    "corelight": Read(logged("corelight_conn", ZEEK), 1000, 20, end=30.5),
    "windows_filtering": Read(
        logged(
            "XmlWinEventLog",
            named("SourceAddress SourcePort DestAddress DestPort"),
            EventCode=5156,
            Protocol=6,
            Application=PROGRAM,
        ),
        process=PROGRAM,
    ),
    "winlogbeat": Read(
        logged(
            "winlogbeat",
            {
                "winlog.event_id": 3,
                **under(
                    "winlog.event_data",
                    {name: SYSMON[name] for name in SYSMON if name != "EventCode"},
                ),
            },
        ),
        process=PROGRAM,
    ),
    "defender": Read(
        logged(
            "DeviceNetworkEvents",
            named("LocalIP LocalPort RemoteIP RemotePort"),
            Protocol="Tcp",
            ActionType="ConnectionSuccess",
            InitiatingProcessFolderPath=PROGRAM,
        ),
        process=PROGRAM,
    ),
    "defender_hub": Read(
        logged(
            "mscs:azure:eventhub",
            under(
                "properties",
                {
                    **named("LocalIP LocalPort RemoteIP RemotePort"),
                    "Protocol": "Tcp",
                    "ActionType": "ConnectionSuccess",
                    "InitiatingProcessFolderPath": PROGRAM,
                },
            ),
            category="AdvancedHunting-DeviceNetworkEvents",
        ),
        process=PROGRAM,
    ),
    "crowdstrike": Read(
        logged(
            "crowdstrike:events:sensor",
            named("LocalAddressIP4 LocalPort RemoteAddressIP4 RemotePort"),
            event_simpleName="NetworkConnectIP4",
            Protocol="6",
            ConnectionDirection="0",
            ContextBaseFileName="Sync.exe",
        ),
        process="Sync.exe",
    ),
    "carbon_black": Read(
        logged(
            "vmware:cbc:s3:events",
            named("local_ip local_port remote_ip remote_port"),
            type="endpoint.event.netconn",
            netconn_protocol="PROTO_TCP",
            netconn_inbound="false",
            netconn_bytes_sent=1000,
            netconn_bytes_received=20,
            process_path=PROGRAM,
        ),
        1000,
        20,
        process=PROGRAM,
    ),
    "carbon_black_edr": Read(
        logged(
            "bit9:carbonblack:json",
            named("local_ip local_port remote_ip remote_port"),
            type="ingress.event.netconn",
            protocol=6,
            direction="outbound",
            process_path=PROGRAM,
        ),
        process=PROGRAM,
    ),
    "cisco_nvm": Read(
        logged(
            "cisco:nvm:flowdata:v2",
            named("sa sp da dp"),
            pr="6",
            fss=str(BEGAN),
            fes=str(BEGAN + 60),
            obc="1000",
            ibc="20",
            ppath=PROGRAM,
            fsg="0",
        ),
        1000,
        20,
        begin=-100,
        end=-40,
        process=PROGRAM,
        opening={"fsg": "1"},
    ),
    "sysmon_linux": Read(
        logged("sysmon:linux", SYSMON, Image="/usr/bin/curl"), process="/usr/bin/curl"
    ),
    "sysmon": Read(logged("XmlWinEventLog", SYSMON, source=WINDOWS), process=PROGRAM),
    "firewall": Read(
        logged("firewall", {**CIM, **BYTES}, session_id=7, duration=30, action="allowed"),
        1000,
        20,
        begin=-30,
        blocked={"action": "blocked"},
        opening={"log_subtype": "start"},
    ),
    "palo_alto": Read(
        logged("pan_traffic", {**CIM, **BYTES}, session_id=7, duration=30, action="allowed"),
        1000,
        20,
        begin=-30,
        blocked={"action": "reset-both"},
        opening={"log_subtype": "start"},
    ),
    "fortigate": Read(
        logged(
            "fortigate_traffic",
            named("srcip srcport dstip dstport"),
            proto="6",
            sessionid=7,
            duration="30",
            sentbyte="1000",
            rcvdbyte="20",
            action="close",
            srcmac="00:00:5e:00:53:01",
        ),
        1000,
        20,
        begin=-30,
        blocked={"action": "deny"},
    ),
    "juniper": Read(
        logged(
            "juniper:junos:firewall:structured",
            named("source_address source_port dest_address destination_port"),
            _raw="fw RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.26 reason=unset]",
            protocol_id="6",
            session_id_32="7",
            elapsed_time="30",
            bytes_from_client="1000",
            bytes_from_server="20",
        ),
        1000,
        20,
        begin=-30,
        blocked={"_raw": "fw RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.26 reason=policy]"},
        opening={"_raw": "fw RT_FLOW - RT_FLOW_SESSION_CREATE [junos@2636.1.1.1.2.26]"},
    ),
    "cisco_ftd": Read(
        logged("cisco:ftd:syslog", FTD),
        1000,
        20,
        begin=-100,
        end=-10,
        name="files.example.com",
        blocked={"AccessControlRuleAction": "Interactive Block with reset"},
        opening={"message_id": "430002"},
    ),
    "check_point": Read(
        logged(
            "cp_log",
            {"src": INSIDE, "s_port": "49152", "dst": OUTSIDE, "service": "443", "proto": "6"},
            hostname="cpgw",
            product="Firewall",
            sent_bytes="1000",
            received_bytes="20",
            action="Accept",
        ),
        1000,
        20,
        blocked={"action": "Prevent"},
    ),
    "cisco_asa": Read(
        logged(
            "cisco:asa",
            named("dest_ip dest_port src_ip src_port"),
            _raw="%ASA-6-302014: Teardown TCP connection 7 for outside:203.0.113.9/443 to inside:",
            message_id="302014",
            transport="TCP",
            duration="0:01:40",
            bytes="1020",
            action="teardown",
        ),
        begin=-100,
        blocked={"message_id": "106023", "action": "blocked"},
        opening={"message_id": "302013"},
    ),
    "cisco_estreamer": Read(
        logged(
            "cisco:sfw:estreamer",
            named("InitiatorIP InitiatorPort ResponderIP ResponderPort"),
            EventType="ConnectionEvent",
            Protocol="tcp",
            Application="HTTPS",
            ConnectionID=5,
            FirstPacketSecond=BEGAN,
            LastPacketSecond=BEGAN + 90,
            InitiatorBytes=1000,
            ResponderBytes=20,
            AC_RuleAction="Allow",
        ),
        1000,
        20,
        begin=-100,
        end=-10,
        blocked={"AC_RuleAction": "Block with reset"},
    ),
    "cisco_encore": Read(
        logged(
            "cisco:estreamer:data",
            CIM,
            rec_type="71",
            first_pkt_sec=str(BEGAN),
            last_pkt_sec=str(BEGAN + 90),
            src_bytes="1000",
            dest_bytes="20",
            fw_rule_action="Allow",
        ),
        1000,
        20,
        begin=-100,
        end=-10,
        blocked={"fw_rule_action": "Block"},
    ),
    "meraki": Read(
        logged(
            "meraki",
            named("src sport dst dport"),
            _raw="1767268800.0 mx flows src=10.1.2.3 dst=203.0.113.9 pattern: allow all",
            protocol="tcp",
            pattern="allow all",
        ),
        blocked={"pattern": "deny all"},
        opening={"_raw": "1767268800.0 mx ip_flow_end src=10.1.2.3 dst=203.0.113.9 protocol=tcp"},
    ),
    "umbrella_firewall": Read(
        logged(
            "cisco:umbrella:firewall",
            named("src_ip src_port dest_ip dest_port"),
            protocol="6",
            verdict="ALLOW",
        ),
        blocked={"verdict": "BLOCK"},
    ),
    "palo_alto_cloud": Read(
        logged(
            "pan:sls",
            named("SourceAddress SourcePort DestinationAddress DestinationPort"),
            Protocol="tcp",
            SessionID=7,
            SessionDuration=30,
            BytesSent=1000,
            BytesReceived=20,
            Action="allow",
        ),
        1000,
        20,
        begin=-30,
        blocked={"Action": "deny"},
        opening={"log_subtype": "start"},
    ),
    "screenos": Read(
        logged(
            "netscreen:firewall",
            named("src src_port dst dst_port"),
            proto="6",
            session_id="7",
            duration="30",
            sent="1000",
            rcvd="20",
            action="Permit",
        ),
        1000,
        20,
        begin=-30,
        blocked={"action": "Deny"},
    ),
    "sophos": Read(
        logged(
            "sophos:xg:firewall",
            named("src_ip src_port dst_ip dst_port"),
            log_subtype="Allowed",
            status="Allow",
            protocol="TCP",
            con_duration="30",
            sent_bytes="1000",
            recv_bytes="20",
            con_event="Stop",
        ),
        1000,
        20,
        begin=-30,
        blocked={"log_subtype": "Denied"},
        opening={"con_event": "Start"},
    ),
    "sonicwall": Read(
        logged(
            "dell:sonicwall",
            {"src": f"{INSIDE}:49152:X0", "dst": f"{OUTSIDE}:443:X1", "proto": "tcp/https"},
            m="537",
            cdur="30000",
            sent="1000",
            rcvd="20",
            fw_action="NA",
            srcMac="00:00:5e:00:53:01",
        ),
        1000,
        20,
        begin=-30,
        blocked={"fw_action": "drop"},
        opening={"m": "98"},
    ),
    "watchguard": Read(
        logged(
            "watchguard:firebox",
            named("src_ip src_port dst_ip dst_port"),
            msg_id="3000-0176",
            disp="Allow",
            protocol="tcp",
            duration="30",
            sent_bytes="1000",
            rcvd_bytes="20",
        ),
        1000,
        20,
        begin=-30,
        blocked={"disp": "Deny"},
        opening={"msg_id": "3000-0148"},
    ),
    "pfsense": Read(logged("pfsense:filterlog", CIM, action="pass"), blocked={"action": "block"}),
    "zscaler_firewall": Read(
        logged(
            "zscalernss-fw",
            named("csip csport cdip cdport"),
            ipproto="TCP",
            duration="30",
            outbytes="1000",
            inbytes="20",
            action="Allow",
        ),
        1000,
        20,
        begin=-30,
        blocked={"action": "Block Drop"},
    ),
    "barracuda": Read(
        logged(
            "barracuda:cgf",
            named("srcIP srcPort dstIP dstPort"),
            _raw="2026 01 01 12:00:00 Security +00:00 Allow: type=FWD|proto=TCP|srcIF=eth0",
            proto="TCP",
            duration="30000",
            sentBytes="1000",
            receivedBytes="20",
        ),
        1000,
        20,
        blocked={
            "_raw": "2026 01 01 12:00:00 Security +00:00 Block: type=FWD|proto=TCP|srcIF=eth0"
        },
    ),
    "stream": Read(
        logged("stream:tcp", CIM, bytes_in=1000, bytes_out=20, time_taken=30_500_000),
        1000,
        20,
        end=30.5,
    ),
    "vpc": Read(
        logged(
            "aws:cloudwatchlogs:vpcflow",
            {**CIM, "srcaddr": INSIDE, "dstaddr": OUTSIDE, "protocol": "6"},
            bytes="1000",
            duration="60",
            action="allowed",
        ),
        1000,
        end=60,
        blocked={"action": "REJECT"},
    ),
    "azure": Read(
        logged("mscs:vnet:flow", {**CIM, **BYTES}, flow_state="C", action="A"),
        1000,
        20,
        blocked={"flow_state": "D"},
        opening={"flow_state": "B"},
    ),
    "gcp": Read(
        logged("google:gcp:compute:vpc_flows", under("jsonPayload", GCP)), 1000, begin=-100, end=-10
    ),
    "gcp_pubsub": Read(
        logged(
            "google:gcp:pubsub:message",
            under("data.jsonPayload", GCP),
            **{"data.logName": "projects/p/logs/compute.googleapis.com%2Fvpc_flows"},
        ),
        1000,
        begin=-100,
        end=-10,
    ),
    "netflow": Read(
        logged(
            "stream:netflow",
            named("src_ip src_port dest_ip dest_port"),
            **named(
                "sourceIPv4Address sourceTransportPort"
                " destinationIPv4Address destinationTransportPort"
            ),
            protocolIdentifier=6,
            octetDeltaCount=1000,
            bytes_in=1000,
        ),
        1000,
    ),
    "suricata": Read(
        logged(
            "suricata",
            named("src_ip src_port dest_ip dest_port"),
            event_type="flow",
            proto="TCP",
            flow_id=7,
            **under(
                "flow",
                {
                    "start": "2026-01-01T11:58:20.250000+0000",
                    "end": "2026-01-01T11:59:50.000000+0000",
                    "bytes_toserver": 1000,
                    "bytes_toclient": 20,
                    "action": "accept",
                },
            ),
        ),
        1000,
        20,
        begin=-100,
        end=-10,
        blocked={"flow.action": "drop"},
    ),
    "squid": Read(
        logged(
            "squid:access",
            PROXY,
            duration="30000",
            url="files.example.com:443",
            http_method="CONNECT",
        ),
        begin=-30,
        **HIDDEN,
    ),
    "squid_recommended": Read(
        logged(
            "squid:access:recommended",
            PROXY,
            duration="30000",
            bytes_in=1000,
            bytes_out=20,
            http_method="GET",
        ),
        1000,
        20,
        begin=-30,
        **HIDDEN,
    ),
    "blue_coat": Read(
        logged(
            "bluecoat:proxysg:access:kv",
            {"c_ip": INSIDE, "cs_uri_port": "443", "cs_host": "files.example.com"},
            time_taken="30000",
            cs_bytes="1000",
            sc_bytes="20",
        ),
        1000,
        20,
        begin=-30,
        **HIDDEN,
    ),
    "zscaler": Read(
        logged(
            "zscalernss-web",
            {"ClientIP": INSIDE, "hostname": "files.example.com", "url": "files.example.com:443/a"},
            requestsize="1000",
            responsesize="20",
        ),
        1000,
        20,
        **HIDDEN,
    ),
    "cisco_wsa": Read(
        logged(
            "cisco:wsa:w3c",
            {"c_ip": INSIDE, "cs_url": "https://files.example.com/a"},
            x_elapsed_time="30000",
            cs_bytes="1000",
            sc_bytes="20",
        ),
        1000,
        20,
        begin=-30,
        **HIDDEN,
    ),
    "umbrella": Read(logged("cisco:umbrella:proxylogs", {**PROXY, **BYTES}), 1000, 20, **HIDDEN),
    "proxy": Read(
        logged("proxy", {**PROXY, **BYTES}, duration="30"), 1000, 20, begin=-30, **HIDDEN
    ),
    "palo_alto_names": Read(
        logged("pan:threat", CIM, dest_hostname="files.example.com"),
        dest_ip=None,
        name="files.example.com",
    ),
    "fortigate_names": Read(
        logged("fortigate_utm", named("srcip srcport dstip dstport"), hostname="files.example.com"),
        dest_ip=None,
        name="files.example.com",
        transport=None,
    ),
    "zeek_names": Read(
        logged(
            "zeek:ssl:json",
            named("id.orig_h id.orig_p id.resp_h id.resp_p"),
            server_name="files.example.com",
        ),
        dest_ip=None,
        name="files.example.com",
        transport=None,
    ),
}
