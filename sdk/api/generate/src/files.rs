//! Generated files: what belongs in each, and how they are written or compared with what is there. It does not generate.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file as it should be.
#[derive(Debug)]
pub struct Generated {
    /// Where it belongs, from the root of the repository.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Writes the files that are not as they should be and removes those that should not be. Returns which they were.
pub fn write(root: &Path, files: &[Generated], folders: &[&str]) -> Result<Vec<String>> {
    let changed = stale(root, files, folders)?;
    for file in files.iter().filter(|file| changed.contains(&file.path)) {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&path, &file.text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for path in changed.iter().filter(|path| !wanted.contains(path.as_str())) {
        fs::remove_file(root.join(path)).with_context(|| format!("cannot remove {path}"))?;
    }
    Ok(changed)
}

/// The files that are missing, different, or in one of the generated `folders` without being generated.
pub fn stale(root: &Path, files: &[Generated], folders: &[&str]) -> Result<Vec<String>> {
    let mut stale = Vec::new();
    for file in files {
        if fs::read_to_string(root.join(&file.path)).ok().as_deref() != Some(&file.text) {
            stale.push(file.path.clone());
        }
    }
    let wanted: BTreeSet<PathBuf> = files.iter().map(|file| root.join(&file.path)).collect();
    for folder in folders {
        let Ok(inside) = fs::read_dir(root.join(folder)) else { continue };
        for file in inside {
            let path = file.with_context(|| format!("cannot list {folder}"))?.path();
            if path.is_file() && !wanted.contains(&path) {
                let path = path.strip_prefix(root).expect("it was listed below the root");
                stale.push(path.display().to_string());
            }
        }
    }
    Ok(stale)
}

/// The first line of every generated file, without the signs that make it a comment.
pub const NOTICE: &str = "Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.";
