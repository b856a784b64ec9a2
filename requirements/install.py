"""Install locked requirements into a virtual environment, once for each lock file content, and make
the lookup that is not in the repository (public_suffixes.py).

    python requirements/install.py VENV LOCK

Runs on any Python 3, so that a version that is too old gets a clear message instead of a syntax
error. The stamp in VENV is a copy of the lock file: if they are equal, there is nothing to do.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 9)


def read(path):
    """The bytes of a file, or None if it does not exist."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def make_environment(folder):
    """Create the virtual environment, or exit with the name of the missing Debian package."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        sys.exit(
            "{} cannot make a virtual environment: its venv or ensurepip module is missing. "
            "On Debian and Ubuntu: apt-get install python3-venv".format(sys.executable)
        )
    venv.create(folder, with_pip=True, clear=True)


def is_usable(python):
    """True if the environment's Python has pip and the version of the running Python."""
    wanted = "import pip, sys; sys.exit(sys.version_info[:2] != {})".format(sys.version_info[:2])
    return os.path.exists(python) and subprocess.call([python, "-c", wanted]) == 0


def install(folder, lock):
    """Update the virtual environment to the lock file; return True if anything was installed."""
    python = os.path.join(folder, "bin", "python")
    stamp = os.path.join(folder, os.path.basename(lock) + ".installed")
    usable = is_usable(python)
    if usable and read(stamp) == read(lock):
        return False
    if not usable:
        make_environment(folder)
    sys.stderr.write("Installing {} into {} ...\n".format(lock, folder))
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--requirement", lock]
    if subprocess.call(command) != 0:
        sys.exit("Installing {} failed; see pip's messages above.".format(lock))
    shutil.copyfile(lock, stamp)
    return True


def main(arguments):
    """Check the Python and the arguments, then install."""
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info[:2])
        sys.exit(
            "Python 3.9 or newer is needed; {} is {}. "
            "Choose another: make PYTHON=/path/to/python3".format(sys.executable, found)
        )
    if len(arguments) != 2:
        sys.exit(__doc__)
    folder, lock = arguments
    install(folder, lock)
    maker = os.path.join(os.path.dirname(os.path.abspath(__file__)), "public_suffixes.py")
    if subprocess.call([os.path.join(folder, "bin", "python"), maker]) != 0:
        sys.exit("{} failed; see the messages above.".format(maker))


if __name__ == "__main__":
    main(sys.argv[1:])
