"""Writes src/features/colour-tables.ts from matplotlib's colour maps: 256 colours each, in millionths, as hexadecimal.

    python3 -m venv scratch && scratch/bin/pip install matplotlib==3.10.3
    scratch/bin/python scripts/make_colour_tables.py > src/features/colour-tables.ts
"""

import matplotlib
import numpy as np

NAMES = ["viridis", "plasma", "inferno", "magma", "cividis", "jet", "gray"]
WIDTH = 100


def millionths(name):
    """Rounded so that a colour as bytes, which matplotlib cuts off, stays the same."""
    exact = matplotlib.colormaps[name](np.arange(256))[:, :3]
    values = np.round(exact * 1e6).astype(int)
    for step in (1, -2):
        wrong = np.trunc(values / 1e6 * 255) != np.trunc(exact * 255)
        values[wrong] += step
    assert (np.trunc(values / 1e6 * 255) == np.trunc(exact * 255)).all()
    assert np.abs(values / 1e6 - exact).max() < 2e-6
    return values


def main():
    print(f"// Written by scripts/make_colour_tables.py from matplotlib {matplotlib.__version__}; not to be edited.\n")
    print("/** Red, green, blue of 256 colours: five hexadecimal digits each, millionths of full scale. */")
    print("export const COLOUR_TABLES = {")
    for name in NAMES:
        text = "".join(f"{value:05x}" for value in millionths(name).flat)
        print(f"  {name}: [")
        for at in range(0, len(text), WIDTH):
            print(f"    '{text[at : at + WIDTH]}',")
        print("  ],")
    print("} as const;\n")
    print("/** matplotlib's name of a colour map. */")
    print("export type ColourMap = keyof typeof COLOUR_TABLES;")


main()
