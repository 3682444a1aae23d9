"""A released program of ours, for tests: started on free ports, stopped by its process id."""

import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

# A program that does not end within this time is broken; it takes milliseconds.
LIMIT_S = 20


class Program:
    """Runs from construction to stop(). What `--json` says of it is in ready."""

    def __init__(self, name: str, *args: str) -> None:
        self._name = name
        self._errors = tempfile.TemporaryFile("w+")
        command = [str(TARGET / "release" / name), "--json", "--port", "0", *args]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"{name} ended with {self._process.wait()}: {self._read_errors()}")
        self.ready = json.loads(line)

    def stop(self) -> None:
        """Tells it to drain; anything but a clean end is a failure of the test."""
        self._process.terminate()
        try:
            code = self._process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._process.stdout.close()
        errors = self._read_errors()
        self._errors.close()
        if code != 0:
            raise AssertionError(f"{self._name} ended with {code}: {errors}")

    def _read_errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read()
