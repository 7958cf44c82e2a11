import { isInside } from "../place.ts";
import type { Bounds } from "./bounds.ts";

/** Where macOS keeps it; one found elsewhere would be somebody's own. */
export const SEATBELT = "/usr/bin/sandbox-exec";

/** Devices that programs write to. */
const DEVICES = ["/dev/null", "/dev/zero", "/dev/tty", "/dev/dtracehelper", "/dev/stdout", "/dev/stderr"];

/** Services that do something outside for whoever asks: keychains, starting apps, the clipboard, other apps' scripts. */
const SERVICES = [
	"com.apple.SecurityServer",
	"com.apple.securityd.xpc",
	"com.apple.secd",
	"com.apple.coreservices.launchservicesd",
	"com.apple.lsd.open",
	"com.apple.coreservices.appleevents",
	"com.apple.pasteboard.1",
	"com.apple.pboard",
];

/** The one socket without which no name is found. */
const NAME_SERVICE = '(allow network-outbound (remote unix-socket (path-literal "/private/var/run/mDNSResponder")))';

/**
 * A profile of macOS' sandbox. The last rule that fits an operation wins.
 * @param tmp folder of ours that stands in for the temporary one
 */
export function seatbeltProfile(bounds: Bounds, network: boolean, tmp: string): string {
	const { writable, readOnly, anchored, hidden } = bounds;
	const below = (paths: readonly string[]) => paths.map((path) => `(subpath ${quoted(path)})`).join(" ");
	const isAround = (path: string) => writable.some((folder) => isInside(path, folder));
	const denied = (paths: readonly string[]) =>
		paths.length === 0 ? [] : [`(deny file-read* file-write* ${below(paths)})`];
	const paths = hidden.map(({ path }) => path);
	return [
		"(version 1)",
		"(allow default)",
		"(deny file-write*)",
		`(allow file-write* ${DEVICES.map((path) => `(literal ${quoted(path)})`).join(" ")} ${below([tmp])})`,
		...denied(paths.filter(isAround)),
		`(allow file-read* file-write* ${below(writable)})`,
		...anchored.map((path) => `(deny file-write-unlink (literal ${quoted(path)}))`),
		...(readOnly.length === 0 ? [] : [`(deny file-write* ${below(readOnly)})`]),
		...denied(paths.filter((path) => !isAround(path))),
		"(deny signal)",
		"(allow signal (target same-sandbox))",
		"(deny appleevent-send)",
		`(deny mach-lookup ${SERVICES.map((name) => `(global-name ${quoted(name)})`).join(" ")})`,
		...(network ? ["(deny network-outbound (remote unix-socket))", NAME_SERVICE] : ["(deny network*)"]),
	].join("\n");
}

function quoted(text: string): string {
	return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
