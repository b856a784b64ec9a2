"""Values that a person could put into a token or an event to change a search or a page."""

MARK = "data-injected"

VALUES = {
    "quote": '10.1.2.3" OR src="*',
    "pipe": '" | delete | search "',
    "quote-and-backslash": '\\" | delete | search \\"',
    "backslash-at-the-end": "C:\\Windows\\",
    "brackets": "[ | inputlookup t1029_allow_list | outputlookup t1029_allow_list ]",
    "quoted-brackets": '"] | delete [ search "',
    "backticks": "`t1029_findings`",
    "comment": '" ```| delete``` "',
    "token": "$src$ $env:user$ $dest|n$ $$",
    "single-quote": "' + src + '",
    "parenthesis": '") OR ("1"="1',
    "markup": f'<img src="x" {MARK} onerror="window.injected=1">',
    "script": f"</script><script {MARK}>window.injected=1</script>",
    "markdown": f"[click](javascript:window.injected=1) ![x](http://192.0.2.1/) <b {MARK}>b</b>",
    "address": "x&form.src=*#y?z=%22",
    "letters": "übergröße 東京 \U0001f600",
}
