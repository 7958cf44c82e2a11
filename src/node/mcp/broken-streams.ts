import type { Transport } from "@modelcontextprotocol/client";

/**
 * Over HTTP each request has a stream of its own. The SDK leaves a request waiting, until its time is over, whose stream
 * breaks and can't be taken up again: here it gets an answer that says so. To be called once the client is connected.
 */
export function answerBrokenStreams(transport: Transport): void {
	const open = new Set<string | number>();
	const send = transport.send.bind(transport);
	const deliver = transport.onmessage;
	transport.onmessage = (message, extra) => {
		if ("id" in message && !("method" in message) && message.id !== undefined) open.delete(message.id);
		deliver?.(message, extra);
	};
	transport.send = (message, options) => {
		// The SDK looks after the end of some itself.
		const isOurs = "id" in message && "method" in message && options?.onRequestStreamEnd === undefined;
		if (!isOurs) return send(message, options);
		const { id } = message;
		open.add(id);
		const onRequestStreamEnd = () => {
			if (!open.delete(id)) return;
			const error = { code: CONNECTION_CLOSED, message: "The connection ended before the answer came." };
			deliver?.({ jsonrpc: "2.0", id, error });
		};
		return send(message, { ...options, onRequestStreamEnd });
	};
}

/** Of the SDK's older versions: no server may use it for anything else. */
const CONNECTION_CLOSED = -32000;

/** Whether a failure is that answer. */
export const isBrokenStream = (code: number) => code === CONNECTION_CLOSED;
