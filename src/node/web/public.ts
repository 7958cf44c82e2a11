import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";

/**
 * IPv4 that is not the public internet: IANA's special-purpose registry, multicast and what is reserved. Metadata
 * services are in here but one: 169.254.169.254 (most clouds), 100.100.100.200 (Alibaba), 192.0.0.192 (Oracle).
 */
const SPECIAL_4 = [
	"0.0.0.0/8",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"172.16.0.0/12",
	"192.0.0.0/24",
	"192.0.2.0/24",
	"192.88.99.0/24",
	"192.168.0.0/16",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"224.0.0.0/3",
	// Azure's: public by number, and answered by the host of each virtual machine.
	"168.63.129.16/32",
];

/** The one block of IPv6 that is routed publicly. Outside of it: loopback, link-local, ULA, mapped IPv4, NAT64, multicast. */
const GLOBAL_6 = "2000::/3";

/** Within that block: protocol assignments with Teredo, documentation, and 6to4, which has any IPv4 inside. */
const SPECIAL_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const special = listOf([...SPECIAL_4, ...SPECIAL_6]);
const global6 = listOf([GLOBAL_6]);

/**
 * Whether an address belongs to somebody else on the public internet: not to this machine, its networks, or a special
 * purpose. `own`: networks that this machine is in, since IPv6 gives each device at home a public address.
 */
export function isPublic(address: string, own: BlockList = ownNetworks()): boolean {
	const version = isIP(address);
	// A zone names an interface of this machine.
	if (version === 0 || address.includes("%")) return false;
	const family = version === 4 ? "ipv4" : "ipv6";
	if (version === 6 && !global6.check(address, family)) return false;
	return !special.check(address, family) && !own.check(address, family);
}

function ownNetworks(): BlockList {
	const all = Object.values(networkInterfaces()).flat();
	return listOf(all.flatMap((each) => (each?.cidr ? [ownNetwork(each.cidr)] : [])));
}

/** The widest network that is taken for one's own, in bits: a tunnel may say that all addresses are behind it. */
const WIDEST = { 4: 8, 6: 32 } as const;

function ownNetwork(cidr: string): string {
	const [address = "", bits = ""] = cidr.split("/");
	const [widest, all] = isIP(address) === 4 ? [WIDEST[4], 32] : [WIDEST[6], 128];
	return Number(bits) < widest ? `${address}/${all}` : cidr;
}

/** Of subnets as `10.0.0.0/8`. */
export function listOf(subnets: readonly string[]): BlockList {
	const list = new BlockList();
	for (const subnet of subnets) {
		const [address = "", prefix = ""] = subnet.split("/");
		list.addSubnet(address, Number(prefix), isIP(address) === 4 ? "ipv4" : "ipv6");
	}
	return list;
}
