//! Build script: lists `policies/`, `schemas/` and `examples/` and writes tables of `include_str!`,
//! so that one binary is the whole tool and adding a policy or a kind is adding a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(clippy::print_stdout)] // cargo reads what a build script prints
fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets the package folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets the output folder"));
    let mut code = String::new();
    for (table, folder, wanted, doc) in [
        ("POLICIES", "policies", &["yaml"][..], "The shipped policies."),
        ("SCHEMAS", "schemas", &["json"][..], "The shipped schemas."),
        ("EXAMPLES", "examples", &[][..], "The example repositories."),
    ] {
        // The watch on a folder is recursive, so nested additions are seen too.
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        list(&root.join(folder), &mut files);
        files.sort();
        writeln!(code, "/// {doc} Each row is (path below `{folder}/`, text).").expect("a string grows");
        writeln!(code, "pub static {table}: &[(&str, &str)] = &[").expect("a string grows");
        for file in files {
            let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if !wanted.is_empty() && !wanted.contains(&extension) {
                continue;
            }
            let below = file.strip_prefix(root.join(folder)).expect("listed below the folder");
            let name = below.to_str().expect("shipped names are UTF-8").replace('\\', "/");
            writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string()).expect("a string grows");
        }
        code.push_str("];\n");
    }
    fs::write(out.join("embedded.rs"), code).expect("the output folder can be written");
}

fn list(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(&path, into);
        } else {
            into.push(path);
        }
    }
}
