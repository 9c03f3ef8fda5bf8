//! Stories that need a process of their own: for what is one for the whole process, and for variables of the environment,
//! which a process can set for its children only.

use std::process::Command;

/// Set inside of such a process.
const INSIDE: &str = "RTC_TEST_INSIDE";

/// Whether this is the process of one story.
pub(crate) fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Runs the story that calls this once more, alone in a process with these variables. Gives what it wrote to standard error.
pub(crate) fn run<Story: Fn()>(_story: Story, variables: &[(&str, &str)]) -> String {
    let path = std::any::type_name::<Story>();
    let (_crate, name) = path.split_once("::").expect("a story is in a crate");
    let output = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", name, "--nocapture"])
        .envs(variables.iter().copied())
        .env(INSIDE, "1")
        .output()
        .expect("it is this program");
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}{errors}");
    errors.into_owned()
}
