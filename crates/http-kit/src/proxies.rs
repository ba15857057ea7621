use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use actix_web::{dev::ServiceRequest, http::header::HeaderName};
use primitives::Invalid;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A block of addresses: `10.0.0.0/8`, `fd00::/8`, or one address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u32,
}

impl Network {
    /// True when the address lies in the block.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.base.is_ipv4() == address.is_ipv4()
            && masked(self.base, self.bits) == masked(address, self.bits)
    }
}

impl FromStr for Network {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let malformed = Invalid("network_malformed");
        let (base, bits) = text.split_once('/').unwrap_or((text, ""));
        let base: IpAddr = base.parse().map_err(|_not_an_address| malformed)?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { Ok(most) } else { bits.parse() };
        let bits = bits.ok().filter(|bits| *bits <= most).ok_or(malformed)?;
        Ok(Self { base, bits })
    }
}

/// The address's leading bits.
fn masked(address: IpAddr, bits: u32) -> u128 {
    let (value, width) = match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    value.checked_shr(width - bits.min(width)).unwrap_or(0)
}

/// The proxies of ours, whose word about the client's address is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<Network>);

impl TrustedProxies {
    /// The address of the client: the peer, or what the last trusted proxy saw in front of itself.
    pub fn client_of(&self, request: &ServiceRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip().to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let headers = request.headers().get_all(FORWARDED_FOR);
        let hops: Vec<&str> =
            headers.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(',')).collect();
        let mut nearest = peer;
        for hop in hops.into_iter().rev() {
            let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
            nearest = address.to_canonical();
            if !self.trusts(nearest) {
                break;
            }
        }
        Some(nearest)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// One customer has a whole /64 of IPv6, so that is what a limit counts.
pub(crate) fn household_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client(peer: &str, forwarded: &str) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().unwrap());
        let request = TestRequest::default().peer_addr(format!("{peer}:9").parse().unwrap());
        let request = request.insert_header((FORWARDED_FOR, forwarded)).to_srv_request();
        TrustedProxies(trusted.to_vec()).client_of(&request).unwrap().to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_his_address() {
        assert_eq!(client("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(client("10.0.0.2", "1.1.1.1, 198.51.100.7"), "198.51.100.7");
        assert_eq!(client("10.0.0.2", "1.1.1.1, 198.51.100.7, 10.1.1.1"), "198.51.100.7");
        assert_eq!(client("[fd00::1]", "2001:db8::5"), "2001:db8::5");
        assert_eq!(client("10.0.0.2", "rubbish"), "10.0.0.2");
    }

    #[test]
    fn networks_are_read_and_compared_by_their_bits() {
        let network: Network = "192.168.4.0/22".parse().unwrap();
        assert!(network.contains("192.168.7.255".parse().unwrap()));
        assert!(!network.contains("192.168.8.0".parse().unwrap()));
        assert!(network.contains("::ffff:192.168.5.1".parse().unwrap()));
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains("8.8.8.8".parse().unwrap()));
        assert!(!everything.contains("2001:db8::1".parse().unwrap()));
        for text in ["", "10.0.0.0/33", "10.0.0/8", "x/8", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_household_has_one_address() {
        let one = household_of("2001:db8:1:2:3::4".parse().unwrap());
        assert_eq!(one, household_of("2001:db8:1:2:ffff::1".parse().unwrap()));
        assert_ne!(one, household_of("2001:db8:1:3::4".parse().unwrap()));
    }
}
