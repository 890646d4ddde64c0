"""Replaces `acutance train`: it writes the trainer's output at once, and ends when its input does.

double.py HOW train METHOD --photos LIST ... with HOW one of better, worse, endless, crash.
"""

import argparse
import hashlib
import json
import os
import sys
import threading
from pathlib import Path

GAINS = {"better": 0.5, "worse": -0.5, "endless": 0.4}
WEIGHTS = b"\x02\x00\x00\x00\x00\x00\x00\x00{}"


def figures(psnr):
    return {"psnr": psnr, "ssim": 0.7, "input_psnr": 25.0, "input_ssim": 0.6, "better": 1.0}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("how")
    parser.add_argument("train")
    parser.add_argument("method")
    for option in ("photos", "run-dir", "from"):
        parser.add_argument(f"--{option}", type=Path)
    parser.add_argument("--minutes", type=float)
    for flag in ("resume", "trial"):
        parser.add_argument(f"--{flag}", action="store_true")
    return parser.parse_known_args()[0]


class Run:
    def __init__(self, given):
        self.given, self.folder = given, given.run_dir
        self.step = 0
        if given.resume:
            self.step = int((self.folder / "checkpoint.safetensors").read_text())

    def tell(self, **entry):
        place = {
            "step": self.step,
            "samples": 8 * self.step,
            "minutes": self.step / 10,
            "spent": min(1, self.step / 20),
        }
        with (self.folder / "metrics.jsonl").open("a") as file:
            file.write(json.dumps({**place, **entry}) + "\n")

    def train(self, stop):
        photos = self.given.photos.read_text().splitlines()
        self.tell(
            event="begun", photos=len(photos) - 2, held_out_photos=2, device="a double", input=figures(25.0),
            shipped=figures(27.0),
        )  # fmt: skip
        endless = self.given.how == "endless"
        while not stop.wait(0.02 if endless else 0) and (endless or self.step < 20):
            self.step += 1
            self.tell(losses={"l1": 1 / (1 + self.step)}, samples_per_second=8.0)
            self.tell(event="judged", held_out=figures(27 + GAINS[self.given.how]), picture=None)
            begun = self.folder / "checkpoint.part"  # complete or not at all, since it may be killed at any moment
            begun.write_text(str(self.step))
            begun.replace(self.folder / "checkpoint.safetensors")

    def end(self):
        (self.folder / f"{self.given.method}.safetensors").write_bytes(WEIGHTS)
        name = self.given.method
        card = {"id": name, "method": name, "sha256": hashlib.sha256(WEIGHTS).hexdigest(), "samples_seen": self.step}
        (self.folder / f"{name}.json").write_text(json.dumps(card))
        gain = GAINS[self.given.how]
        self.tell(
            event="ended", finished=self.step >= 20 and self.given.how != "endless", held_out=figures(27 + gain),
            better=gain > 0, card=f"{name}.json",
        )  # fmt: skip


def main():
    given = arguments()
    if given.trial:
        sys.stdout.write(
            json.dumps({"device": "a double", "samples_per_second": 8.0, "memory": 10**9, "crop": 40, "batch": 4})
        )
        return 0
    if given.how == "crash":
        sys.stderr.write("Traceback\nThe photos do not fit into the memory.\n")
        return 1
    stop = threading.Event()
    threading.Thread(target=lambda: (os.read(0, 1), stop.set()), daemon=True).start()
    run = Run(given)
    run.train(stop)
    run.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
