/** What a call of a foreign tool gave: text for the model, bounded and without escapes. It is data, and not fenced yet. */
export interface ForeignResult {
	readonly text: string;
	readonly failed?: true;
}

/** Of a call that was ended while it ran. */
export const STOPPED: ForeignResult = {
	text: "Stopped by the person; it may have taken effect in part.",
	failed: true,
};

/** A tool that is not ours: of an MCP server, or of another extension. */
export interface ForeignTool {
	/** What the person calls its server. */
	readonly server: string;
	/** Its name there, to the letter. */
	readonly name: string;
	readonly description: string;
	/** Any JSON Schema of type object, in the server's own words. */
	readonly inputSchema: Readonly<Record<string, unknown>>;
	/** The server says that it changes nothing: then it may be asked for in Plan mode. */
	readonly saysItReads?: true;
	/** What the person's word on it is bound to: another one when the server's configuration or the tool changes. */
	readonly from: string;
	/** Resolves at once on abort. Throws only on defects. */
	call(
		args: Readonly<Record<string, unknown>>,
		signal: AbortSignal,
		progress: (text: string) => void,
	): Promise<ForeignResult>;
}
