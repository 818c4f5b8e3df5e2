"""CLIP's byte-level BPE: learns a small vocabulary, encodes, and writes the files that model folders carry."""

import html
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

START, END = "<|startoftext|>", "<|endoftext|>"


def _ranges(kind: str) -> str:
    """The characters of a Unicode category as the inside of a bracket expression; `re` knows no \\p{…}."""
    codes = [c for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c))[0] == kind]
    starts = [c for c in codes if not unicodedata.category(chr(c - 1))[0] == kind]
    ends = [c for c in codes if c == sys.maxunicode or not unicodedata.category(chr(c + 1))[0] == kind]
    return "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(starts, ends))


_LETTER, _NUMBER = _ranges("L"), _ranges("N")
_WORDS = re.compile(
    rf"{re.escape(START)}|{re.escape(END)}|'s|'t|'re|'ve|'m|'ll|'d|[{_LETTER}]+|[{_NUMBER}]|[^\s{_LETTER}{_NUMBER}]+",
    re.IGNORECASE)


def byte_symbols() -> dict[int, str]:
    """A printable symbol for each byte, in the order in which CLIP numbers them."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    rest = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


_BYTES = byte_symbols()


def split(text: str) -> list[str]:
    plain = html.unescape(html.unescape(text))  # as published
    return _WORDS.findall(re.sub(r"\s+", " ", plain).strip().lower())


def symbols(word: str) -> tuple[str, ...]:
    spelled = [_BYTES[b] for b in word.encode("utf-8")]
    return (*spelled[:-1], spelled[-1] + "</w>")


def learn(texts: Counter, size: int) -> list[tuple[str, str]]:
    """The merges that bring the vocabulary to `size`; ties go to the pair that sorts first."""
    words = Counter()
    for text, count in texts.items():
        for word in split(text):
            words[symbols(word)] += count
    merges = []
    while len(merges) < size - 2 * len(_BYTES) - 2:
        pairs = Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        merged = Counter()
        for word, count in words.items():
            merged[_join(word, best)] += count
        words = merged
    return merges


def _join(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out, i = [], 0
    while i < len(word):
        if word[i:i + 2] == pair:
            out.append(word[i] + word[i + 1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


class Tokenizer:
    def __init__(self, merges: list[tuple[str, str]], context: int = 32):
        self.merges, self.context = merges, context
        single = list(_BYTES.values())
        tokens = [*single, *(s + "</w>" for s in single), *(a + b for a, b in merges), START, END]
        self.vocabulary = {token: i for i, token in enumerate(tokens)}
        self.start, self.end = self.vocabulary[START], self.vocabulary[END]
        self._ranks = {pair: i for i, pair in enumerate(merges)}
        self._cache: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        """Start, the text cut to the context length, end; not padded."""
        ids = [i for word in split(text) for i in self._word(word)]
        return [self.start, *ids[:self.context - 2], self.end]

    def _word(self, word: str) -> list[int]:
        if word in (START, END):
            return [self.vocabulary[word]]
        if word not in self._cache:
            parts = symbols(word)
            while len(parts) > 1:
                best = min(zip(parts, parts[1:]), key=lambda p: self._ranks.get(p, len(self._ranks)))
                if best not in self._ranks:
                    break
                parts = _join(parts, best)
            self._cache[word] = [self.vocabulary[p] for p in parts]
        return self._cache[word]

    def save(self, folder: Path) -> None:
        lines = ["#version: 0.2", *(f"{a} {b}" for a, b in self.merges)]
        (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        _write(folder / "vocab.json", self.vocabulary, indent=None)
        _write(folder / "special_tokens_map.json",
               {"bos_token": START, "eos_token": END, "pad_token": END, "unk_token": END})
        _write(folder / "tokenizer_config.json", {
            "tokenizer_class": "CLIPTokenizer", "bos_token": START, "eos_token": END, "pad_token": END,
            "unk_token": END, "do_lower_case": True, "add_prefix_space": False, "errors": "replace",
            "model_max_length": self.context})


def _write(path: Path, value, indent=2) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


def load(folder: Path, context: int = 32) -> Tokenizer:
    lines = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()[1:]
    return Tokenizer([tuple(line.split(" ")) for line in lines], context)
