//! `prisma version`

use std::process::ExitCode;

use clap::Args;
use prisma_schema::Provider;

use super::Outcome;

/// Print the version, and what this program was built for.
#[derive(Debug, Args)]
pub(crate) struct Version {
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

impl Version {
    pub(crate) fn run(self) -> Outcome {
        let providers: Vec<_> =
            Provider::ALL.into_iter().filter(|p| prisma_drivers::is_built_in(*p)).map(Provider::name).collect();
        let (version, system, architecture) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
        if self.json {
            let report = serde_json::json!({
                "prisma": version,
                "operating-system": system,
                "architecture": architecture,
                "providers": providers,
            });
            anstream::println!("{report:#}");
        } else {
            anstream::println!("prisma           : {version}");
            anstream::println!("Operating system : {system}");
            anstream::println!("Architecture     : {architecture}");
            anstream::println!("Providers        : {}", providers.join(", "));
        }
        Ok(ExitCode::SUCCESS)
    }
}
