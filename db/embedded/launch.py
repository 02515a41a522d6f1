"""Becomes a server: takes another account, arranges to be told when the parent dies, then execs.

Run as a script by `process.Child`. A fresh interpreter does what `preexec_fn` would do, because
that is not safe in a process with threads. It imports nothing of ours.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(uid: int, gid: int, death_signal: int, parent: int, command: list[str]) -> None:
    """Replaces this process by the command; a uid of -1 keeps the account."""
    # Opened before the account changes: the new one need not reach the folder of the program.
    # A folder of its own is needed only by programs that look for files beside themselves.
    by_descriptor = os.execve in os.supports_fd and uid != -1
    program: str | int = os.open(command[0], os.O_RDONLY) if by_descriptor else command[0]
    if uid != -1:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of account, which would clear it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked to be told
            sys.exit(1)
    os.execve(program, command, dict(os.environ))  # noqa: S606 -- to become it is the purpose


if __name__ == "__main__":
    uid, gid, death_signal, parent = map(int, sys.argv[1:5])
    main(uid, gid, death_signal, parent, sys.argv[5:])
