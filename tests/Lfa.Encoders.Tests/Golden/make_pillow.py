"""Writes what the tests of pictures expect, computed by Pillow 9.4, torchvision 0.14 and NumPy.

python3 make_pillow.py    in this folder; the pictures of preprocess/ are used as they are.

decode.txt      name, file as base64, red-green-blue bytes of Image.open(f).convert("RGB") as hexadecimal, or "clips"
                where a comment in the test says why another result is right
resample.txt    filter, input and output size, SHA-256 of Image.resize of the picture of formula()
preprocess.txt  picture, crops, SHA-256 of their bytes: resize of the short side to 224 and crop
normalize.txt   SHA-256 of the 3 x 256 floats that the levels of the channels become with CLIP's mean and deviation
"""
import base64, hashlib, io, math, os, struct, zlib
import numpy as np
import torch
from PIL import Image

WIDTH, HEIGHT = 9, 6
sha = lambda data: hashlib.sha256(data).hexdigest()


def formula(width, height):
    index = np.arange(width * height * 3, dtype=np.int64)
    return Image.fromarray(((index * index * 31 + index * 7) // 16 % 256).astype(np.uint8).reshape(height, width, 3))


def waves(channels, top=255, kind=np.uint8):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([((np.sin(x / 3 + c) + np.cos(y / 2 - c)) / 4 + 0.5) * top for c in range(channels)], -1).astype(kind)


def encode(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(bits, colour, rows):
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def without_adobe(jpeg):
    at = jpeg.index(b"\xff\xee")
    return jpeg[:at] + jpeg[at + 2 + int.from_bytes(jpeg[at + 2:at + 4], "big"):]


def files():
    rgb, rgba = Image.fromarray(waves(3)), Image.fromarray(waves(4))
    grey, palette, inks = rgb.convert("L"), rgb.quantize(7), rgb.convert("CMYK")
    yield "png-rgb", encode(rgb, "PNG")
    yield "png-rgba", encode(rgba, "PNG")
    yield "png-rgb-transparent-colour", encode(rgb, "PNG", transparency=rgb.getpixel((1, 1)))
    yield "png-palette", encode(palette, "PNG")
    yield "png-palette-transparent-entry", encode(palette, "PNG", transparency=2)
    yield "png-palette-alpha", encode(palette, "PNG", transparency=bytes(range(0, 210, 30)))
    yield "png-palette-2-bits", encode(rgb.quantize(4), "PNG", bits=2)
    yield "png-grey", encode(grey, "PNG")
    yield "png-grey-alpha", encode(rgba.convert("LA"), "PNG")
    yield "png-1-bit", encode(grey.convert("1"), "PNG")
    for bits in (1, 2, 4):
        yield f"png-grey-{bits}-bits", png(bits, 0, [bytes((17 * y + 53 * x) % 256 for x in range((WIDTH * bits + 7) // 8)) for y in range(HEIGHT)])
    for name, colour, channels in (("grey", 0, 1), ("grey-alpha", 4, 2), ("rgb", 2, 3), ("rgba", 6, 4)):
        yield f"png-{name}-16-bits", png(16, colour, [row.astype(">u2").tobytes() for row in waves(channels, 65535, np.uint16)])
    yield "jpeg-444", encode(rgb, "JPEG", quality=95, subsampling=0)
    yield "jpeg-422", encode(rgb, "JPEG", quality=80, subsampling=1)
    yield "jpeg-420", encode(rgb, "JPEG", quality=70, subsampling=2)
    yield "jpeg-progressive", encode(rgb, "JPEG", progressive=True)
    yield "jpeg-grey", encode(grey, "JPEG")
    yield "jpeg-cmyk", encode(inks, "JPEG")
    yield "jpeg-cmyk-unmarked", without_adobe(encode(inks, "JPEG"))
    yield "webp", encode(rgb, "WEBP")
    yield "webp-lossless", encode(rgb, "WEBP", lossless=True)
    yield "webp-alpha", encode(rgba, "WEBP")
    yield "webp-animation", encode(rgb, "WEBP", save_all=True, append_images=[rgb.rotate(180)])
    yield "gif", encode(palette, "GIF")
    yield "gif-animation", encode(palette, "GIF", save_all=True, append_images=[rgb.rotate(180).quantize(7)])
    yield "tiff-rgb", encode(rgb, "TIFF")
    yield "tiff-rgba-lzw", encode(rgba, "TIFF", compression="tiff_lzw")
    yield "tiff-palette", encode(palette, "TIFF")
    yield "tiff-cmyk", encode(inks, "TIFF")
    for orientation in range(2, 9):
        yield f"tiff-orientation-{orientation}", encode(rgb, "TIFF", compression="tiff_lzw", tiffinfo={274: orientation})
    yield "tiff-1-bit", encode(grey.convert("1"), "TIFF", compression="group4")


def write(name, lines):
    with open(name, "w", newline="\n") as file:
        file.write("".join(line + "\n" for line in lines))


def decoded():
    for name, data in files():
        pixels = "clips" if name == "png-grey-16-bits" else Image.open(io.BytesIO(data)).convert("RGB").tobytes().hex()
        yield f"{name} {base64.b64encode(data).decode()} {pixels}"


def resampled():
    for number in range(6):
        for source, target in (((41, 23), (17, 9)), ((41, 23), (41, 9)), ((41, 23), (90, 23)), ((41, 23), (64, 50)),
                               ((300, 199), (37, 224)), ((1, 1), (5, 3)), ((3, 500), (7, 20)), ((257, 2), (2, 257)), ((640, 480), (298, 224))):
            image = formula(*source).resize(target, number)
            yield f"{number} {source[0]} {source[1]} {target[0]} {target[1]} {sha(image.tobytes())}"


def preprocessed():
    for name in sorted(os.listdir("preprocess")):
        image = Image.open("preprocess/" + name).convert("RGB")
        short, long = min(image.size), max(image.size)
        longer = int(224 * long / short)
        image = image.resize((224, longer) if image.size[0] <= image.size[1] else (longer, 224), Image.BICUBIC)
        crop = lambda x, y: image.crop((x, y, x + 224, y + 224)).tobytes()
        right, bottom = image.size[0] - 224, image.size[1] - 224
        openai = crop(round(right / 2), round(bottom / 2))
        yield f"{name} openai {sha(openai)}"
        yield f"{name} hf {sha(crop(right // 2, bottom // 2))}"
        yield f"{name} five_crop {sha(crop(0, 0) + crop(right, 0) + crop(0, bottom) + crop(right, bottom) + openai)}"


def normalised():
    mean, deviation = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
    levels = np.tile(np.arange(256, dtype=np.uint8), (3, 1))
    scaled = (levels.astype(np.float64) * 0.00392156862745098).astype(np.float32)
    yield "transformers " + sha((((scaled.T - np.array(mean, np.float32)) / np.array(deviation, np.float32)).T).tobytes())
    tensor = torch.from_numpy(levels).to(torch.float32).div(255)
    yield "torchvision " + sha(tensor.sub_(torch.tensor(mean)[:, None]).div_(torch.tensor(deviation)[:, None]).numpy().tobytes())


write("decode.txt", decoded())
write("resample.txt", resampled())
write("preprocess.txt", preprocessed())
write("normalize.txt", normalised())
