import assert from "node:assert/strict";
import { readAddress } from "../../../src/node/web/address.ts";
import { isPublic } from "../../../src/node/web/public.ts";

const read = (url: string) => readAddress(url, isPublic);

const HERE = /is on this machine or in its network.* use Bash with curl/i;
const ODD = /odd way; it means/;
const NONE = /no absolute URL/;
const UNSEEN = /blanks or invisible characters/;
const LOGIN = /user name or a password/;
const SCHEME = /Only http and https/;
const PORT = /Port \d+ belongs to another service/;
const NAME = /is no name of a host on the internet/;

/** URLs that are refused before anybody is asked, and why. */
const refused: readonly (readonly [RegExp, ...string[]])[] = [
	[
		SCHEME,
		"file:///etc/passwd",
		"ftp://example.com/",
		"gopher://127.0.0.1:70/_x",
		"javascript:alert(1)",
		"data:text/html,x",
		"blob:https://example.com/1",
		"ws://example.com/",
		"view-source:http://example.com/",
		"vscode://file/etc/passwd",
		"chrome://settings",
	],
	[
		NONE,
		"",
		"example.com",
		"//example.com/",
		"/etc/passwd",
		"http://",
		"http://[::1%25lo]/",
		"http://[fe80::1%25eth0]/",
	],
	[
		NONE,
		"http://256.256.256.256/",
		"http://a.b.c.0x/x.0x1g.09",
		"http://%00.com/",
		"http://exa<mple.com/",
		"https://:443/",
	],
	[
		LOGIN,
		"https://user:secret@example.com/",
		"https://token@example.com/",
		"https://@example.com/",
		"https://:@example.com/",
		"https://example.com:443@evil.example.net/",
		"https://example.com\\@evil.example.net/",
		"https://example.com%2f@evil.example.net/",
	],
	[
		HERE,
		"http://localhost/",
		"http://LOCALHOST:3000/",
		"http://localhost./",
		"http://app.localhost:8080/",
		"http://localhost.localdomain/",
		"http://printer.local/",
		"http://vault.corp/",
		"http://nas.lan/",
		"http://fritz.home.arpa/",
		"http://wiki.internal/",
		"http://metadata.google.internal/computeMetadata/v1/",
		"http://metadata.google.internal./",
		"http://metadata/",
		"http://intranet/",
		"http://router:8080/",
		"http://kubernetes.default.svc.cluster.local/",
	],
	[
		HERE,
		"http://127.0.0.1/",
		"http://127.0.0.1:3000/",
		"http://0.0.0.0/",
		"http://10.1.2.3/",
		"http://169.254.169.254/latest/meta-data/",
		"http://100.100.100.200/",
		"http://192.168.1.1/",
		"http://255.255.255.255/",
		"http://[::1]/",
		"http://[::]/",
		"http://[::ffff:7f00:1]/",
		"http://[::7f00:1]/",
		"http://[64:ff9b::7f00:1]/",
		"http://[2002:7f00:1::]/",
		"http://[fd00:ec2::254]/",
		"http://[fe80::1]/",
	],
	// Whatever parses to such an address is told for it, in each form that WHATWG's parser knows.
	[
		HERE,
		"http://127.1/",
		"http://2130706433/",
		"http://0x7f000001/",
		"http://0x7f.1/",
		"http://0177.0.0.1/",
		"http://017700000001/",
		"http://127.0.0.1./",
		"http://１２７.0.0.1/",
		"http://①②⑦.⓪.⓪.①/",
		"http://127。0。0。1/",
		"http://%31%32%37.0.0.1/",
		"http://[::ffff:127.0.0.1]/",
		"http://[0:0:0:0:0:0:0:1]/",
		"http://loc%61lhost/",
		"http://ｌocalhost/",
		"http:127.0.0.1/",
		"http:/127.0.0.1/",
		"http:///127.0.0.1/",
		"http:\\\\127.0.0.1\\",
	],
	// The same forms of an address that may be asked.
	[
		ODD,
		"http://134744072/",
		"http://0x8.0x8.0x8.0x8/",
		"http://8.8.2056/",
		"http://010.8.8.8/",
		"http://8.8.8.8./",
		"http://ex%61mple.com/",
		"http://ｅxample.com/",
		"http://example。com/",
		"http:example.com/",
		"http:///example.com/",
		"https:\\\\example.com\\",
		"https://example.com\\evil.example.net/",
		"https://example.com:0443/",
		"https://[2606:4700:4700:0::1111]/",
	],
	[NAME, "http://example.com./", "http://a..example.com/", "http://.example.com/", "http://-a.example.com/"],
	[NAME, "http://a;b.example.com/", `http://${"a".repeat(64)}.example.com/`, `http://${"a.".repeat(130)}example.com/`],
	[
		UNSEEN,
		" https://example.com/",
		"https://example.com/a b",
		"https://exa\tmple.com/",
		"https://example.com/\r\nX: y",
		"https://example.com/\u202etxt.exe",
		"https://exam\u200bple.com/",
		"https://example.com/\u0000",
		"https://example.com/\u{e0041}",
		"https://example.com/\u00ad",
		"https://example.com/\ud800",
	],
	[PORT, "http://example.com:22/", "http://example.com:25/", "https://example.com:993/", "http://example.com:6667/"],
	[PORT, "http://example.com:1/", "http://example.com:6000/", "http://example.com:2049/"],
	[PORT, "http://example.com:0/"],
	[NONE, "http://example.com:65536/"],
	[/longer than 2000/, `https://example.com/${"a".repeat(2000)}`, `https://example.com/${"ä".repeat(500)}`],
];

