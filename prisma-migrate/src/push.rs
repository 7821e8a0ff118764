//! Push: the database becomes what the schema wants, without a history.

use std::fmt;

use prisma_core::driver::{Connection, Driver, DriverError};
use prisma_core::{Error, ErrorKind};
use prisma_schema::Schema;

use crate::check::{self, Findings, broken_references, newly_broken};
use crate::diff::{Migration, Step};
use crate::flavour::Flavour;
use crate::history::lock;
use crate::{calculate, diff, flavour_of};

/// What [`push`] may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct PushOptions {
    /// Go on although data will be lost.
    pub accept_data_loss: bool,
    /// Drop everything first.
    pub force_reset: bool,
}

/// What [`push`] did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PushOutcome {
    /// The steps that were taken; none if the database was in sync with the schema already.
    pub steps: Vec<Step>,
    /// The same as SQL.
    pub script: String,
    /// What was lost, with the user's consent.
    pub warnings: Vec<String>,
}

/// Why [`push`] did nothing.
#[derive(Debug)]
pub enum PushError {
    /// The data that is there forbids it.
    Refused {
        /// What would be lost; [`PushOptions::accept_data_loss`] allows it.
        warnings: Vec<String>,
        /// What cannot be done with the data that is there; [`PushOptions::force_reset`] removes the data.
        unexecutable: Vec<String>,
    },
    /// The database reports an error, and is as it was.
    Failed(Error),
    /// The database reports an error after some changes, which it does not take back.
    Halfway {
        /// What it reports.
        error: Error,
        /// What was done, as SQL.
        done: Vec<String>,
        /// What failed, as SQL.
        failed: String,
        /// How many changes there were to be.
        steps: usize,
    },
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (warnings, unexecutable) = match self {
            Self::Failed(error) => return error.fmt(f),
            Self::Halfway { error, done, failed, steps } => {
                write!(f, "{error}\nThis is what failed:")?;
                failed.lines().try_for_each(|l| write!(f, "\n    {l}"))?;
                write!(
                    f,
                    "\n{} of {steps} changes were made before it, and the database does not take them back",
                    done.len()
                )?;
                f.write_str(if done.is_empty() { "." } else { ":" })?;
                done.iter().flat_map(|d| d.lines()).try_for_each(|l| write!(f, "\n    {l}"))?;
                return f.write_str("\nWhen the cause is removed, push again: what is made already stays.");
            }
            Self::Refused { warnings, unexecutable } => (warnings, unexecutable),
        };
        f.write_str("the schema was not pushed, and the database is as it was")?;
        if !unexecutable.is_empty() {
            f.write_str("\nThis cannot be done with the data that is there:")?;
            unexecutable.iter().try_for_each(|u| write!(f, "\n  - {u}"))?;
            f.write_str("\nDropping all data first (force reset) would do.")?;
        }
        if !warnings.is_empty() {
            f.write_str("\nThis would lose data:")?;
            warnings.iter().try_for_each(|w| write!(f, "\n  - {w}"))?;
            f.write_str("\nSay that you accept data loss to go on.")?;
        }
        Ok(())
    }
}

impl std::error::Error for PushError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(error) | Self::Halfway { error, .. } => Some(error),
            Self::Refused { .. } => None,
        }
    }
}

impl From<Error> for PushError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<DriverError> for PushError {
    fn from(error: DriverError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<PushError> for Error {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Failed(error) => error,
            other => Error::new(ErrorKind::Configuration { message: other.to_string() }),
        }
    }
}

/// Makes the database what the schema wants. All of it happens in one transaction: if it fails, the database is as it was. MySQL
/// keeps each change at once: there, the error tells what was done ([`PushError::Halfway`]).
///
/// # Errors
/// Data would be lost or stands in the way ([`PushError::Refused`]), or what the database reports.
pub async fn push(schema: &Schema, driver: &dyn Driver, options: PushOptions) -> Result<PushOutcome, PushError> {
    if driver.provider() != schema.provider() {
        return Err(PushError::Failed(Error::new(ErrorKind::Configuration {
            message: format!(
                "the schema is for {}, but the connection is to {}",
                schema.provider().capabilities().display_name,
                driver.provider().capabilities().display_name
            ),
        })));
    }
    let flavour = flavour_of(schema.provider())?;
    driver.create_database().await?;
    let mut connection = driver.acquire().await?;
    if let Some(script) = flavour.before_changes() {
        connection.execute_script(script).await?;
    }
    let held = lock::take(&mut *connection, flavour).await?;
    let result = Push { schema, flavour, options }.transact(&mut *connection).await;
    held.give(&mut *connection, flavour).await;
    result
}

struct Push<'a> {
    schema: &'a Schema,
    flavour: &'static dyn Flavour,
    options: PushOptions,
}

impl Push<'_> {
    async fn transact(&self, connection: &mut dyn Connection) -> Result<PushOutcome, PushError> {
        if !self.flavour.is_transactional() {
            return self.run(connection).await;
        }
        connection.begin(None).await?;
        let result = self.run(connection).await;
        match &result {
            Ok(_) => connection.commit().await?,
            // The first error is the one to tell; the connection, dropped, rolls back in any case.
            Err(_) => drop(connection.rollback().await),
        }
        result
    }

    async fn run(&self, connection: &mut dyn Connection) -> Result<PushOutcome, PushError> {
        if self.options.force_reset {
            let everything = self.flavour.describe(connection, &self.schema.datasource.schemas).await?;
            connection.execute_script(&self.flavour.render_reset(&everything)).await?;
        }
        let from = self.flavour.describe(connection, &self.schema.datasource.schemas).await?;
        let to = calculate::calculate(self.schema, self.flavour);
        let migration = diff::diff(&from, &to, self.flavour);
        if migration.is_empty() {
            return Ok(PushOutcome::default());
        }
        let warnings = self.check(&migration, connection).await?;
        let broken_before = broken_references(connection, self.flavour).await.unwrap_or_default();
        let script = self.flavour.render(&migration.steps);
        self.apply(&migration.steps, &script, connection).await?;
        let unexecutable = newly_broken(&broken_before, &broken_references(connection, self.flavour).await?);
        if !unexecutable.is_empty() {
            return Err(PushError::Refused { warnings, unexecutable });
        }
        Ok(PushOutcome { steps: migration.steps, script, warnings })
    }

    async fn apply(&self, steps: &[Step], script: &str, connection: &mut dyn Connection) -> Result<(), PushError> {
        if self.flavour.is_transactional() {
            return Ok(connection.execute_script(script).await?);
        }
        let mut done = Vec::new();
        for step in steps {
            let sql = self.flavour.render(std::slice::from_ref(step));
            if let Err(error) = connection.execute_script(&sql).await {
                return Err(PushError::Halfway { error: error.into(), done, failed: sql, steps: steps.len() });
            }
            done.push(sql);
        }
        Ok(())
    }

    /// The warnings, if nothing forbids the migration.
    async fn check(&self, migration: &Migration, connection: &mut dyn Connection) -> Result<Vec<String>, PushError> {
        let Findings { warnings, unexecutable } = check::run(connection, self.flavour, &migration.checks).await?;
        let is_refused = !unexecutable.is_empty() || !(warnings.is_empty() || self.options.accept_data_loss);
        if is_refused { Err(PushError::Refused { warnings, unexecutable }) } else { Ok(warnings) }
    }
}
