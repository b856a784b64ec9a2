-- The host of an address such as https://files.example:443/path; a name has a dot and is no address.
CREATE OR REPLACE TEMP MACRO host_part(text) AS
rtrim(regexp_extract(lower(text), '^(?:[a-z]+://)?(?:[^/@]*@)?([^/:?#]*)', 1), '.');

CREATE OR REPLACE TEMP MACRO name_or_null(text) AS CASE
    WHEN contains(text, '.') AND regexp_matches(text, '[^0-9.]') AND NOT regexp_matches(text, '[\s=>,;|]')
    THEN text
END;
