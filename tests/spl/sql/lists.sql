-- The lists by name. A name's endings are itself and every name above it; an entry names one of
-- them, and may hold * for any text.
CREATE OR REPLACE TEMP MACRO endings(one) AS [
    array_to_string(string_split(lower(one), '.')[place:], '.')
    FOR place IN range(1, len(string_split(one, '.')) + 1)
];

CREATE OR REPLACE TEMP MACRO under(one, entry) AS coalesce(
    list_bool_or([ending GLOB regexp_replace(entry, '^\*\.', '') FOR ending IN endings(one)]),
    false
);

CREATE OR REPLACE TEMP MACRO allowed_today(expires) AS
    coalesce(expires, '') = '' OR try_strptime(expires, '%Y-%m-%d') >= getvariable('today')::DATE;

CREATE OR REPLACE TEMP MACRO name_allowed(row_name, row_src, row_port, row_process) AS EXISTS (
    FROM allow_name
    WHERE under(row_name, allow_name.name)
      AND row_src GLOB allow_name.src
      AND coalesce(row_port, '-') GLOB allow_name.dest_port
      AND lower(coalesce(row_process, '-')) GLOB allow_name.process
      AND allowed_today(allow_name.expires)
);

CREATE OR REPLACE TEMP MACRO name_listed(row_name) AS EXISTS (
    FROM suspicious_name
    WHERE under(row_name, domain) AND (expires IS NULL OR expires >= getvariable('today'))
);
