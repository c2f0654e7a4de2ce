"""Models as notebooks save them, for import.test.ts.

foreign_models.py DIRECTORY

Writes each model as .keras and as .h5, `inputs.f32` (float32 [4, 64, 64, 3], 0…255), and prints what Keras predicts:
{"name": [[probability, …], …], …}
"""

import json
import sys

import keras
import numpy as np
from keras import layers

SHAPE = (64, 64, 3)
FILTERS = [(2, 4), (2, 8), (3, 16), (3, 32), (3, 32)]
CLASSES = 7


def vgg16(activation="relu"):
    """keras.applications.VGG16(include_top=False), narrow."""
    inputs = keras.Input(SHAPE)
    value = inputs
    for block, (count, filters) in enumerate(FILTERS, 1):
        for index in range(1, count + 1):
            name = f"block{block}_conv{index}"
            value = layers.Conv2D(filters, 3, padding="same", activation=activation, name=name)(value)
        value = layers.MaxPooling2D(2, strides=2, name=f"block{block}_pool")(value)
    return keras.Model(inputs, value, name="vgg16")


def nested_in_sequential():
    base = vgg16()
    for layer in base.layers[:-4]:
        layer.trainable = False
    head = [
        layers.Flatten(),
        layers.Dense(9, activation="relu"),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Dense(CLASSES, activation="softmax"),
    ]
    return keras.Sequential([keras.Input(SHAPE), layers.Rescaling(1 / 127.5, offset=-1), base, *head])


def nested_in_functional():
    inputs = keras.Input(SHAPE)
    scale = layers.Normalization()
    scale.adapt(pictures())
    value = vgg16()(scale(inputs))
    value = layers.BatchNormalization()(value)
    value = layers.GlobalAveragePooling2D()(value)
    value = layers.Dense(9)(value)
    value = layers.BatchNormalization()(value)
    value = layers.Activation("tanh")(value)
    return keras.Model(inputs, layers.Dense(CLASSES, activation="softmax")(value))


def layers_side_by_side():
    base = vgg16()
    base.trainable = False
    value = layers.GlobalMaxPooling2D()(base.output)
    value = layers.BatchNormalization()(value)
    value = layers.Dense(8, activation="elu")(value)
    value = layers.GaussianNoise(0.1)(value)
    value = layers.Dense(8, activation="selu")(value)
    return keras.Model(base.input, layers.Dense(CLASSES, activation="softmax")(value))


def from_scratch():
    """Batch norm behind the ReLU and before Flatten; logits that a Softmax layer ends."""
    model = keras.Sequential([keras.Input(SHAPE), layers.Rescaling(1 / 255)])
    for count, filters in FILTERS:
        for _ in range(count):
            model.add(layers.Conv2D(filters, (3, 3), padding="same", activation="relu"))
            model.add(layers.BatchNormalization())
        model.add(layers.MaxPooling2D())
    model.add(layers.BatchNormalization())
    model.add(layers.Flatten())
    model.add(layers.Dense(9, activation="sigmoid"))
    model.add(layers.Dense(CLASSES))
    model.add(layers.Softmax())
    return model


def pictures():
    return np.random.default_rng(7).uniform(0, 255, size=(4,) + SHAPE).astype("float32")


MODELS = [nested_in_sequential, nested_in_functional, layers_side_by_side, from_scratch]


def main(directory):
    keras.utils.set_random_seed(7)
    inputs = pictures()
    inputs.tofile(f"{directory}/inputs.f32")
    answers = {}
    for make in MODELS:
        model = make()
        model.compile("adam", "categorical_crossentropy", run_eagerly=True)
        model.fit(inputs, np.eye(CLASSES)[:4], epochs=2, verbose=0)
        model.save(f"{directory}/{make.__name__}.keras")
        model.save(f"{directory}/{make.__name__}.h5")
        answers[make.__name__] = np.asarray(model(inputs, training=False)).tolist()
    print(json.dumps(answers))


main(sys.argv[1])
