//! What the commands say of themselves, and of where they are.

use crate::Project;

const COMMANDS: [&[&str]; 19] = [
    &[],
    &["init"],
    &["validate"],
    &["format"],
    &["generate"],
    &["db"],
    &["db", "pull"],
    &["db", "push"],
    &["db", "seed"],
    &["db", "execute"],
    &["migrate"],
    &["migrate", "dev"],
    &["migrate", "deploy"],
    &["migrate", "status"],
    &["migrate", "resolve"],
    &["migrate", "reset"],
    &["migrate", "diff"],
    &["version"],
    &["debug"],
];

#[test]
fn help_fits_on_a_terminal_and_names_every_flag() {
    let project = Project::new(&[]);
    for command in COMMANDS {
        let help = project.prisma(&[command, &["--help"]].concat()).ok();
        assert!(help.lines().count() > 5, "{help}");
        for line in help.lines() {
            // Examples are to be copied, in one piece.
            assert!(line.chars().count() <= 100 || line.trim_start().starts_with("prisma "), "{line}");
        }
        let is_alone = |line: &str| line.trim_start().starts_with("--") && line.split_whitespace().count() == 1;
        let lines: Vec<_> = help.lines().collect();
        let undocumented = lines.windows(2).find(|w| is_alone(w[0]) && w[1].trim().is_empty());
        assert!(undocumented.is_none(), "{undocumented:?}");
    }
}

#[test]
fn debug_tells_what_is_found_and_no_secrets() {
    let project = Project::new(&[(".env", "DATABASE_URL=postgresql://me:s3cret@host/x\n")]);
    let said = project.prisma(&["debug"]).ok();
    assert!(said.contains("none found") && !said.contains("s3cret"), "{said}");
    let set = said.lines().find(|l| l.contains("DATABASE_URL")).unwrap();
    assert!(set.ends_with(" set") && !set.contains("not"), "{set}");
    assert!(said.contains("end the command with an error"), "{said}");
    project.prisma(&["init", "--datasource-provider", "sqlite"]).ok();
    let said = project.prisma(&["debug"]).ok();
    assert!(said.contains("prisma/schema.prisma") && said.contains("prisma.toml"), "{said}");
}
