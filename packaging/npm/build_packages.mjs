// Writes the npm packages of annexa: node build_packages.mjs OUT TARGET=BINARY...
//
// A package a target, which npm installs on its system alone, and `annexa`, which names them as optional and
// runs the one that is there. TARGET is Rust's name of the system.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");

const systems = {
    "x86_64-unknown-linux-musl": ["linux", "x64"],
    "aarch64-unknown-linux-musl": ["linux", "arm64"],
    "x86_64-apple-darwin": ["darwin", "x64"],
    "aarch64-apple-darwin": ["darwin", "arm64"],
    "x86_64-pc-windows-msvc": ["win32", "x64"],
};

const cargo = readFileSync(join(root, "Cargo.toml"), "utf8");
const of = (key) => cargo.match(new RegExp(`^${key} = "(.*)"$`, "m"))[1];
const shared = { version: of("version"), description: of("description"), license: `(${of("license")})` };

function write(folder, manifest) {
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 4)}\n`);
    for (const file of ["README.md", "LICENSE-APACHE", "LICENSE-MIT"]) {
        copyFileSync(join(root, file), join(folder, file));
    }
}

const [out, ...given] = process.argv.slice(2);
const targets = given.map((pair) => pair.split(/=(.*)/s).slice(0, 2));
if (!out || targets.length === 0 || targets.some(([target, binary]) => !systems[target] || !binary)) {
    console.error(`usage: build_packages.mjs OUT TARGET=BINARY...\ntargets: ${Object.keys(systems).join(" ")}`);
    process.exit(2);
}
const optionalDependencies = {};
for (const [target, binary] of targets) {
    const [os, cpu] = systems[target];
    const name = `annexa-${os}-${cpu}`;
    const program = join(out, name, "bin", os === "win32" ? "annexa.exe" : "annexa");
    write(join(out, name), { name, ...shared, os: [os], cpu: [cpu], files: ["bin", "LICENSE-*"], preferUnplugged: true });
    copyFileSync(binary, program);
    chmodSync(program, 0o755);
    optionalDependencies[name] = shared.version;
}
write(join(out, "annexa"), {
    name: "annexa",
    ...shared,
    bin: { annexa: "bin/annexa.js" },
    files: ["bin", "LICENSE-*"],
    engines: { node: ">=18" },
    optionalDependencies,
});
copyFileSync(join(here, "annexa.js"), join(out, "annexa/bin/annexa.js"));
chmodSync(join(out, "annexa/bin/annexa.js"), 0o755);
console.log(join(out, "annexa"));
