"""Every weight and threshold of the scorer, each with its reason.

Weights of the risk are natural logarithms of likelihood ratios: how many times likelier a
sign is in a scheduled theft than in an office's lawful traffic. They are rounded judgements
from the mechanism, not fits to any recording.
"""

# --- fixed interval ---------------------------------------------------------------------------
# Shares of the gaps that the window must hold: all; all but stragglers; a clear majority; half
# (every second beat lost or split); a third (two schedules in one another, or much noise).
SHARES = (1.0, 0.9, 0.7, 0.5, 0.35)
# Three gaps are the least that can agree; what chance brings once in ten looks is left alone.
FEWEST_GAPS, USUAL_LOG10_P = 3, -1.0
# Contacts that follow within these silences (seconds) are one beat: parallel connections,
# a check-in with its answer, a session with its uploads.
BURST_SCALES = (1, 20, 300)
# A beat shorter than a few silences takes its steadiness from them; one of a single step of the
# clock says no more than that every step was active.
PERIODS_PER_BURST, STEPS_PER_PERIOD = 3, 1.5
# The step (seconds) of stamps with fractions.
FINEST = 0.001
# The null: pauses drawn evenly up to some length, which is steadier than a Poisson process and
# than people are. Of those within a factor of two around a window whose ends have the ratio r,
# at most (2r - 2) / (2r - 1) lie in it. Beyond a ratio of five no interval is fixed.
WIDEST = 5.0
ZONE = 2.0
# Missed beats are looked for up to this many periods; beyond it anything fits.
FOLDS = 6
# How far from whole periods such a gap may lie, in widths of the window (every beat adds its
# own jitter), and the widest window for which whole periods still mean something.
FOLD_TOLERANCE, FOLD_WIDTH = 1.5, 0.2
# What is about half a period, or more, from its neighbour is a beat of its own and no burst.
HALF = 0.4
# Retries have a beat too, of a few contacts at a time: a schedule goes on for more beats between
# its silences, or covers more of the time.
SHORTEST_RUN, LEAST_COVER = 6, 0.05
# An interval this good ends the search: chance under 1 in 10^3, nine in ten gaps on time, and
# either middle quarter of them no more than twelve times narrower than the whole window.
SETTLED_LOG10_P, SETTLED_SHARE, SETTLED_SPREAD = -3.0, 0.9, 12
# Rows of more gaps than this are first looked at by a sample of as many, which tells their quarters
# well enough.
EVEN_SAMPLE = 200
# Schedules of one period that stand in one another leave the same few gaps again and again:
# from this log10 p on they are looked for, two or three of them.
INTERLEAVED_LOG10_P, LAGS = -3.0, (2, 3)
# Bins (seconds) whose first contacts a row may hold without saying so, how near to one a period
# must be to owe itself to it, how many contacts tell, and the lower quartile of an exponential
# distribution of mean 1.
BINS = (10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600)
BIN_NEAR, BIN_SAMPLE, BIN_QUARTILE = 0.34, 64, 0.288
# A contact every ten seconds, day and night, is the most that bins are thought to hide: what starts
# nearer to the full minute is a crontab's.
BIN_DENSEST = 0.1
# The coarsest step (seconds) to which stamps are cut where the bins are told: the data model's.
TOLD_STEP = 600
# Where the width of the bins is known, a period under this many of them may be a shorter one. One
# near a single bin is the bins' own: chance is then called no rarer than this (log10 p), where
# the sender is active in this share of them, and nothing is said where it is not.
RESOLVED_BINS, HIDDEN_LOG10_P, HIDDEN_SHARE = 2, -2.4, 0.9
# People return daily: the start of a habit scatters by 90 minutes, that of a punctual one
# by somewhat less (seconds; standard deviation).
HABIT_SPREAD = 4_300.0
HABIT_MIN_PERIOD = 36_000.0

# --- time of day ------------------------------------------------------------------------------
DAY = 86_400
# Contacts within half an hour are one session (seconds).
SESSION = 1_800
# Two days on one slot are a coincidence; three begin to be a habit.
MIN_DAYS = 3
# Slots tried (seconds): a job's exact start, a start with little delay, with a randomised one, up
# to the hour that administrators like to spread their jobs over.
SLOTS = (120.0, 600.0, 1_200.0, 2_400.0, 3_600.0)
# The hours around the slot (seconds each way) that tell how busy this time is anyway.
NEIGHBOURHOOD = 10_800.0
# A time kept on a smaller share of its days than this is one of some days.
MOST_DAYS = 0.4
# A pair that starts more sessions a day than this has no time of day to speak of.
STARTS_A_DAY = 12
# A week must have been seen before one can say that weekends were left out.
WEEK_MIN_DAYS = 7
# Days drawn at random that would keep to as few days of the week more often than this say nothing
# of the others.
WEEK_CHANCE = 0.05
# Spread (seconds) at which a daily start is e times less of a schedule; a job that waits at
# random for some minutes still is one.
TIGHT_START = 3_600.0

