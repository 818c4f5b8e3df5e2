"""The sample's task: which kind of thing is drawn? Classes are one or several of Unicode's subgroups, plainly named."""

from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from PIL import Image

import data

CLASSES = {
    "face": ("face-*", "cat-face"),
    "heart": ("heart",),
    "animal": ("animal-*",),
    "flower": ("plant-flower",),
    "tree or leaf": ("plant-other",),
    "fruit or vegetable": ("food-fruit", "food-vegetable"),
    "meal": ("food-prepared", "food-asian"),
    "dessert": ("food-sweet",),
    "drink": ("drink", "dishware"),
    "building": ("place-building", "place-religious"),
    "landscape": ("place-other", "place-geographic"),
    "vehicle": ("transport-ground", "transport-air", "transport-water"),
    "weather and sky": ("sky-weather",),
    "clothing": ("clothing",),
    "tool": ("tool",),
    "game": ("game",),
    "sport": ("sport", "person-sport"),
    "office supplies": ("office", "writing", "mail"),
    "electronics": ("computer", "phone", "light-video"),
    "book": ("book-paper",),
    "celebration": ("event",),
    "zodiac sign": ("zodiac",),
    "road sign": ("warning", "transport-sign"),
    "arrow": ("arrow",),
    "coloured shape": ("geometric",),
    "letters": ("alphanum",),
    "music": ("music", "musical-instrument", "sound"),
    "body part": ("body-parts", "hand-fingers-open", "hands", "hand-single-finger"),
}
NAMES = list(CLASSES)
PICTURES_PER_CLASS = 24
BACKGROUNDS = ((255, 255, 255), (250, 243, 224), (226, 240, 217), (222, 235, 247), (252, 228, 236), (237, 231, 246),
               (224, 242, 241), (255, 236, 217), (236, 239, 241), (255, 249, 196))


def on_plain(rgba: np.ndarray, colour=BACKGROUNDS[0]) -> Image.Image:
    picture = Image.new("RGBA", (rgba.shape[1], rgba.shape[0]), (*colour, 255))
    picture.alpha_composite(Image.fromarray(rgba))
    return picture.convert("RGB")


def pictures(emojis: list[data.Emoji], work: Path, vendor: str, seed: int = 1) -> list[tuple[int, str, Image.Image]]:
    """Class, name of the emoji and picture: one drawing an emoji, on pale colours."""
    file = np.load(work / f"{vendor}.npz")
    pixels, labels = file["pixels"], file["labels"]
    random = np.random.default_rng(seed)
    chosen = []
    _, first = np.unique(labels, return_index=True)
    for number, subgroups in enumerate(CLASSES.values()):
        rows = [row for row in first if any(fnmatch(emojis[labels[row]].subgroup, s) for s in subgroups)]
        kept = sorted(random.choice(rows, min(len(rows), PICTURES_PER_CLASS), replace=False))
        for row in kept:
            colour = BACKGROUNDS[random.integers(len(BACKGROUNDS))]
            chosen.append((number, emojis[labels[row]].slug, on_plain(pixels[row], colour)))
    return chosen
