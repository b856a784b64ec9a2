"""Install locked node packages into a folder, once for each lock file content.

    python requirements/install_node.py FOLDER

The folder holds package.json and package-lock.json. Without npm nothing is installed, and the
tests that need the packages are skipped. The stamp in node_modules is a copy of the lock file.
"""

import os
import shutil
import subprocess
import sys

from install import read


def install(folder):
    """Update node_modules to the lock file; return True if anything was installed."""
    lock = os.path.join(folder, "package-lock.json")
    stamp = os.path.join(folder, "node_modules", ".installed")
    if read(stamp) == read(lock):
        return False
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed: skipping {}.\n".format(folder))
        return False
    sys.stderr.write("Installing {} ...\n".format(lock))
    command = [npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
    if subprocess.call(command, cwd=folder, stdout=subprocess.DEVNULL) != 0:
        sys.exit("Installing {} failed; see npm's messages above.".format(lock))
    shutil.copyfile(lock, stamp)
    return True


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    install(sys.argv[1])
