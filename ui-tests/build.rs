//! Takes the programs out of the guide: `tests/guide.rs` compiles and runs them.
//!
//! What comes of a chapter has its name, and each line of code stands where it stands in the chapter: so messages of the compiler and panics
//! name the place in the guide.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const GUIDE: &str = "../docs/guide";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={GUIDE}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut chapters: Vec<_> = fs::read_dir(GUIDE)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    chapters.retain(|path| path.extension().is_some_and(|e| e == "md"));
    chapters.sort();
    let mut calls = String::new();
    for chapter in &chapters {
        let (Some(name), Some(file)) = (chapter.file_stem(), chapter.file_name()) else { continue };
        let name = name.to_string_lossy().to_lowercase().replace('-', "_");
        let code = Code::of(&fs::read_to_string(chapter)?);
        if code.has_statements {
            let path = out.join(file);
            fs::write(&path, code.statements)?;
            let _ = writeln!(calls, "chapter!({name}, {path:?});");
        }
        for (line, program) in code.programs {
            // A folder for each, since all have the chapter's name.
            let path = out.join(format!("{name}_{line}")).join(file);
            fs::create_dir_all(path.parent().unwrap_or(&out))?;
            fs::write(&path, program)?;
            let _ = writeln!(calls, "program!({name}_{line}, {path:?});");
        }
    }
    fs::write(out.join("guide.rs"), calls)
}

/// The code of a chapter.
struct Code {
    /// One function of all fences marked `rust`.
    statements: String,
    has_statements: bool,
    /// The fences marked `rust,no_run`: whole programs, by the lines that they begin at.
    programs: Vec<(usize, String)>,
}

enum Fence {
    Statements,
    Program,
    Other,
}

impl Code {
    fn of(chapter: &str) -> Self {
        // In place of the heading, which is the first line.
        let mut statements = String::from("pub async fn run(db: PrismaClient, at: &Line) -> Answer {");
        let (mut has_statements, mut programs, mut fence) = (false, Vec::new(), None);
        for (index, line) in chapter.lines().enumerate() {
            let number = index + 1;
            let mut code = "";
            match (&fence, line.trim_end().strip_prefix("```")) {
                (None, Some(info)) => {
                    fence = Some(match info {
                        "rust" => Fence::Statements,
                        "rust,no_run" => Fence::Program,
                        _ => Fence::Other,
                    });
                    match fence {
                        Some(Fence::Statements) => {
                            has_statements = true;
                            let _ = write!(statements, "at.set({number});");
                        }
                        Some(Fence::Program) => programs.push((number, "\n".repeat(number))),
                        _ => {}
                    }
                }
                (Some(_), Some("")) => fence = None,
                (Some(Fence::Statements), _) => code = line,
                (Some(Fence::Program), _) => {
                    if let Some((_, program)) = programs.last_mut() {
                        program.push_str(&in_this_project(line));
                        program.push('\n');
                    }
                }
                _ => {}
            }
            statements.push_str(code);
            statements.push('\n');
        }
        statements.push_str("Ok(()) }\n");
        Self { statements, has_statements, programs }
    }
}

/// The reader's `schema.prisma` is here the schema of the guide.
fn in_this_project(line: &str) -> String {
    let schema = Path::new(GUIDE).join("blog.prisma");
    line.replace("prisma_schema!(\"schema.prisma\")", &format!("prisma_schema!({schema:?})"))
}
