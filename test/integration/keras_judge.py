"""Keras' side of keras.test.ts.

keras_judge.py make DIRECTORY            saves VGG16s built and briefly trained in Keras
keras_judge.py predict WINDOWS MODEL…    probabilities of each model for float32 windows, as Keras computes them

Prints one line of JSON.
"""

import json
import sys

import keras
import numpy as np
from keras import layers

FILTERS = [(2, 4), (2, 8), (3, 16), (3, 32), (3, 32)]
SHAPE = (64, 32, 1)


def predict(windows_path, *paths):
    values = np.fromfile(windows_path, dtype="<f4")
    return [judge(keras.models.load_model(path), values) for path in paths]


def judge(model, values):
    windows = values.reshape((-1,) + tuple(model.input_shape[1:]))
    return {"class": type(model).__name__, "probabilities": np.asarray(model(windows, training=False)).tolist()}


def blocks(batch_norm):
    for count, filters in FILTERS:
        for _ in range(count):
            if batch_norm:
                yield layers.Conv2D(filters, 3, padding="same")
                yield layers.BatchNormalization()
                yield layers.ReLU()
            else:
                yield layers.Conv2D(filters, (3, 3), padding="same", activation="relu")
        yield layers.MaxPooling2D()


def sequential():
    head = [layers.GlobalAveragePooling2D(), layers.Dropout(0.3), layers.Dense(7, activation="softmax")]
    return keras.Sequential([keras.Input(SHAPE), *blocks(True), *head])


def functional():
    inputs = keras.Input(SHAPE)
    value = inputs
    head = [layers.Flatten(), layers.Dense(9, activation="relu"), layers.Dense(7), layers.Softmax()]
    for layer in [*blocks(False), *head]:
        value = layer(value)
    return keras.Model(inputs, value)


def make(directory):
    keras.utils.set_random_seed(7)
    random = np.random.default_rng(7)
    windows = random.normal(size=(16,) + SHAPE).astype("float32")
    labels = keras.utils.to_categorical(random.integers(0, 7, 16), 7)
    for name, model in {"sequential": sequential(), "functional": functional()}.items():
        model.compile("adam", "categorical_crossentropy", run_eagerly=True)
        model.fit(windows, labels, epochs=2, verbose=0)
        model.save(f"{directory}/{name}.keras")
    return ["sequential", "functional"]


commands = {"predict": predict, "make": make}
print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
