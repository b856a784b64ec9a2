"""Runs the app's searches on log files, without Splunk: a fail-closed interpreter of its SPL.

    from replay import Inputs, run

    outcome = run(searches=None, spl=(), inputs=Inputs(zeek=("conn.log.gz",)), now=None,
                  tz="UTC", lookups={}, macros={})

searches  names of saved searches, or pairs of name and epoch to run one as of a time; None runs all
          shipped rules, or none of them if `spl` is given. They run in this order, and then the
          texts: lookups that a search writes, and rows that its summary-index action stores (see
          summary_index.py), are there for those after it. Nothing is written to disk.
spl       texts of searches, run over all events, or (text, earliest, latest) over those of a window
          between time modifiers ("-7d@h", "now"), epochs, or "": no bound, and now.
inputs    Inputs(zeek, sysmon, firewall, log, json, events, any): tuples of files, folders or globs;
          log is of (sourcetype, file) pairs; events is of rows with _time (epoch), sourcetype, ...;
          the formats of those in any are recognised.
          Without inputs only searches that make their own rows can run.
now       epoch that the windows of saved searches count from; by default the first whole second at
          which the newest event lies in the window of every one of them, lag included.
lookups   rows for lookups: name of the stanza or CSV file to the path of a CSV file.
macros    definitions that stand in for the app's own.
app       the folder of the app; by default the one that this package stands in.
rule_suffix  how the names of its rules end, by default " - Rule".
days      days that every saved search looks back, in place of its own look-back.
beside    function from the app to texts that run after all others, whether `spl` is given or not.
emulate   ways in which installations of Splunk differ: "collect-splits-multivalues" (limits.conf,
          format_multivalue_collect = true).
user      who runs the searches, for those that ask (rest .../current-context).

outcome.results is a list of Result(search, columns, rows, stages, earliest, latest). A row is a
dict of the fields that are not null; a multivalue is a list of at least two values. outcome.report
says which lines could not be read and what events lack, outcome.warnings what custom commands had
to say.

Indexes: log files are in main, which is what a search looks at that names no index; index=* is all
but the internal ones (_internal). Every saved search with the action on stores its rows, as if it
were scheduled; alert conditions and throttling are not emulated.

Raises ReplayError, whose text is meant for people: SplError for what Splunk, or this interpreter,
refuses; InputError for files and options. Anything that is not known is refused, never guessed.
"""

from .engine import Outcome, Result, Stage, run
from .errors import InputError, ReplayError, SplError
from .readers import Inputs

__all__ = [
    "InputError",
    "Inputs",
    "Outcome",
    "ReplayError",
    "Result",
    "SplError",
    "Stage",
    "run",
]
