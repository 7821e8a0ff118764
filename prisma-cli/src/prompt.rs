//! Questions to whoever sits at the terminal.

use std::io::{BufRead, IsTerminal};

/// The exit code when the user says no.
pub(crate) const CANCELLED: u8 = 130;

/// Whether there is somebody to ask.
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a yes; anything else is a no.
pub(crate) fn confirm(question: &str) -> std::io::Result<bool> {
    anstream::eprint!("{question} (y/N) ");
    is_yes(std::io::stdin().lock())
}

/// Asks for a line.
pub(crate) fn ask(question: &str) -> std::io::Result<String> {
    anstream::eprint!("{question} ");
    line(std::io::stdin().lock())
}

fn line(mut input: impl BufRead) -> std::io::Result<String> {
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

fn is_yes(input: impl BufRead) -> std::io::Result<bool> {
    Ok(["y", "yes"].contains(&line(input)?.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for (answer, expected) in [("y\n", true), ("Yes\r\n", true), ("\n", false), ("", false), ("no\n", false)] {
            assert_eq!(is_yes(answer.as_bytes()).unwrap(), expected, "{answer:?}");
        }
    }
}
