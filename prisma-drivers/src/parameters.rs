//! The parameters of a URL: `?name=value&name=value`.

use std::borrow::Cow;
use std::time::Duration;

use prisma_core::driver::DriverError;

/// The parameters of one URL, each with its value.
#[derive(Debug)]
pub(crate) struct Parameters<'u>(Vec<(&'u str, Cow<'u, str>)>);

impl<'u> Parameters<'u> {
    /// Reads what stands after the `?`, values as they are written; a name that is not among `known` is an error.
    #[cfg(feature = "sqlite")]
    pub(crate) fn parse(text: &'u str, known: &[&str]) -> Result<Self, DriverError> {
        Self::read(text, known, |_, value| Ok(Cow::Borrowed(value)))
    }

    /// The same, with percent-encoded characters decoded.
    #[cfg(feature = "_server")]
    pub(crate) fn parse_encoded(text: &'u str, known: &[&str]) -> Result<Self, DriverError> {
        Self::read(text, known, |name, value| crate::server_url::decode(value, &format!("the parameter `{name}`")))
    }

    fn read(
        text: &'u str,
        known: &[&str],
        value_of: impl Fn(&str, &'u str) -> Result<Cow<'u, str>, DriverError>,
    ) -> Result<Self, DriverError> {
        let mut found = Vec::new();
        for pair in text.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !known.contains(&name) {
                return Err(unknown(name, known));
            }
            found.push((name, value_of(name, value)?));
        }
        Ok(Self(found))
    }

    /// The value of a parameter; the last one counts if it stands there twice.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, _)| *n == name).map(|(_, v)| &**v)
    }

    /// A parameter that is `true` or `false`; `false` if it is not there.
    #[cfg(feature = "_server")]
    pub(crate) fn flag(&self, name: &str) -> Result<bool, DriverError> {
        Ok(self.word(name, &[("true", true), ("false", false)])?.unwrap_or(false))
    }

    /// A parameter that is a whole number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u32>, DriverError> {
        self.text(name)
            .map(|value| {
                value.parse().map_err(|_| invalid(format!("`{name}` must be a whole number, but it is `{value}`")))
            })
            .transpose()
    }

    /// A parameter that is a number of seconds.
    pub(crate) fn seconds(&self, name: &str) -> Result<Option<Duration>, DriverError> {
        Ok(self.number(name)?.map(|n| Duration::from_secs(n.into())))
    }

    /// A parameter that is one of a few words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, DriverError> {
        let Some(value) = self.text(name) else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == value) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
                Err(invalid(format!("`{name}` must be one of {}, but it is `{value}`", words.join(", "))))
            }
        }
    }
}

/// A URL that cannot be read.
pub(crate) fn invalid(message: String) -> DriverError {
    DriverError::InvalidUrl { message }
}

fn unknown(name: &str, known: &[&str]) -> DriverError {
    let near = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(k, name), k))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 3);
    let help = match near {
        Some((_, k)) => format!("did you mean `{k}`?"),
        None => format!("known are {}", known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
    };
    invalid(format!("the URL has an unknown parameter `{name}`: {help}"))
}
