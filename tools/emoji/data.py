"""The emoji, their words, and the drawings that each icon set has of them."""

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

# A vendor is a domain: what one is used for, no other use may touch.
TRAIN = ("noto", "noto-v1", "emojione", "emojione-monotone", "streamline-emojis")
VALIDATION = ("fxemoji",)
HELD_OUT = ("twemoji", "fluent-emoji-flat")
VENDORS = TRAIN + VALIDATION + HELD_OUT


@dataclass(frozen=True)
class Emoji:
    char: str
    name: str
    slug: str
    group: str
    subgroup: str
    tags: tuple[str, ...]
    keys: tuple[str, ...]  # what icon sets may call it, best first


def squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def load_emojis(packages: Path) -> list[Emoji]:
    names = _read(packages / "unicode-emoji-json/data-by-emoji.json")
    english = packages / "emojibase-data/en"
    described = {_plain(e["emoji"]): e for e in _read(english / "data.json")}
    subgroups = _read(packages / "emojibase-data/meta/groups.json")["subgroups"]
    shortcodes = [_read(path) for path in sorted((english / "shortcodes").glob("*.json"))]

    emojis = []
    for char, entry in names.items():
        more = described.get(_plain(char), {})
        code = more.get("hexcode", "")
        aliases = [entry["slug"], more.get("label", "")]
        if len(_plain(char)) == 1:
            aliases.append(unicodedata.name(_plain(char), ""))
        for table in shortcodes:
            found = table.get(code) or table.get(code.replace("-FE0F", "")) or []
            aliases += [found] if isinstance(found, str) else found
        emojis.append(Emoji(
            char, entry["name"].lower(), entry["slug"].replace("_", "-"), entry["group"],
            subgroups.get(str(more.get("subgroup")), ""), tuple(t.lower() for t in more.get("tags", ())),
            tuple(dict.fromkeys(squeeze(a) for a in aliases if squeeze(a)))))
    return emojis


def load_icons(packages: Path, vendor: str, emojis: list[Emoji]) -> list[tuple[int, str]]:
    """Pairs of an emoji's index and the SVG of one drawing of it; a set may have several drawings of one emoji."""
    icons = _read(packages / "@iconify-json" / vendor / "icons.json")
    owners: dict[str, tuple[int, int]] = {}  # key -> (rank of the key, index of the emoji)
    for index, emoji in enumerate(emojis):
        for rank, key in enumerate(emoji.keys):
            owners[key] = min(owners.get(key, (99, 0)), (rank, index))

    drawn: dict[str, int] = {}
    aliases = {a: d["parent"] for a, d in icons.get("aliases", {}).items() if set(d) == {"parent"}}
    for name in [*icons["icons"], *aliases]:
        key = squeeze(re.sub(r"-\d$", "", re.sub(r"^flag-for-(flag-)?", "flag-", name)))
        if key in owners:
            drawn.setdefault(aliases.get(name, name), owners[key][1])
    return sorted((index, _svg(icons, name)) for name, index in drawn.items() if name in icons["icons"])


def _svg(icons: dict, name: str) -> str:
    icon = icons["icons"][name]
    size = {side: icon.get(side, icons.get(side, 16)) for side in ("width", "height")}
    box = f'{icon.get("left", 0)} {icon.get("top", 0)} {size["width"]} {size["height"]}'
    return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{size["width"]}" height="{size["height"]}" viewBox="{box}">{icon["body"]}</svg>')


def _plain(char: str) -> str:
    return char.replace("\ufe0f", "")  # the variation selector is there in one list and not in the other


def _read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))
