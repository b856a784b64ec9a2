"""Which parents make a process a scheduled job."""

import pytest

from replay import run


@pytest.mark.parametrize(
    ("parent", "is_job"),
    [
        pytest.param("/usr/sbin/cron", True, id="cron"),
        pytest.param("/usr/sbin/crond -n", True, id="crond-with-an-option"),
        pytest.param("/sbin/launchd", True, id="launchd"),
        pytest.param("c:/windows/system32/svchost.exe -k netsvcs -p -s schedule", True, id="tasks"),
        pytest.param("/usr/bin/crontab", False, id="crontab"),
        pytest.param("/opt/cron_report", False, id="name-that-begins-with-cron"),
        pytest.param("/opt/launchd2", False, id="name-that-begins-with-launchd"),
        pytest.param("/bin/bash", False, id="shell"),
    ],
)
def test_parent_is_known(parent, is_job):
    spl = f'| makeresults | eval found=if(match("{parent}", `t1029_job_parents`), 1, 0)'
    (row,) = run(spl=[spl]).results[0].rows
    assert row["found"] == int(is_job)
