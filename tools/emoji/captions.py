"""What may be said of an emoji: its name, its tags and the words of its subgroup, in several phrasings."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from data import Emoji
from tokenizer import Tokenizer

TEMPLATES = ("{}", "a {}", "{}.", "an emoji of {}", "an emoji of a {}.", "a drawing of {}", "a picture of {}",
             "a picture of a {}.", "a photo of a {}.", "an icon of a {}", "a cartoon {}")
KINDS = ("name", "tag", "subgroup")
SHARES = (0.60, 0.28, 0.12)


def subgroup_words(subgroup: str) -> str:
    """animal-mammal -> mammal, food-fruit -> fruit, light-and-video -> light and video."""
    return re.sub(r"^(animal|plant|food|place|sky|transport|person)-", "", subgroup).replace("-", " ")


@dataclass
class Captions:
    texts: list[str]
    of: list[dict[str, list[int]]]  # emoji -> kind -> texts
    member: np.ndarray              # emoji x text: whether the text holds for the emoji
    tokens: np.ndarray              # text x template x position, padded with the end token
    lengths: np.ndarray             # text x template


def statements(emoji: Emoji) -> dict[str, list[str]]:
    return {"name": [emoji.name], "tag": [t for t in emoji.tags if t != emoji.name],
            "subgroup": [subgroup_words(emoji.subgroup)] if emoji.subgroup else []}


def corpus(emojis: list[Emoji]) -> Counter:
    texts = Counter(text for e in emojis for kind in statements(e).values() for text in kind)
    texts.update({template.format(""): 200 for template in TEMPLATES})
    return texts


def build(emojis: list[Emoji], tokenizer: Tokenizer) -> Captions:
    texts: dict[str, int] = {}
    of = [{kind: [texts.setdefault(t, len(texts)) for t in said] for kind, said in statements(e).items()}
          for e in emojis]
    member = np.zeros((len(emojis), len(texts)), bool)
    for index, kinds in enumerate(of):
        member[index, [t for ids in kinds.values() for t in ids]] = True
    encoded = [[tokenizer.encode(template.format(text)) for template in TEMPLATES] for text in texts]
    lengths = np.array([[len(ids) for ids in row] for row in encoded])
    tokens = np.full((*lengths.shape, lengths.max()), tokenizer.end, np.int64)
    for i, row in enumerate(encoded):
        for j, ids in enumerate(row):
            tokens[i, j, :len(ids)] = ids
    return Captions(list(texts), of, member, tokens, lengths)


def draw(captions: Captions, emojis: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One text for each emoji, and its tokens in a random phrasing (half of them bare)."""
    chosen = np.empty(len(emojis), np.int64)
    for row, emoji in enumerate(emojis):
        kinds = captions.of[emoji]
        kind = random.choice(KINDS, p=SHARES)
        chosen[row] = random.choice(kinds[kind] or kinds["name"])
    template = np.where(random.random(len(emojis)) < 0.5, 0, random.integers(len(TEMPLATES), size=len(emojis)))
    longest = captions.lengths[chosen, template].max()
    return chosen, captions.tokens[chosen, template, :longest]
