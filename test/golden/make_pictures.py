"""Makes pictures.json, which holds src/features/picture.ts to the libraries that notebooks use.

    python3 -m venv scratch
    scratch/bin/pip install numpy==2.2.6 matplotlib==3.10.3 pillow==11.2.1 opencv-python-headless==5.0.0.93
    PYTHONPATH=.cache/python/lib/python3.11/site-packages scratch/bin/python test/golden/make_pictures.py

Each case is written the way a notebook would, from one window in dB; beside it stands the front end that says the
same. TensorFlow and Keras as pinned in scripts/setup-python.mjs.
"""

import json
from pathlib import Path

import cv2
import keras
import matplotlib
import numpy as np
import tensorflow as tf
from PIL import Image

FRAMES, BANDS = 31, 24


def window():
    """dB, lower bands louder, with a moving ridge: [bands, frames] as librosa gives it, maximum 0, floor -80."""
    frame, band = np.meshgrid(np.arange(FRAMES), np.arange(BANDS))
    ridge = 30 * np.exp(-(((band - 4 - 0.4 * frame) / 2.5) ** 2))
    db = ridge - 1.7 * band + 6 * np.sin(0.9 * frame + 0.3 * band) - 55 * (frame > 26)
    return np.round(np.maximum(db - db.max(), -80), 3).astype(np.float32)


def unit(values):
    return (values - values.min()) / (values.max() - values.min())


def stack_and_preprocess(db):
    grey = np.stack([unit(db)] * 3, axis=-1)
    return keras.applications.vgg16.preprocess_input(tf.image.resize(grey, (20, 40)).numpy() * 255)


def saved_picture(db):
    picture = matplotlib.colormaps["viridis"](unit(db)[::-1], bytes=True)[:, :, :3]
    return np.asarray(Image.fromarray(picture).resize((17, 36), Image.BILINEAR), dtype=np.float32) / 255


def saved_picture_nearest(db):
    picture = matplotlib.colormaps["magma"]((db + 80) / 80, bytes=True)[:, :, :3]
    return np.asarray(Image.fromarray(picture).resize((45, 13), Image.NEAREST), dtype=np.float32) / 127.5 - 1


def one_channel_of_frames(db):
    normal = (db - db.mean()) / (db.std() + 1e-6)
    return cv2.resize(normal.T, (32, 18), interpolation=cv2.INTER_LINEAR)[:, :, None]


def jet_made_smaller(db):
    colours = matplotlib.colormaps["jet"](np.clip((db + 60) / 55, 0, 1))[:, :, :3]
    return tf.image.resize(colours, (10, 16), antialias=True).numpy()


def grey_bytes(db):
    grey = np.stack([(unit(db) * 255).astype(np.uint8)] * 3, axis=-1)
    return tf.image.resize(grey, (32, 32)).numpy()


PICTURE = {
    "range": [0, 1],
    "fullScale": 255,
    "levels": "continuous",
    "rows": "low-band-first",
    "colours": "grey",
    "resize": "bilinear",
    "preprocessing": "none",
}

CASES = [
    (stack_and_preprocess, "minmax", PICTURE | {"preprocessing": "caffe"}),
    (
        saved_picture,
        "minmax",
        PICTURE
        | {
            "levels": "bytes",
            "rows": "low-band-last",
            "colours": "viridis",
            "resize": "bilinear-antialias",
            "preprocessing": "divide255",
        },
    ),
    (
        saved_picture_nearest,
        "none",
        PICTURE
        | {
            "range": [-80, 0],
            "levels": "bytes",
            "colours": "magma",
            "resize": "nearest",
            "preprocessing": "signed",
        },
    ),
    (
        one_channel_of_frames,
        "standardize",
        PICTURE | {"range": None, "fullScale": 1, "rows": "frames", "colours": "single"},
    ),
    (
        jet_made_smaller,
        "none",
        PICTURE | {"range": [-60, -5], "fullScale": 1, "colours": "jet", "resize": "bilinear-antialias"},
    ),
    (grey_bytes, "minmax", PICTURE | {"levels": "bytes"}),
]


def case(make, normalization, picture, db):
    values = make(db)
    height, width, _ = values.shape
    return {
        "name": make.__name__,
        "normalization": normalization,
        "picture": picture | {"height": height, "width": width},
        "values": np.round(values.astype(float).ravel(), 5).tolist(),
    }


def main():
    db = window()
    content = {
        "frames": FRAMES,
        "bands": BANDS,
        "db": np.round(db.T.astype(float).ravel(), 3).tolist(),
        "cases": [case(*one, db) for one in CASES],
    }
    path = Path(__file__).parent / "pictures.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
