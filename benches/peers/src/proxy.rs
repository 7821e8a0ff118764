//! A slow network: a proxy that holds back what passes it, and counts round trips.
//!
//! Threads that sleep, since Tokio's timer knows no less than a millisecond.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A proxy in front of a server; it listens as long as the process lives.
pub struct Proxy {
    pub port: u16,
    trips: Arc<AtomicU64>,
}

impl Proxy {
    /// In front of the server at this address, with half of the latency each way.
    pub fn start(server: String, latency: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let trips = Arc::new(AtomicU64::new(0));
        let counter = trips.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                // Whether the server was the last to send.
                let answered = Arc::new(AtomicBool::new(true));
                let (to_server, to_client) = (pair(&client, &server), pair(&server, &client));
                let (seen, counter) = (answered.clone(), counter.clone());
                pass(to_server, latency / 2, move || {
                    if seen.swap(false, Ordering::Relaxed) {
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                });
                pass(to_client, latency / 2, move || answered.store(true, Ordering::Relaxed));
            }
        });
        Self { port, trips }
    }

    /// How often a client has sent something after the server's last answer, so far.
    pub fn round_trips(&self) -> u64 {
        self.trips.load(Ordering::Relaxed)
    }
}

fn pair(from: &TcpStream, to: &TcpStream) -> (TcpStream, TcpStream) {
    to.set_nodelay(true).unwrap();
    (from.try_clone().unwrap(), to.try_clone().unwrap())
}

/// Passes on what comes, each piece so much later, in order.
fn pass((mut from, mut to): (TcpStream, TcpStream), delay: Duration, seen: impl Fn() + Send + 'static) {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            seen();
            if sender.send((Instant::now() + delay, buffer[..read].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (due, piece) in receiver {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&piece).is_err() {
                break;
            }
        }
        // It may be closed already.
        let _ = to.shutdown(Shutdown::Both);
    });
}
