"""A clone of this repository as a new user would have it: what is committed, nothing of what was built."""
import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What .gitignore names.
IGNORED = shutil.ignore_patterns("build", "__pycache__", "*.pyc")


def git(directory, *arguments):
    """What git printed. Whose the directory is does not matter to us (git-config(1), safe.directory)."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.path.join(os.path.dirname(os.path.abspath(__file__)), "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    done = subprocess.run(
        ["git", *arguments],
        cwd=directory,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    return done.stdout


def make(directory):
    """Returns a sentence: where it came from."""
    if os.path.exists(os.path.join(ROOT, ".git")):
        git(ROOT, "clone", "-q", "--no-hardlinks", ROOT, directory)
        return "a clone of " + git(directory, "log", "-1", "--format=commit %h, %s").strip()
    shutil.copytree(ROOT, directory, symlinks=True, ignore=IGNORED)
    git(directory, "init", "-q")
    git(directory, "add", "--all")
    git(directory, "commit", "-q", "-m", "As it was found")
    return "a copy of the files here, for this is no git repository"
