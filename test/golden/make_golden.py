"""Makes the golden vectors that hold src/features to librosa.

    .cache/python/bin/python test/golden/make_golden.py [--out DIR]

One JSON file a front end: the signal's formula (see signal below; log-mel-signal.ts computes the same), the front end
in the words of src/features/front-end.ts, and what librosa makes of it:
  frames  dB against a reference of 1, floor amin, no top_db           [frames][bands]
  window  the first windowFrames of them after reference, top_db and normalisation; static, delta and delta-delta of
          a band stand side by side where the front end has a deltaWidth
librosa 0.11.0 and numpy as pinned in scripts/setup-python.mjs.
"""

import argparse
import json
from pathlib import Path

import librosa
import numpy as np

DEFAULT = {
    "sampleRateHz": 8000,
    "nFft": 256,
    "winLength": 256,
    "hopLength": 128,
    "center": False,
    "nMels": 64,
    "fMinHz": 0,
    "fMaxHz": 4000,
    "melScale": "slaney",
    "melNorm": "slaney",
    "power": 2,
    "dbReference": {"kind": "fixed", "value": 1},
    "amin": 1e-10,
    "topDb": 60,
    "windowFrames": 128,
    "windowHopFrames": 32,
    "normalization": "standardize",
}

CASES = {
    "default": (2.1, DEFAULT),
    "22k-centered-max": (
        0.8,
        DEFAULT
        | {
            "sampleRateHz": 22050,
            "nFft": 2048,
            "winLength": 2048,
            "hopLength": 512,
            "center": True,
            "nMels": 128,
            "fMaxHz": 11025,
            "dbReference": {"kind": "max"},
            "topDb": 80,
            "windowFrames": 32,
            "normalization": "none",
        },
    ),
    "16k-htk": (
        0.6,
        DEFAULT
        | {
            "sampleRateHz": 16000,
            "nFft": 512,
            "winLength": 400,
            "hopLength": 160,
            "nMels": 40,
            "fMaxHz": 8000,
            "melScale": "htk",
            "melNorm": "none",
            "topDb": None,
            "windowFrames": 56,
            "normalization": "minmax",
        },
    ),
    "8k-magnitude": (
        0.8,
        DEFAULT
        | {
            "nFft": 512,
            "winLength": 512,
            "center": True,
            "fMinHz": 50,
            "fMaxHz": 3800,
            "power": 1,
            "windowFrames": 48,
            "normalization": "none",
        },
    ),
    "8k-deltas": (0.8, DEFAULT | {"nMels": 24, "windowFrames": 48, "deltaWidth": 9}),
}


def lcg_noise(count):
    """White noise in -1..1 from a 32-bit linear congruential generator, exact in any language."""
    values, state = np.empty(count), 1
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = state / 2**31 - 1
    return values


def signal(seconds, rate):
    """A chirp in noise, then faint noise, then digital silence: 70, 15 and 15 % of the time. 16-bit values, so that
    the last bit of a sine, which differs between libraries, never matters."""
    count = int(seconds * rate)
    t = np.arange(count) / rate
    low, high = 80.0, 0.45 * rate
    chirp = np.sin(2 * np.pi * (low * t + (high - low) * t * t / (2 * seconds)))
    noise = lcg_noise(count)
    loud, end = int(0.7 * count), int(0.85 * count)
    wave = 0.4 * chirp + 0.05 * noise
    wave[loud:] = 0.002 * noise[loud:]
    wave[end:] = 0
    return np.floor(wave * 32767 + 0.5) / 32768


def mel_frames(front_end, samples):
    mel = librosa.feature.melspectrogram(
        y=samples,
        sr=front_end["sampleRateHz"],
        n_fft=front_end["nFft"],
        win_length=front_end["winLength"],
        hop_length=front_end["hopLength"],
        window="hann",
        center=front_end["center"],
        pad_mode="constant",
        power=float(front_end["power"]),
        n_mels=front_end["nMels"],
        fmin=front_end["fMinHz"],
        fmax=front_end["fMaxHz"],
        htk=front_end["melScale"] == "htk",
        norm="slaney" if front_end["melNorm"] == "slaney" else None,
        dtype=np.float64,
    )
    return mel


def window_of(front_end, mel):
    first = mel[:, : front_end["windowFrames"]]
    assert first.shape[1] == front_end["windowFrames"], "the signal is too short for a window"
    reference = front_end["dbReference"]
    ref = np.max if reference["kind"] == "max" else float(reference["value"])
    db = librosa.power_to_db(first, ref=ref, amin=front_end["amin"], top_db=front_end["topDb"])
    planes = [normalised(front_end, plane) for plane in [db, *deltas_of(front_end, db)]]
    return np.stack(planes, axis=1).reshape(-1, db.shape[1])


def deltas_of(front_end, db):
    if "deltaWidth" not in front_end:
        return []
    width = front_end["deltaWidth"]
    return [librosa.feature.delta(db, width=width, order=order, mode="nearest") for order in (1, 2)]


def normalised(front_end, db):
    if front_end["normalization"] == "standardize":
        return (db - db.mean()) / (db.std() + 1e-6)
    if front_end["normalization"] == "minmax":
        return (db - db.min()) / (db.max() - db.min())
    return db


def golden(seconds, front_end):
    samples = signal(seconds, front_end["sampleRateHz"])
    mel = mel_frames(front_end, samples)
    frames = librosa.power_to_db(mel, ref=1.0, amin=front_end["amin"], top_db=None)
    return {
        "librosa": librosa.__version__,
        "seconds": seconds,
        "checksum": int(np.sum(np.abs(samples)) * 32768),
        "frontEnd": front_end,
        "frames": np.round(frames.T, 4).tolist(),
        "window": np.round(window_of(front_end, mel).T, 6).tolist(),
    }


def write(path, content):
    """One frame a line, so that a change shows where it is."""
    head = {key: value for key, value in content.items() if key not in ("frames", "window")}
    lines = [json.dumps(head)[:-1]]
    for key in ("frames", "window"):
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in content[key])
        lines.append(f'"{key}": [\n{rows}\n]')
    path.write_text(",\n".join(lines) + "}\n")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = arguments.parse_args().out
    files = []
    for name, (seconds, front_end) in CASES.items():
        path = out / f"log-mel.{name}.json"
        write(path, golden(seconds, front_end))
        files.append(path.name)
    print(json.dumps(files))


if __name__ == "__main__":
    main()