const taken: readonly (readonly [string, object])[] = [
	["https://example.com", { url: "https://example.com/", origin: "https://example.com" }],
	["HTTPS://Example.COM/Path", { url: "https://example.com/Path", origin: "https://example.com" }],
	["https://example.com:443/", { url: "https://example.com/", origin: "https://example.com" }],
	["http://example.com:80/", { url: "http://example.com/", origin: "http://example.com" }],
	["http://example.com:443/", { url: "http://example.com:443/", origin: "http://example.com:443" }],
	[
		"https://example.com:8443/a?b=c&d#e",
		{ url: "https://example.com:8443/a?b=c&d", origin: "https://example.com:8443" },
	],
	["http://8.8.8.8/", { url: "http://8.8.8.8/", origin: "http://8.8.8.8" }],
	[
		"https://[2606:4700:4700::1111]/",
		{ url: "https://[2606:4700:4700::1111]/", origin: "https://[2606:4700:4700::1111]" },
	],
	["https://example.com/@user/a@b", { url: "https://example.com/@user/a@b", origin: "https://example.com" }],
	["https://example.com/ä", { url: "https://example.com/%C3%A4", origin: "https://example.com" }],
	["https://a_b.example.com/", { url: "https://a_b.example.com/", origin: "https://a_b.example.com" }],
	[
		"https://localhost.example.com/",
		{ url: "https://localhost.example.com/", origin: "https://localhost.example.com" },
	],
	[
		"https://аpple.com/",
		{ url: "https://xn--pple-43d.com/", origin: "https://xn--pple-43d.com", letters: "аpple.com" },
	],
	[
		"https://xn--pple-43d.com:8443/",
		{ url: "https://xn--pple-43d.com:8443/", origin: "https://xn--pple-43d.com:8443", letters: "аpple.com" },
	],
	[
		"https://BÜCHER.example/",
		{ url: "https://xn--bcher-kva.example/", origin: "https://xn--bcher-kva.example", letters: "bücher.example" },
	],
];

describe("a URL to fetch", () => {
	for (const [why, ...urls] of refused)
		for (const url of urls)
			it(`is refused: ${JSON.stringify(url.slice(0, 70))}`, () => {
				const address = read(url);
				assert.ok(!address.ok, JSON.stringify(address));
				assert.match(address.failure, why);
			});
	for (const [url, value] of taken)
		it(`is taken as it will be sent: ${url}`, () => assert.deepEqual(read(url), { ok: true, value }));
});
