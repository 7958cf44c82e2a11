import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What was asked for, and with which headers. */
interface Asked {
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
}

interface Grant {
	readonly client: string;
	readonly challenge: string;
	readonly redirect: string;
	readonly resource: string | null;
}

/**
 * A small real MCP server over HTTP on loopback, with an authorisation server of its own (metadata, dynamic registration,
 * authorisation code with PKCE, rotating refresh tokens) beside it.
 */
export class McpSite {
	readonly asked: Asked[] = [];
	/** Whether it wants a token. */
	wantsSignIn = false;
	/** Where requests to `/mcp` are sent on to. */
	movedTo: string | undefined;
	/** Answers in place of its own, by path. */
	readonly instead = new Map<string, (response: ServerResponse) => void>();
	sessions = new Set<string>();
	readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
	readonly #clients = new Map<string, readonly string[]>();
	readonly #codes = new Map<string, Grant>();
	#access = new Set<string>();
	#refresh = new Map<string, string>();

	async open(port = 0): Promise<this> {
		await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
		return this;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	get origin(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	get url(): string {
		return `${this.origin}/mcp`;
	}

	/** Requests to the MCP endpoint, by method of the protocol. */
	get calls(): readonly string[] {
		return this.asked.flatMap(({ path, body }) => (path === "/mcp" && body ? [JSON.parse(body).method] : []));
	}

	count(path: string): number {
		return this.asked.filter((each) => each.path === path).length;
	}

	/** Access tokens end; `all`: refresh tokens, too. */
	expire(all = false): void {
		this.#access.clear();
		if (all) this.#refresh.clear();
	}

	forgetSessions(): void {
		this.sessions.clear();
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
		let body = "";
		for await (const chunk of request) body += chunk;
		const url = new URL(request.url ?? "/", this.origin);
		this.asked.push({ path: url.pathname, headers: request.headers, body });
		const own = this.instead.get(url.pathname);
		if (own) {
			own(response);
			return undefined;
		}
		switch (url.pathname) {
			case "/mcp":
				return this.#mcp(request, response, body);
			case "/.well-known/oauth-protected-resource/mcp":
				return json(response, 200, {
					resource: this.url,
					authorization_servers: [this.origin],
					scopes_supported: ["tools"],
				});
			case "/.well-known/oauth-authorization-server":
				return json(response, 200, this.#metadata());
			case "/register":
				return this.#register(response, JSON.parse(body));
			case "/authorize":
				return this.#authorize(response, url.searchParams);
			case "/token":
				return this.#token(response, new URLSearchParams(body));
			default:
				return json(response, 404, {});
		}
	}

	#metadata(): object {
		return {
			issuer: this.origin,
			authorization_endpoint: `${this.origin}/authorize`,
			token_endpoint: `${this.origin}/token`,
			registration_endpoint: `${this.origin}/register`,
			response_types_supported: ["code"],
			grant_types_supported: ["authorization_code", "refresh_token"],
			code_challenge_methods_supported: ["S256"],
			token_endpoint_auth_methods_supported: ["none"],
		};
	}

	#register(response: ServerResponse, metadata: { redirect_uris: string[] }): void {
		const id = randomUUID();
		this.#clients.set(id, metadata.redirect_uris);
		json(response, 201, { ...metadata, client_id: id });
	}

	/** The person says yes at once. */
	#authorize(response: ServerResponse, query: URLSearchParams): unknown {
		const client = query.get("client_id") ?? "";
		const redirect = query.get("redirect_uri") ?? "";
		const isKnown = this.#clients.get(client)?.includes(redirect) && query.get("code_challenge_method") === "S256";
		if (!isKnown) return json(response, 400, { error: "invalid_request" });
		const code = randomUUID();
		const challenge = query.get("code_challenge") ?? "";
		this.#codes.set(code, { client, challenge, redirect, resource: query.get("resource") });
		const back = new URL(redirect);
		back.searchParams.set("code", code);
		back.searchParams.set("state", query.get("state") ?? "");
		return response.writeHead(302, { location: back.href }).end();
	}

	#token(response: ServerResponse, form: URLSearchParams): unknown {
		const client = form.get("client_id") ?? "";
		if (form.get("grant_type") === "refresh_token") {
			const token = form.get("refresh_token") ?? "";
			const isKnown = this.#refresh.get(token) === client;
			// It is good for once.
			this.#refresh.delete(token);
			return isKnown ? this.#grant(response, client) : json(response, 400, { error: "invalid_grant" });
		}
		const code = form.get("code") ?? "";
		const given = this.#codes.get(code);
		this.#codes.delete(code);
		const proof = createHash("sha256")
			.update(form.get("code_verifier") ?? "")
			.digest("base64url");
		const isRight =
			given?.client === client &&
			given.challenge === proof &&
			given.redirect === form.get("redirect_uri") &&
			given.resource === this.url;
		return isRight ? this.#grant(response, client) : json(response, 400, { error: "invalid_grant" });
	}

	#grant(response: ServerResponse, client: string): void {
		const [access, refresh] = [randomUUID(), randomUUID()];
		this.#access.add(access);
		this.#refresh.set(refresh, client);
		json(response, 200, { access_token: access, token_type: "Bearer", refresh_token: refresh, expires_in: 3600 });
	}

	#mcp(request: IncomingMessage, response: ServerResponse, body: string): unknown {
		if (this.movedTo !== undefined) return response.writeHead(307, { location: this.movedTo }).end();
		const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
		if (this.wantsSignIn && !this.#access.has(token)) {
			const where = `${this.origin}/.well-known/oauth-protected-resource/mcp`;
			response.setHeader("www-authenticate", `Bearer resource_metadata="${where}"`);
			return json(response, 401, {});
		}
		if (request.method !== "POST") return json(response, 405, {});
		const { id, method, params } = JSON.parse(body);
		if (method === "initialize") {
			const session = randomUUID();
			this.sessions.add(session);
			response.setHeader("mcp-session-id", session);
			const capabilities = { tools: {} };
			const result = { protocolVersion: "2025-06-18", capabilities, serverInfo: { name: "site", version: "1" } };
			return json(response, 200, { jsonrpc: "2.0", id, result });
		}
		const session = request.headers["mcp-session-id"];
		if (typeof session === "string" && !this.sessions.has(session)) return json(response, 404, {});
		if (id === undefined) return response.writeHead(202).end();
		const result = results[method]?.(params);
		return json(response, 200, { jsonrpc: "2.0", id, ...(result ?? { error: { code: -32601, message: "No" } }) });
	}
}

const results: Readonly<Record<string, (params: { arguments: unknown }) => object>> = {
	"tools/list": () => ({ result: { tools: [{ name: "echo", inputSchema: { type: "object" } }] } }),
	"tools/call": (params) => ({ result: { content: [{ type: "text", text: JSON.stringify(params.arguments) }] } }),
};

function json(response: ServerResponse, status: number, value: object): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
