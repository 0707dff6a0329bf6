//! IP addresses as rate limits store them: as keyed hashes, so that the database does not show where
//! a reader was. Without the key, all IPv4 addresses could be hashed and compared in minutes.

use std::net::{IpAddr, Ipv6Addr};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::digest::hex;

/// Hexadecimal digits of a hash: enough that two addresses do not share one.
const HASH_DIGITS: usize = 32;

/// The key of the hashes.
pub struct AddressKey(Hmac<Sha256>);

impl AddressKey {
    /// Derives the key from a secret of the deployment. A new secret starts new windows.
    pub fn derive(secret: &str) -> AddressKey {
        let digest = Sha256::digest(format!("addresses of rate limits|{secret}"));
        let mut block = [0; 64];
        block.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
        AddressKey(Hmac::new(&block.into()))
    }

    fn hash(&self, network: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(network.as_bytes());
        let mut hash = hex(&mac.finalize().into_bytes());
        hash.truncate(HASH_DIGITS);
        hash
    }
}

/// The hashes of an IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The hash of the address; for IPv6, of its first 64 bits.
    pub(super) own: String,
    /// The hash of the first 48 bits of an IPv6 address.
    pub(super) site: Option<String>,
}

impl Address {
    /// Hashes the address in the header that Cloudflare sets. Only the first 64 bits of an IPv6
    /// address count, because one household can choose the rest freely. The first 48 bits are counted,
    /// too, because some providers give a customer that many networks.
    pub fn new(header: &str, key: &AddressKey) -> Address {
        let (network, site) = match header.trim().parse() {
            Ok(IpAddr::V4(v4)) => (v4.to_string(), None),
            Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
                Some(v4) => (v4.to_string(), None),
                None => (network(v6, 64), Some(network(v6, 48))),
            },
            Err(_) => (header.trim().to_owned(), None),
        };
        Address {
            own: key.hash(&format!("address|{network}")),
            site: site.map(|site| key.hash(&format!("site|{site}"))),
        }
    }
}

/// The first bits of an IPv6 address, as a text.
fn network(address: Ipv6Addr, bits: u32) -> String {
    format!("{:x}/{bits}", address.to_bits() >> (128 - bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_hashed_with_the_key_and_only_the_network_of_an_ipv6_address_counts() {
        let key = AddressKey::derive("a secret");
        let address = |header| Address::new(header, &key);
        let stored = address("203.0.113.7");
        assert_eq!(stored.own.len(), 32);
        assert_ne!(stored, Address::new("203.0.113.7", &AddressKey::derive("another")));
        assert_eq!(stored, Address::new("203.0.113.7", &AddressKey::derive("a secret")));
        assert_eq!(stored.site, None);
        assert_eq!(address(" 203.0.113.7 "), stored);
        assert_eq!(address("::ffff:203.0.113.7"), stored);
        assert_ne!(address("203.0.113.8"), stored);
        assert_eq!(address("2001:db8::1"), address("2001:db8:0:0:ffff::2"));
        let (one, other) = (address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_ne!(one, other);
        assert!(one.site.is_some() && one.site == other.site);
        assert_ne!(one.site, address("2001:db8:1::1").site);
        assert_ne!(address("nonsense"), address(""));
    }
}
