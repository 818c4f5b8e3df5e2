"""Writes tokens-planes.json: strings of characters of all planes and the ids that CLIP's published code gives them.

python3 make_tokens.py FOLDER    in this folder; FOLDER holds CLIP's vocab.json and merges.txt. Needs the package regex.

The code is that of simple_tokenizer.py, without its repair of broken encodings and with the composition (NFC) that
transformers adds.
"""
import html, json, random, sys, unicodedata
import regex

WORDS = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", regex.IGNORECASE)
BLOCKS = [(0x20, 0x7f), (0xa1, 0x250), (0x300, 0x310), (0x370, 0x400), (0x2070, 0x2090), (0x2160, 0x2180), (0x4e00, 0x4e40),
          (0x10107, 0x10120), (0x10330, 0x1034b), (0x10400, 0x10450), (0x1d400, 0x1d440), (0x1d7ce, 0x1d800), (0x1e900, 0x1e922),
          (0x1f600, 0x1f640), (0x20000, 0x20040), (0xe0100, 0xe0110)]

vocabulary = json.load(open(sys.argv[1] + "/vocab.json"))
lines = open(sys.argv[1] + "/merges.txt", encoding="utf-8").read().split("\n")
ranks = {tuple(line.split()): rank for rank, line in enumerate(lines) if line and not line.startswith("#version")}
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
others = [value for value in range(256) if value not in printable]
spelling = {value: chr(value) for value in printable} | {value: chr(256 + i) for i, value in enumerate(others)}


def pieces(word):
    parts = [*word[:-1], word[-1] + "</w>"]
    while len(parts) > 1:
        best = min(zip(parts, parts[1:]), key=lambda pair: ranks.get(pair, len(lines)))
        if best not in ranks:
            break
        joined = []
        while parts:
            count = 2 if tuple(parts[:2]) == best else 1
            joined.append("".join(parts[:count]))
            parts = parts[count:]
        parts = joined
    return parts


def encode(text):
    text = unicodedata.normalize("NFC", html.unescape(html.unescape(text)))
    text = regex.sub(r"\s+", " ", text).strip(" ").lower()
    words = ("".join(spelling[value] for value in word.encode()) for word in WORDS.findall(text))
    return [49406] + [vocabulary[piece] for word in words for piece in pieces(word)][:75] + [49407]


random.seed(1)
blocks = [[chr(code) for code in range(*block) if unicodedata.category(chr(code)) != "Cn" and chr(code) != "&"] for block in BLOCKS]
texts = ["a\U00020bb7b", "\U0001d7d8\U0001d7d9a", "\U0001f600\U00020bb7!", "\U00010400\U000104281"]
texts += ["".join(random.choice(random.choice(blocks)) for _ in range(random.randint(1, 14))) for _ in range(60)]
with open("tokens-planes.json", "w", newline="\n") as file:
    file.write("[\n" + ",\n".join(json.dumps({"text": text, "input_ids": encode(text)}) for text in texts) + "\n]\n")
