"""Writes the workflows of pages to files: export-workflows.py OUT PAGE...

A workflow is a fenced block of YAML whose first keys include `on` and `jobs`. Each file has as many empty lines
before it that places in it are those in the page.
"""

import pathlib
import re
import sys

out = pathlib.Path(sys.argv[1])
count = 0
for page in map(pathlib.Path, sys.argv[2:]):
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if not (re.search(r"^on:", found[1], re.MULTILINE) and re.search(r"^jobs:", found[1], re.MULTILINE)):
            continue
        line = text.count("\n", 0, found.start(1))
        folder = out / f"{page.stem}-{line + 1}" / ".github" / "workflows"
        folder.mkdir(parents=True)
        (folder / "workflow.yml").write_text("\n" * line + found[1], encoding="utf-8")
        count += 1
if count < 5:
    sys.exit(f"error: only {count} workflows were found in {sys.argv[2:]}, so something is wrong with how they are found")
print(f"{count} workflows")
