-- The lists by name. A name's endings are itself and every name above it; an entry names one of
-- them, and may hold * for any text.
CREATE OR REPLACE TEMP MACRO endings(name) AS [
    array_to_string(string_split(lower(name), '.')[place:], '.')
    FOR place IN range(1, len(string_split(name, '.')) + 1)
];

CREATE OR REPLACE TEMP MACRO under(name, entry) AS coalesce(
    list_bool_or([ending GLOB regexp_replace(entry, '^\*\.', '') FOR ending IN endings(name)]),
    false
);

CREATE OR REPLACE TEMP MACRO allowed_today(expires) AS
    coalesce(expires, '') = '' OR try_strptime(expires, '%Y-%m-%d') >= getvariable('today')::DATE;

CREATE OR REPLACE TEMP MACRO name_allowed(row_name, row_src, row_port, row_process) AS EXISTS (
    FROM allow_name
    WHERE under(row_name, name)
      AND row_src GLOB src
      AND coalesce(row_port, '-') GLOB dest_port
      AND lower(coalesce(row_process, '-')) GLOB process
      AND allowed_today(expires)
);

CREATE OR REPLACE TEMP MACRO name_listed(row_name) AS EXISTS (
    FROM suspicious_name
    WHERE under(row_name, domain) AND (expires IS NULL OR expires >= getvariable('today'))
);
