"""Install locked node packages into a folder, once for each state of the lock.

    python requirements/install_node.py FOLDER

The folder holds package.json and package-lock.json. Without npm nothing is installed, and what
needs the packages says so. The stamp in node_modules is a copy of the lock.
"""

import os
import shutil
import subprocess
import sys

from install import read


def install(folder):
    """Bring node_modules to the state of the lock; returns True if it had to be."""
    lock = os.path.join(folder, "package-lock.json")
    stamp = os.path.join(folder, "node_modules", ".installed")
    if read(stamp) == read(lock):
        return False
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed: {} is left out.\n".format(folder))
        return False
    sys.stderr.write("Installing {} ...\n".format(lock))
    command = [npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
    if subprocess.call(command, cwd=folder, stdout=subprocess.DEVNULL) != 0:
        sys.exit("Installing {} failed; npm's messages stand above.".format(lock))
    shutil.copyfile(lock, stamp)
    return True


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    install(sys.argv[1])
