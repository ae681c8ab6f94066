import { BlockList, isIP, isIPv4 } from "node:net";

/**
 * What does not lie on the public internet (IANA's special-purpose registries), and one address of a cloud's own services that does:
 * loopback, private, link-local with the metadata services, shared (CGNAT), documentation, benchmarks, multicast, reserved.
 */
const NOT_PUBLIC_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Of 2000::/3, the only public part of IPv6. 2001::/23 holds Teredo; 2002::/16 is 6to4, which carries any IPv4 address. */
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];
const PUBLIC_V6 = ["2000::/3"];

const notPublicV4 = listOf(NOT_PUBLIC_V4, "ipv4");
const notPublicV6 = listOf(NOT_PUBLIC_V6, "ipv6");
const publicV6 = listOf(PUBLIC_V6, "ipv6");

/**
 * Whether an IP address may be called on behalf of a merchant. IPv6 forms of IPv4 addresses (mapped, NAT64) are refused whatever they
 * stand for: no name on the public internet needs them. Anything that is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes("%")) return false;
  if (isIPv4(address)) return !notPublicV4.check(address, "ipv4");
  return publicV6.check(address, "ipv6") && !notPublicV6.check(address, "ipv6");
}

function listOf(blocks: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [net = "", prefix] = block.split("/");
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}
