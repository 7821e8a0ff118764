//! A network between a program and a server, as far as a test wants it: with a distance, with breaks, and with a count of what is sent.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// A way to a server over a network.
#[derive(Debug, Clone)]
pub struct Network {
    port: u16,
    sent: Arc<AtomicUsize>,
    connections: Arc<Mutex<Vec<TcpStream>>>,
}

impl Network {
    /// A way to the server of a URL on which a round trip takes at least as long as that; and the URL by that way.
    ///
    /// # Errors
    /// There is no port to be had.
    pub fn to(url: &str, round_trip: Duration) -> std::io::Result<(Self, String)> {
        let authority = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(url);
        let server = authority.rsplit('@').next().unwrap_or(authority).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let network = Self { port: listener.local_addr()?.port(), sent: Arc::default(), connections: Arc::default() };
        let url = url.replacen(&server, &format!("127.0.0.1:{}", network.port), 1);
        let way = network.clone();
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                // Who gets no answer is told by the closed connection.
                let _ = way.connect(near, &server, round_trip / 2);
            }
        });
        Ok((network, url))
    }

    /// How many times the program has sent something: as often as it has waited for an answer, if it sends each question in one piece.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// Breaks all connections.
    pub fn cut(&self) {
        for connection in self.connections.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // It may be closed already.
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    fn connect(&self, near: TcpStream, server: &str, late: Duration) -> std::io::Result<()> {
        let far = TcpStream::connect(server)?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        let ends = [near.try_clone()?, far.try_clone()?];
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).extend(ends);
        carry(near.try_clone()?, far.try_clone()?, late, Arc::clone(&self.sent));
        carry(far, near, late, Arc::default());
        Ok(())
    }
}

/// Carries bytes over, late, but as many at a time as come.
fn carry(mut from: TcpStream, mut to: TcpStream, late: Duration, count: Arc<AtomicUsize>) {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            count.fetch_add(1, Ordering::SeqCst);
            if sender.send((Instant::now() + late, buffer[..read].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (due, bytes) in receiver {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        // Whoever waits for more is told that there is none.
        let _ = to.shutdown(Shutdown::Both);
    });
}
