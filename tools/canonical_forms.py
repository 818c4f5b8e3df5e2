#!/usr/bin/env python3
"""Writes src/Lfa.Encoders/Text/canonical-forms.txt: the canonical decompositions and combining classes of Unicode.

The runtime normalizes strings only where it has ICU, and Lfa runs without it; so the table goes along.
Lines: "C0 41 300" (a character and its decomposition, which may decompose further; "!" ahead where it is never composed again),
"300-314 =E6" (characters, first to last, and their combining class). All numbers are hexadecimal.
"""
import itertools
import pathlib
import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)  # composed by arithmetic


def decompositions():
    for code in itertools.chain(range(0xD800), range(0xE000, sys.maxunicode + 1)):
        whole = unicodedata.normalize("NFD", chr(code))
        if code in HANGUL or whole == chr(code):
            continue
        mark = "" if unicodedata.normalize("NFC", chr(code)) == chr(code) else "!"
        direct = [int(part, 16) for part in unicodedata.decomposition(chr(code)).split()]
        yield mark + " ".join(f"{value:X}" for value in [code, *direct])


def combining_classes():
    marked = [(code, unicodedata.combining(chr(code))) for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    for _, run in itertools.groupby(enumerate(marked), lambda item: (item[1][0] - item[0], item[1][1])):
        run = [entry for _, entry in run]
        yield f"{run[0][0]:X}-{run[-1][0]:X} ={run[0][1]:X}"


target = pathlib.Path(__file__).parent.parent / "src/Lfa.Encoders/Text/canonical-forms.txt"
target.write_text("\n".join([f"# Unicode {unicodedata.unidata_version}", *decompositions(), *combining_classes()]) + "\n")
