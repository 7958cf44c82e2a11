import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import zlib from "node:zlib";
import { MAX_PAGE_BYTES } from "../../agent/web.ts";

const DECODERS: ReadonlyMap<string, () => NodeJS.ReadWriteStream> = new Map([
	["gzip", () => zlib.createGunzip()],
	["x-gzip", () => zlib.createGunzip()],
	["deflate", () => zlib.createInflate()],
	["br", () => zlib.createBrotliDecompress()],
]);

/** Whether the body can be read at all: not packed in a way that we did not ask for. */
export function isReadable({ headers }: IncomingMessage): boolean {
	const encoding = encodingOf(headers["content-encoding"]);
	return encoding === "" || DECODERS.has(encoding);
}

/** Reads the body as far as it is taken, then closes the connection. Rejects when it breaks off. */
export async function readBody(response: IncomingMessage): Promise<{ readonly bytes: Buffer; readonly cut: boolean }> {
	const decoder = DECODERS.get(encodingOf(response.headers["content-encoding"]))?.();
	// The callback alone: what went wrong comes out of the loop below as well.
	const stream = decoder ? pipeline(response, decoder, () => undefined) : response;
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		size += chunk.length;
		if (size > MAX_PAGE_BYTES) break;
	}
	return { bytes: Buffer.concat(chunks, Math.min(size, MAX_PAGE_BYTES)), cut: size > MAX_PAGE_BYTES };
}

function encodingOf(header: string | undefined): string {
	const encoding = header?.trim().toLowerCase() ?? "";
	return encoding === "identity" ? "" : encoding;
}
