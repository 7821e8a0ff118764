//! Processor time (Linux).

/// Microseconds of processor time that this thread has used.
pub fn used() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split(' ').next().unwrap().parse::<f64>().unwrap() / 1000.0
}
