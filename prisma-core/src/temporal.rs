//! Times as databases without a type for them keep them: text, and numbers.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// A time in ISO 8601, or as SQL functions write it; without a zone it is in UTC.
pub fn date_time_of_text(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(v) = DateTime::parse_from_rfc3339(text) {
        return Some(v.to_utc());
    }
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
        .map(|v| v.and_utc())
}

/// A time by its milliseconds since 1970, to the microsecond.
pub fn date_time_of_millis(millis: f64) -> Option<DateTime<Utc>> {
    // The fraction by itself: multiplied together with the whole, it would be rounded twice.
    let (whole, micros) = (millis.floor(), ((millis - millis.floor()) * 1000.0).round());
    #[allow(clippy::cast_possible_truncation, reason = "within range, by the comparison")]
    let micros = (whole.abs() <= 9.0e15).then(|| whole as i64 * 1000 + micros as i64)?;
    DateTime::from_timestamp_micros(micros)
}

/// A time of day: `HH:MM:SS.ffffff` or `HH:MM`.
pub fn time_of_text(text: &str) -> Option<NaiveTime> {
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}
