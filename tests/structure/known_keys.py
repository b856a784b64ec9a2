"""The keys that Splunk knows, for each conf file and kind of stanza that the app uses.

Splunk ignores a key that it does not know, so a misspelt one does nothing and says nothing. Each
entry is a pattern for the stanza's name and patterns for its keys, from Splunk's spec files. Left
out on purpose: keys that only a UI writes (display.*, request.*) and keys that commands.conf
ignores for chunked commands.
"""

import re

KNOWN = {
    "app": {
        "install": "is_configured state build allows_disable",
        "ui": "is_visible label is_manageable show_in_nav attribution_link",
        "launcher": "author description version remote_tab",
        "package": "id check_for_updates",
        "id": "group name version",
        "triggers": r"reload\.\w+",
    },
    "authorize": {
        r"role_[a-z0-9_]+": "importRoles",
    },
    "collections": {
        r"\w+": r"enforceTypes field\.\w+ accelerated_fields\.\w+ replicate type"
        " replication_dump_strategy replication_dump_maximum_file_size",
    },
    "commands": {
        r"[a-z][a-z0-9]*": r"filename chunked is_risky maxwait maxchunksize python\.version"
        r" python\.required command\.arg\.\d+",
    },
    "eventtypes": {
        ".+": "search description priority color disabled",
    },
    "macros": {
        r"\w+(\([1-9]\d*\))?": "args definition description iseval validation errormsg",
    },
    "savedsearches": {
        ".+": "search description disabled enableSched cron_schedule schedule_window"
        " realtime_schedule allow_skew schedule_priority max_concurrent is_visible"
        " counttype relation quantity alert_condition"
        r" dispatch\.(earliest_time|latest_time|index_earliest|index_latest|ttl|max_count|max_time"
        r"|lookups|auto_cancel|spawn_process|sample_ratio)"
        r" alert\.(digest_mode|severity|track|expires|suppress|suppress\.fields|suppress\.period"
        r"|suppress\.group_name)"
        r" action\.summary_index(\._name|\._type|\.inline|\.ttl|\.maxtime|\.maxresults"
        r"|\.track_alert|\.command)?"
        r" action\.email(\.to|\.useNSSubject|\.subject\.alert|\.message\.alert|\.format|\.inline"
        r"|\.sendresults|\.preprocess_results)?"
        r" action\.correlationsearch\.(enabled|label|annotations|metadata|detection_type)"
        r" action\.risk(\.param\.(_risk|_risk_message|_risk_score|verbose))?"
        r" action\.notable(\.param\.(rule_title|rule_description|security_domain|severity"
        r"|_entities|nes_fields|drilldown_searches|recommended_actions|next_steps|verbose))?",
    },
    "searchbnf": {
        r"[a-z][a-z0-9]*-command": r"syntax shortdesc description note usage tags related category"
        r" alias maintainer example\d* comment\d* supports-multivalue appears-in",
        r"[a-z][\w-]*-options": "syntax description",
    },
    "tags": {
        ".+=.+": r"[\w-]+",
    },
    "transforms": {
        r"\w+": "filename collection external_type external_cmd fields_list match_type max_matches"
        " min_matches default_match case_sensitive_match batch_index_query allow_caching filter"
        " time_field time_format max_offset_secs min_offset_secs",
    },
    "workflow_actions": {
        r"\w+": r"type label fields eventtypes display_location"
        r" link\.(uri|target|method|postargs\.\d+\.(key|value))"
        r" search\.(search_string|app|view|target|earliest|latest|preserve_timerange)",
    },
    "default.meta": {
        r"((commands|searchbnf|macros|transforms|lookups|collections|savedsearches|views|nav|tags"
        r"|eventtypes|workflow_actions|app|props)(/.+)?)?": "access export owner version",
    },
}


def unknown_keys(conf, stanzas):
    """What Splunk would silently ignore, as "[stanza] key" or "[stanza]".

    >>> unknown_keys("commands", {"schedulescore": {"chunkd": "true"}})
    ['[schedulescore] chunkd']
    """
    found = []
    for stanza, keys in stanzas.items():
        known = [keys for name, keys in KNOWN[conf].items() if re.fullmatch(name, stanza)]
        if not known:
            found.append(f"[{stanza}]")
        patterns = " ".join(known).split()
        for key in keys if known else ():
            if not any(re.fullmatch(pattern, key) for pattern in patterns):
                found.append(f"[{stanza}] {key}")
    return found
