#!/usr/bin/env python3
"""What the window costs on a display of its own: from exec to the first painted frame, memory, and processor time at rest.

Usage: scripts/bench-window.py [--keys N] [--events N] [--starts N] [--rest SECONDS]

Build first: cargo build --release. Needs Xvfb, openbox and xdotool (Debian: xvfb, openbox, xdotool), and Linux. Draws with
Mesa's software renderer, so that every machine measures the same; a graphics card is faster and holds less memory here.
"""

import argparse
import mmap
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WIDTH, HEIGHT = 1440, 900
# The picture counts as painted when this share of the samples of the screen is no longer black.
PAINTED = 0.5
ROOT = Path(__file__).resolve().parent.parent
PROGRAM = (Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "keyroom").resolve()
PASSWORD = "a password for measuring only, velvet otter quilt"


class Display:
    """A display whose picture is a file."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("home", "runtime", "screen"):
            (folder / name).mkdir(mode=0o700)
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-noreset", "-br", "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder / "screen"),
             "-displayfd", str(write)], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            self.name = ":" + told.readline().strip()
        file = (folder / "screen" / "Xvfb_screen0").open("rb")
        self.picture = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # An X window dump: a header of its own length, colours, then four bytes for each pixel.
        head, colours = (int.from_bytes(self.picture[at:at + 4], "big") for at in (0, 76))
        self.pixels = head + 12 * colours
        self.manager = None

    def environment(self):
        inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        home = self.folder / "home"
        return inherited | {
            "DISPLAY": self.name, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"), "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }

    def start(self, *arguments):
        return subprocess.Popen([PROGRAM, *arguments], env=self.environment(),
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def painted(self):
        """The share of samples that are not black."""
        step, seen, count = 97, 0, 0
        for pixel in range(0, WIDTH * HEIGHT, WIDTH * 10 + step):
            at = self.pixels + 4 * pixel
            seen += any(self.picture[at:at + 3])
            count += 1
        return seen / count

    def manage(self):
        self.manager = subprocess.Popen(["openbox"], env=self.environment(),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # A window that came while it was still starting was once never shown.
        wait_for("a window manager", lambda: self.xdotool("get_num_desktops"))

    def xdotool(self, *arguments, told=""):
        done = subprocess.run(["xdotool", *arguments], env=self.environment(), input=told, text=True,
                              capture_output=True)
        return done.stdout.strip()

    def close(self):
        for process in (self.manager, self.server):
            if process:
                process.terminate()
                process.wait()


def wait_for(what, test, seconds=60, pause=0.1):
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            sys.exit(f"bench-window: waited in vain for {what}")
        time.sleep(pause)


def first_frame(display):
    """Milliseconds from exec to a painted window."""
    wait_for("a black screen", lambda: display.painted() == 0)
    began = time.monotonic()
    window = display.start()
    wait_for("the first frame", lambda: display.painted() >= PAINTED, pause=0.001)
    took = time.monotonic() - began
    window.terminate()
    window.wait()
    return took * 1000


def cpu_ms(pid):
    """User and system time of a process so far, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


def settle(pid):
    """Waits until the process works no more than to draw a countdown: a fifth of a core, for two seconds."""
    while True:
        before = cpu_ms(pid)
        time.sleep(2)
        if cpu_ms(pid) - before < 400:
            return


def memory(pid):
    """Resident memory in MB: all, and by kind of mapping."""
    kinds = {"program": 0, "shared libraries": 0, "own": 0}
    kind = "own"
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if re.match(r"^[0-9a-f]+-[0-9a-f]+ ", line):
            path = line.split(maxsplit=5)[5] if len(line.split(maxsplit=5)) > 5 else ""
            shared = ".so" in path or path.startswith(("/usr/lib", "/lib"))
            kind = "program" if path == str(PROGRAM) else "shared libraries" if shared else "own"
        elif line.startswith("Rss:"):
            kinds[kind] += int(line.split()[1])
    status = Path(f"/proc/{pid}/status").read_text()
    whole = int(re.search(r"VmRSS:\s+(\d+)", status)[1])
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1])
    parts = ", ".join(f"{name} {kib / 1000:.0f}" for name, kib in kinds.items())
    return f"{whole * 1.024 / 1000:.0f} MB ({parts}; at most {peak * 1.024 / 1000:.0f})"


def rest(pid, seconds):
    """Processor time at rest, in percent of one core."""
    before = cpu_ms(pid)
    time.sleep(seconds)
    return (cpu_ms(pid) - before) / seconds / 10


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=600)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--rest", type=int, default=60)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        display = Display(Path(folder))
        try:
            measure(display, wanted, Path(folder))
        finally:
            display.close()


def measure(display, wanted, folder):
    first_frame(display)
    frames = [first_frame(display) for _ in range(wanted.starts)]
    print(f"first frame after exec, median of {len(frames)}: {statistics.median(frames):.0f} ms "
          f"({min(frames):.0f} to {max(frames):.0f})", flush=True)

    vault, secret = folder / "bench.keyroom", folder / "password"
    secret.write_text(PASSWORD + "\n")
    subprocess.run([PROGRAM, "demo", vault, "--keys", str(wanted.keys), "--events", str(wanted.events), "--password-file", secret],
                   env=display.environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    display.manage()
    window = display.start(vault)
    try:
        find = lambda: display.xdotool("search", "--onlyvisible", "--pid", str(window.pid))
        wait_for("a window", find)
        at = find().splitlines()[0]
        title = lambda: display.xdotool("getwindowname", at)
        display.xdotool("windowactivate", "--sync", at)
        settle(window.pid)
        print(f"resident, before the unlock:       {memory(window.pid)}")
        print(f"processor at rest, before it:      {rest(window.pid, wanted.rest):.2f} %", flush=True)
        unlock(display, window, title)
        print(f"resident, unlocked, {wanted.keys} keys:  {memory(window.pid)}")
        print(f"processor at rest, unlocked:       {rest(window.pid, wanted.rest):.2f} %", flush=True)
        display.xdotool("key", "ctrl+2")
        settle(window.pid)
        print(f"resident, on the Keys page:        {memory(window.pid)}")
        print(f"processor at rest, on Keys:        {rest(window.pid, wanted.rest):.2f} %", flush=True)
        display.xdotool("key", "ctrl+l")
        wait_for("a lock", lambda: title().startswith("Locked"))
        settle(window.pid)
        print(f"resident, locked:                  {memory(window.pid)}")
        print(f"processor at rest, locked:         {rest(window.pid, wanted.rest):.2f} %", flush=True)
    finally:
        window.send_signal(signal.SIGTERM)
        window.wait()


def unlock(display, window, title):
    # No faster than a person: keys that come within one frame go where the focus was at its beginning.
    for told, key in (("m.ito", "Tab"), (PASSWORD, "Return")):
        display.xdotool("type", "--delay", "60", "--file", "-", told=told)
        time.sleep(1)
        display.xdotool("key", key)
        time.sleep(1)
    wait_for("an unlock", lambda: not title().startswith("Locked"), seconds=120)
    settle(window.pid)


main()