# --- missed beats --------------------------------------------------------------------------------
# A schedule weaker than this (log10 p), of no more than so many contacts, is weighed with its
# missed beats filled in: beyond that one of them more or less changes nothing.
FILLED_LOG10_P, MOST_FILLED = -12.0, 100

# --- from evidence to regularity --------------------------------------------------------------
# Kinds of timing evidence that compete for one verdict (interval, time of day, clock alignment):
# each costs its share of the certainty.
KINDS = 3
# Log10 p from which an interval needs no other explanation, unless it is a day or more.
CONVINCING_LOG10_P = -6.0
# How near to a day a period must be for its time of day to say more.
NEAR_DAY = 0.1
# How far from whole days (in days) an interval of several may be.
WHOLE_DAYS = 0.02
# log10 p from which chance is out of the question, and how fast certainty grows below it.
CERTAIN_FROM, CERTAIN_SCALE = -1.3, 1.0
# Share of the regularity that tightness and coverage decide once chance is excluded.
FIT_SHARE = 0.4

# --- risk: natural logarithms of likelihood ratios ---------------------------------------------
# Most pairs are lawful: without any sign the risk is 10 / (1 + e^2.2) = 1.
PRIOR = -2.2
# A certain schedule alone brings even odds (risk 5): regularity is not malice.
SCHEDULE = 2.2
# Contact more often than a programme looks for news (every 15 minutes): a channel is kept open.
RATE, RATE_FROM, RATE_FULL, RATE_BEATS = 1.2, 96.0, 720.0, 60
# Bytes out against bytes in: browsing and updates fetch, theft sends. A thousand bytes each
# way are the talk of the protocols.
RATIO, RATIO_SPAN, PROTOCOL_BYTES = 1.5, 1.5, 1_000
FETCHING, FETCHING_RATIO = -0.5, 0.05
# Nothing sent and nothing answered: attempts, not transfers.
NOTHING_MOVED = -1.0
# Bytes a day: from a megabyte, full at ten gigabytes.
VOLUME, VOLUME_FROM, VOLUME_DECADES = 1.6, 1e6, 4
# One of many hosts talks to it, or half of them do; few hosts in sight say little.
RARE, COMMON, RARE_SHARE, COMMON_SHARE, FEW_HOSTS = 0.9, -1.8, 0.005, 0.5, 30
# Days since the site first saw the destination. Most intrusions are found within weeks, one in
# twenty goes on for half a year: what has been served that long is an arrangement.
NEW, OLD, NEW_DAYS, OLD_DAYS = 0.7, -3.0, 30, 180
LISTED = 2.5
# Share of the sender's usual activity in the hour of the schedule; an even day has 1 in 24, and a
# sender that is always busy is a machine that somebody set up.
IDLE, BUSY, IDLE_SHARE = 0.9, -0.4, 0.01
# A port that no common service uses; a protocol that is not the port's.
ODD_PORT, ODD_APP = 0.8, 1.2
# Clock synchronisation: its own port, its own small packets.
TIME_SERVICE, TIME_PACKET = -1.5, 1_000
# Days that the schedule has held; a theft goes on until somebody ends it.
HABIT, HABIT_DAYS = 0.5, 7
# A sign lighter than this moves the risk by a fifth of a point at most: not worth a reason.
LEAST_TELLING = 0.1
# Sizes of which half lie within a tenth of the median are alike.
ALIKE = 0.9

# --- active windows ---------------------------------------------------------------------------
# Days that must be seen before hours of activity mean something, and the longest window (hours)
# that is worth saying: beyond it a schedule only rests a little.
WINDOW_MIN_DAYS, LONGEST_WINDOW = 3, 16
# Beats come an hour of the clock early or late: only a rest of more periods than this is one.
SHORTEST_REST = 1.5

# --- clock alignment --------------------------------------------------------------------------
# Beats that people set for machines (seconds): crontabs and task schedulers divide the hour.
# Half and full hours are left out, since people meet at these themselves.
CLOCK_BEATS = (60, 300, 600, 900, 1_200)
# A beat is seen from this many contacts, over as many beats, half of them kept or more. Contacts
# closer than a part of the beat come together, and a clock that is coarser than that part shows
# no phase; a thousand contacts are enough.
CLOCK_CONTACTS, PHASE_STEPS, CLOCK_MOST = 30, 4, 1_000
# A longer beat is named if its log10 p is at least this share of a shorter one's.
LONGER_SHARE = 0.5

# --- strobe -------------------------------------------------------------------------------------
# Below this period (seconds) contact is a stream; each contact tells less than a beat would.
STROBE_PERIOD = 5.0
STROBE_RATE_SHARE = 0.5

# --- first look -------------------------------------------------------------------------------
# What is over within two minutes (seconds) is one session, not a schedule.
SHORTEST_SPAN = 120
# What is over at once has few observations: a longer text (characters) is read without a glance.
GLANCE = 160
# Without a schedule a pair is weighed further only if some observation sends this many bytes or
# the destination is listed: a transfer that is not scheduled is none of this scorer's business,
# but one that is large shall not get lost over a weak schedule.
LARGE = 10_000_000
