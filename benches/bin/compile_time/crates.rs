//! The crates that are checked: a workspace of their own, so that their dependencies are built once.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::schema::Shape;

pub struct Workspace {
    root: PathBuf,
    repository: PathBuf,
    members: Vec<String>,
}

/// A crate to check, and how one of its query files can be changed.
pub struct Crate {
    pub name: String,
    file: PathBuf,
    text: Box<dyn Fn(usize) -> String>,
}

impl Crate {
    /// Changes one number in one query.
    pub fn change(&self, variant: usize) {
        fs::write(&self.file, (self.text)(variant)).unwrap();
    }
}

impl Workspace {
    pub fn new(root: &Path, repository: &Path) -> Self {
        fs::create_dir_all(root).unwrap();
        Self { root: root.to_owned(), repository: repository.to_owned(), members: Vec::new() }
    }

    /// A crate with a generated client.
    pub fn client(&mut self, shape: &Shape) -> Crate {
        let head = "prisma_client::prisma_schema!(\"schema.prisma\");\n";
        let dependencies = format!("prisma-client = {{ path = {:?} }}\n", self.repository);
        let made = self.with_queries(&format!("client-{}", shape.name), head, &dependencies, shape, Shape::queries);
        fs::write(self.root.join(&made.name).join("schema.prisma"), shape.prisma()).unwrap();
        made
    }

    /// The yardstick: plain structs that derive serde.
    pub fn serde(&mut self, shape: &Shape) -> Crate {
        let dependencies = "chrono = { version = \"0.4\", default-features = false, features = [\"serde\"] }\n\
            serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n";
        let name = format!("serde-{}", shape.name);
        self.with_queries(&name, &shape.structs(), dependencies, shape, Shape::serde_queries)
    }

    fn with_queries(
        &mut self,
        name: &str,
        head: &str,
        dependencies: &str,
        shape: &Shape,
        queries: fn(&Shape, std::ops::Range<usize>, usize) -> String,
    ) -> Crate {
        let mut lib = head.to_owned();
        let source = self.package(name, "", dependencies);
        for (i, models) in shape.query_files().enumerate() {
            writeln!(lib, "pub mod queries{i};").unwrap();
            fs::write(source.join(format!("queries{i}.rs")), queries(shape, models, 0)).unwrap();
        }
        fs::write(source.join("lib.rs"), lib).unwrap();
        let shape = Shape::clone(shape);
        let text = move |variant| queries(&shape, shape.query_files().next().unwrap_or(0..0), variant);
        Crate { name: name.to_owned(), file: source.join("queries0.rs"), text: Box::new(text) }
    }

    /// A crate with a schema alone, whose macro tells how long it took.
    pub fn timed_macro(&mut self, shape: &Shape) -> String {
        let timer = "timed-macro";
        if !self.members.iter().any(|m| m == timer) {
            let dependencies = format!("prisma-codegen = {{ path = {:?} }}\n", self.repository.join("prisma-codegen"));
            let source = self.package(timer, "[lib]\nproc-macro = true\n", &dependencies);
            fs::write(source.join("lib.rs"), include_str!("timed_macro.rs.txt")).unwrap();
        }
        let name = format!("macro-{}", shape.name);
        let dependencies =
            format!("prisma-client = {{ path = {:?} }}\n{timer} = {{ path = \"../{timer}\" }}\n", self.repository);
        let source = self.package(&name, "", &dependencies);
        fs::write(source.join("lib.rs"), "timed_macro::prisma_schema!(\"schema.prisma\");\n").unwrap();
        fs::write(self.root.join(&name).join("schema.prisma"), shape.prisma()).unwrap();
        name
    }

    fn package(&mut self, name: &str, more: &str, dependencies: &str) -> PathBuf {
        let source = self.root.join(name).join("src");
        fs::create_dir_all(&source).unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n{more}\n[dependencies]\n{dependencies}"
        );
        fs::write(self.root.join(name).join("Cargo.toml"), manifest).unwrap();
        self.members.push(name.to_owned());
        source
    }

    /// Writes the workspace's manifest; the versions of dependencies are the repository's.
    pub fn finish(&self) {
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {:?}\n", self.members);
        fs::write(self.root.join("Cargo.toml"), manifest).unwrap();
        let lock = self.repository.join("Cargo.lock");
        if lock.exists() {
            fs::copy(lock, self.root.join("Cargo.lock")).unwrap();
        }
    }

    /// Cargo in this workspace, with a target directory of its own.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root).args(arguments).env("CARGO_TARGET_DIR", self.root.join("target"));
        command.env_remove("RUSTFLAGS").stdin(Stdio::null());
        command
    }

    pub fn check_all(&self) {
        assert!(
            self.cargo(&["check", "--workspace", "--quiet"]).status().unwrap().success(),
            "the crates do not compile"
        );
    }
}
