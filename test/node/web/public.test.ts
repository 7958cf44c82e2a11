import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { isPublic, listOf } from "../../../src/node/web/public.ts";

const none = listOf([]);

/** What they are, and addresses at both ends of it. */
const refused: readonly (readonly [string, ...string[]])[] = [
	["this network", "0.0.0.0", "0.255.255.255"],
	["private", "10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
	["carrier-grade NAT", "100.64.0.0", "100.127.255.255"],
	["metadata", "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"],
	["loopback", "127.0.0.1", "127.255.255.255", "::1"],
	["link-local", "169.254.0.0", "169.254.255.255", "fe80::1", "febf::1", "fe80::1%eth0"],
	["protocol assignments", "192.0.0.1", "192.0.0.255", "2001::", "2001:1ff:ffff::1"],
	["documentation", "192.0.2.1", "198.51.100.255", "203.0.113.1", "2001:db8::1", "3fff:fff::1"],
	["old 6to4 relays", "192.88.99.1"],
	["benchmarks", "198.18.0.0", "198.19.255.255"],
	["multicast", "224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
	["reserved and broadcast", "240.0.0.1", "255.255.255.254", "255.255.255.255"],
	["unspecified", "::"],
	["mapped IPv4", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "0:0:0:0:0:ffff:a9fe:a9fe"],
	["compatible IPv4", "::127.0.0.1", "::7f00:1"],
	["translated IPv4", "::ffff:0:127.0.0.1"],
	["NAT64", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::1"],
	["6to4", "2002:7f00:1::", "2002:a9fe:a9fe::1"],
	["Teredo", "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
	["unique local", "fc00::1", "fdff::1"],
	["site-local", "fec0::1"],
	["discard", "100::1"],
	["segment routing", "5f00::1"],
	["no address", "", "localhost", "127.1", "0x7f000001", "2130706433", "1.2.3", "[::1]", "1.1.1.1 ", "8.8.8.8:80"],
];

const taken = [
	"1.1.1.1",
	"8.8.8.8",
	"9.255.255.255",
	"11.0.0.0",
	"93.184.215.14",
	"100.63.255.255",
	"100.128.0.0",
	"128.0.0.1",
	"168.63.129.15",
	"169.253.255.255",
	"172.15.255.255",
	"172.32.0.0",
	"192.0.1.1",
	"192.167.255.255",
	"198.17.255.255",
	"198.20.0.0",
	"223.255.255.255",
	"2001:200::1",
	"2001:4860:4860::8888",
	"2003::1",
	"2606:4700:4700::1111",
	"2a00:1450:4001:800::200e",
];

describe("an address", () => {
	for (const [what, ...addresses] of refused)
		for (const address of addresses)
			it(`is not of the public internet: ${what}, ${JSON.stringify(address)}`, () => {
				assert.equal(isPublic(address, none), false);
			});
	for (const address of taken)
		it(`is of the public internet: ${address}`, () => {
			assert.equal(isPublic(address, none), true);
		});
	it("is not public where it is in a network of this machine, as all devices are that have IPv6", () => {
		const own = listOf(["2a02:810a:1:2::7/64", "93.184.215.0/24"]);
		assert.deepEqual(
			["2a02:810a:1:2::99", "2a02:810a:1:3::99", "93.184.215.14", "93.184.216.14"].map((each) => isPublic(each, own)),
			[false, true, false, true],
		);
	});
	it("is not public where this machine has it now", () => {
		const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
		assert.ok(all.length > 0);
		for (const { address } of all) assert.equal(isPublic(address), false, address);
	});
});
