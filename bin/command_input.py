"""What splunkd sends a search command, made fit for splunklib: no part of it ends the command."""

import io
import json
import sys

# What splunklib cannot do without, as far as the first message lacks it.
NOTHING_KNOWN = {
    "args": [],
    "raw_args": [],
    "dispatch_dir": "",
    "earliest_time": 0,
    "latest_time": 0,
    "search": "",
    "sid": "",
    "splunk_version": "",
}


def completed(getinfo):
    """The first message with all that splunklib demands in it.

    >>> json.loads(completed(b'{"searchinfo": {"sid": "7"}}'))["searchinfo"]["args"]
    []
    """
    told = json.loads(getinfo)
    known = {name: value for name, value in (told.get("searchinfo") or {}).items() if value}
    info = {**NOTHING_KNOWN, **known}
    return json.dumps({"action": "getinfo", "preview": False, **told, "searchinfo": info}).encode()


class Input(io.BufferedReader):
    """A command's input, from its raw stream; splunklib reads each part of a message by its size.

    `is_cut`: a part was shorter than its size. `nul`: the character that stands for NUL in the last
    part, empty where the part holds none.
    """

    is_begun = is_cut = False
    nul = ""

    def read(self, size=-1):
        """Read one part."""
        part = super().read(size)
        self.is_cut = self.is_cut or len(part) < size
        if part and not self.is_begun:
            self.is_begun = True
            part = completed(part)
        # The csv module refuses NUL before Python 3.11.
        self.nul = unused(part) if b"\0" in part else ""
        return part.replace(b"\0", self.nul.encode())

    def restored(self, cells):
        """The cells of a row of the last part, with every NUL back in its place."""
        return [cell.replace(self.nul, "\0") for cell in cells] if self.nul else cells


def unused(text):
    r"""A character, private use first, that an encoded text does not hold.

    >>> unused("\ue000".encode())
    '\ue001'
    """
    characters = map(chr, range(0xE000, sys.maxunicode))
    return next(char for char in characters if char.encode() not in text)
