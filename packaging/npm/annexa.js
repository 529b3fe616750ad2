#!/usr/bin/env node
// Runs the program of the package for this system.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `annexa-${process.platform}-${process.arch}`;
let program;
try {
    program = require.resolve(`${name}/bin/annexa${process.platform === "win32" ? ".exe" : ""}`);
} catch {
    console.error(
        `error: the package ${name} is not installed, so annexa cannot run; ` +
            "install again without --omit=optional, or build annexa from source if there is none for this system",
    );
    process.exit(2);
}
const { status, signal, error } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (error) {
    console.error(`error: ${program} does not run here: ${error.message}`);
    process.exit(2);
}
if (signal) {
    // Whoever waits sees the same end as without this script.
    process.kill(process.pid, signal);
}
process.exitCode = status ?? 1;
