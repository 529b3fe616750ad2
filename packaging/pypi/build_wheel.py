#!/usr/bin/env python3
"""Builds a wheel around one binary file of annexa: build_wheel.py BINARY TARGET OUT

TARGET is Rust's name of the system that the binary file is for, OUT the folder for the wheel. The same
binary file gives the same wheel, byte by byte. Needs the standard library alone.
"""

import base64
import hashlib
import pathlib
import re
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Statically linked, so a Linux binary file runs with either C library.
PLATFORMS = {
    "x86_64-unknown-linux-musl": "manylinux_2_17_x86_64.musllinux_1_1_x86_64",
    "aarch64-unknown-linux-musl": "manylinux_2_17_aarch64.musllinux_1_1_aarch64",
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
    "x86_64-pc-windows-msvc": "win_amd64",
}


def package(key):
    """The value of a key of the package in Cargo.toml."""
    text = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    return re.search(rf'^{key} = "(.*)"$', text, re.MULTILINE).group(1)


def python_version(version):
    """A version as Python writes it: 1.0.0-rc.1 is 1.0.0rc1."""
    found = re.fullmatch(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?", version)
    if not found:
        sys.exit(f"error: the version {version} has no form for Python; use 1.2.3 or 1.2.3-rc.1")
    release, stage, number = found.groups()
    return release + ({"alpha": "a", "beta": "b", "rc": "rc"}[stage] + number if stage else "")


def record(name, content):
    """A line that says what a file of the wheel is."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def main(binary, target, out):
    if target not in PLATFORMS:
        sys.exit(f"error: there is no wheel for {target}; there is one for {', '.join(PLATFORMS)}")
    version = python_version(package("version"))
    tags = [f"py3-none-{platform}" for platform in PLATFORMS[target].split(".")]
    suffix = ".exe" if "windows" in target else ""
    info = f"annexa-{version}.dist-info"
    metadata = (
        "Metadata-Version: 2.4\n"
        f"Name: annexa\nVersion: {version}\nSummary: {package('description')}\n"
        f"License-Expression: {package('license')}\n"
        "License-File: LICENSE-APACHE\nLicense-File: LICENSE-MIT\n"
        "Requires-Python: >=3.8\nDescription-Content-Type: text/markdown\n\n"
        + (ROOT / "README.md").read_text(encoding="utf-8")
    )
    wheel = "Wheel-Version: 1.0\nGenerator: annexa\nRoot-Is-Purelib: false\n" + "".join(f"Tag: {tag}\n" for tag in tags)
    files = {
        f"annexa-{version}.data/scripts/annexa{suffix}": pathlib.Path(binary).read_bytes(),
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": wheel.encode(),
        f"{info}/licenses/LICENSE-APACHE": (ROOT / "LICENSE-APACHE").read_bytes(),
        f"{info}/licenses/LICENSE-MIT": (ROOT / "LICENSE-MIT").read_bytes(),
    }
    records = "".join(record(name, content) for name, content in files.items()) + f"{info}/RECORD,,\n"
    files[f"{info}/RECORD"] = records.encode()
    path = pathlib.Path(out) / f"annexa-{version}-py3-none-{PLATFORMS[target]}.whl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            # Regular files; the program can be run.
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            archive.writestr(entry, content)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
