"""Fail where a sample of docs/operating.md is not taken by the program that it is for.

    python .ci/deploy_samples.py

Each is the block of code whose first line names its file. nginx, caddy, systemd-analyze and openssl must be
there.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
SAMPLE = re.compile(r"^```\w+\n# ([\w.]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def nginx(text: str, folder: Path) -> list[str]:
    """The command that looks at the sample, with files that are there in place of those of a real machine."""
    pair = [str(folder / "rnngrade.pem"), str(folder / "rnngrade.key")]
    own = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=rnn.example.edu"]
    subprocess.run([*own, "-out", pair[0], "-keyout", pair[1]], check=True, capture_output=True)
    text = text.replace("/etc/ssl/rnngrade.pem", pair[0]).replace("/etc/ssl/rnngrade.key", pair[1])
    text = text.replace("/var/log/nginx/", f"{folder}/")
    file = folder / "nginx.conf"
    file.write_text(f"pid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{text}}}\n")
    return ["nginx", "-t", "-c", str(file)]


def caddy(text: str, folder: Path) -> list[str]:
    """The same of Caddy's."""
    file = folder / "Caddyfile"
    file.write_text(text)
    return ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(file), "--validate"]


def systemd(text: str, folder: Path) -> list[str]:
    """The same of the unit."""
    file = folder / "rnngrade.service"
    # The program must be there.
    file.write_text(text.replace("/opt/rnngrade/bin/rnngrade", sys.executable))
    return ["systemd-analyze", "verify", "--man=no", str(file)]


SAMPLES = {"nginx.conf": nginx, "Caddyfile": caddy, "rnngrade.service": systemd}


def main() -> None:
    """Look at each."""
    found = dict(SAMPLE.findall(PAGE.read_text(encoding="utf-8")))
    failed = [f"{name} is not on the page" for name in SAMPLES if name not in found]
    with tempfile.TemporaryDirectory() as folder:
        for name, command_of in SAMPLES.items():
            command = command_of(found.get(name, ""), Path(folder))
            if shutil.which(command[0]) is None:
                failed.append(f"{name}: {command[0]} is not installed")
                continue
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            # An unknown key of a unit is only told.
            if done.returncode or (command[0] == "systemd-analyze" and done.stderr):
                failed.append(f"{name}: {done.stdout[-500:]}{done.stderr}")
    print("\n".join(failed) or f"taken: {', '.join(SAMPLES)}")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
