// Counts whatever a hostile text makes a browser do: connections to servers of its own, scripts, navigations, dialogs.
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { canary, type Places } from "../security/payloads.ts";

export interface Recorder extends Places {
	/** What happened, in the order that it did; empty for a harmless page. */
	readonly seen: readonly string[];
	/** Watches all frames of a page, now and later. */
	watch(page: Page): Promise<void>;
	/** From now on a frame that goes anywhere is seen as well. */
	expectNoNavigation(page: Page): void;
	close(): Promise<void>;
}

/** One server speaks HTTP; the other takes connections and says nothing, which is enough to count what wants TLS. */
export async function startRecorder(): Promise<Recorder> {
	const seen: string[] = [];
	const web = http.createServer((request, response) => {
		seen.push(`request ${request.url}`);
		response.writeHead(200, { "content-type": "text/html" });
		response.end("<title>counted</title>");
	});
	web.on("connection", () => seen.push("connection"));
	const mute = net.createServer((socket) => {
		seen.push("connection to the TLS port");
		socket.on("error", () => undefined).destroy();
	});
	const [httpPort, tlsPort] = await Promise.all([listen(web), listen(mute)]);
	const ports = [String(httpPort), String(tlsPort)];
	return {
		http: `http://127.0.0.1:${httpPort}`,
		https: `https://127.0.0.1:${tlsPort}`,
		seen,
		async watch(page) {
			await page.exposeFunction(canary, (id: unknown) => void seen.push(`script ${id}`));
			page.on("request", (request) => {
				const { port, protocol } = new URL(request.url());
				if (ports.includes(port) || protocol === "file:") seen.push(`asked for ${request.url()}`);
			});
			page.on("dialog", (dialog) => {
				seen.push(`dialog ${dialog.message()}`);
				void dialog.dismiss();
			});
			page.context().on("page", (opened) => {
				seen.push(`window ${opened.url()}`);
			});
		},
		expectNoNavigation(page) {
			page.on("framenavigated", (frame) => {
				seen.push(`navigation to ${frame.url()}`);
			});
		},
		async close() {
			web.closeAllConnections();
			await Promise.all([closed(web), closed(mute)]);
		},
	};
}

function listen(server: net.Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
	});
}

function closed(server: net.Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
	});
}
