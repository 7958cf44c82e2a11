import { randomBytes } from "node:crypto";
import type {
	AuthProvider,
	FetchLike,
	OAuthClientProvider,
	OAuthDiscoveryState,
	StoredOAuthClientInformation,
	StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { inTime } from "../../agent/patient.ts";
import { authorisationOf } from "./http.ts";
import { listenForRedirect, type Redirect } from "./redirect.ts";
import type { Sdk } from "./sdk.ts";
import type { McpSignInHost } from "./server.ts";

/** What is kept in the store for secrets, as JSON. */
interface Kept {
	/** The server that all this is for: what was kept for another address is never sent. */
	readonly url: string;
	readonly redirect?: string | undefined;
	readonly client?: StoredOAuthClientInformation | undefined;
	readonly tokens?: StoredOAuthTokens | undefined;
	readonly discovery?: OAuthDiscoveryState | undefined;
}

/** What a server said when it refused a request. */
interface Challenge {
	readonly resourceMetadataUrl?: URL;
	readonly scope?: string;
}

/** Signing in at one server. */
export class SignIn {
	readonly #url: string;
	readonly #host: McpSignInHost;
	readonly #fetch: FetchLike;
	#kept: Kept | undefined;
	#challenge: Challenge = {};
	#refreshing: Promise<void> | undefined;

	constructor(url: string, host: McpSignInHost, fetch: FetchLike) {
		this.#url = url;
		this.#host = host;
		this.#fetch = fetch;
	}

	/** For a transport: never opens a browser, refreshes once for all requests that are refused at the same time. */
	provider(sdk: Sdk): AuthProvider {
		return {
			token: async () => (await this.#load()).tokens?.access_token,
			onUnauthorized: async ({ response }) => {
				const { tokens } = await this.#load();
				this.#challenge = sdk.extractWWWAuthenticateParams(response);
				if (tokens?.refresh_token === undefined) throw new sdk.UnauthorizedError();
				// Refreshed meanwhile, for another request.
				if (authorisationOf(response) !== `Bearer ${tokens.access_token}`) return;
				this.#refreshing ??= this.#refresh(sdk).finally(() => {
					this.#refreshing = undefined;
				});
				await this.#refreshing;
			},
		};
	}

	/** Undefined: the person is signed in. A string says why not. */
	async run(sdk: Sdk, signal: AbortSignal, patience: number): Promise<string | undefined> {
		let redirect: Redirect | undefined;
		try {
			redirect = await listenForRedirect(portOf((await this.#load()).redirect), this.#host.inWords);
			return await this.#ask(sdk, redirect, { signal, ms: patience });
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		} finally {
			redirect?.close();
		}
	}

	async forget(): Promise<void> {
		this.#kept = { url: this.#url };
		await this.#host.save(undefined);
	}

	async #ask(sdk: Sdk, redirect: Redirect, patience: { signal: AbortSignal; ms: number }): Promise<string | undefined> {
		const back = (await this.#host.reach?.(redirect.url)) ?? redirect.url;
		const { client, redirect: known } = await this.#load();
		// A client is registered with the address that the browser comes back to.
		await this.#save({ url: this.#url, redirect: back, ...(client && known === back && { client }) });
		const state = randomBytes(32).toString("base64url");
		let page: URL | undefined;
		const provider = this.#oauth({ redirectUrl: back, state, show: (url) => (page = url) });
		const options = { serverUrl: this.#url, fetchFn: this.#fetch };
		await sdk.auth(provider, { ...options, ...this.#challenge });
		if (!page) return undefined;
		if (!isWeb(page)) return "The authorisation server gives an address that no browser may open.";
		const returned = redirect.returned(state);
		if (!(await this.#host.open(page.href))) return "The browser was not opened.";
		const answer = await inTime(returned, patience, "Nobody signed in.");
		if (typeof answer === "string") return answer;
		const { code, iss } = answer;
		await sdk.auth(provider, { ...options, authorizationCode: code, ...(iss !== undefined && { iss }) });
		return undefined;
	}

	async #refresh(sdk: Sdk): Promise<void> {
		const { redirect = "http://127.0.0.1/callback" } = await this.#load();
		const show = (): never => {
			throw new sdk.UnauthorizedError();
		};
		const provider = this.#oauth({ redirectUrl: redirect, state: "", show });
		await sdk.auth(provider, { serverUrl: this.#url, fetchFn: this.#fetch, ...this.#challenge });
	}

	#oauth(flow: { redirectUrl: string; state: string; show: (url: URL) => void }): OAuthClientProvider {
		let verifier = "";
		return {
			redirectUrl: flow.redirectUrl,
			clientMetadata: {
				client_name: "Kimi K2 Agent",
				redirect_uris: [flow.redirectUrl],
				grant_types: ["authorization_code", "refresh_token"],
				response_types: ["code"],
				token_endpoint_auth_method: "none",
			},
			state: () => flow.state,
			clientInformation: async () => (await this.#load()).client,
			saveClientInformation: (client) => this.#change({ client }),
			tokens: async () => (await this.#load()).tokens,
			saveTokens: (tokens) => this.#change({ tokens }),
			redirectToAuthorization: flow.show,
			saveCodeVerifier: (given) => {
				verifier = given;
			},
			codeVerifier: () => verifier,
			saveDiscoveryState: (discovery) => this.#change({ discovery }),
			discoveryState: async () => (await this.#load()).discovery,
			invalidateCredentials: (scope) => this.#invalidate(scope),
		};
	}

	async #invalidate(scope: "all" | "client" | "tokens" | "verifier" | "discovery"): Promise<void> {
		if (scope === "verifier") return;
		const kept = await this.#load();
		await this.#save(scope === "all" ? { url: kept.url, redirect: kept.redirect } : { ...kept, [scope]: undefined });
	}

	async #change(part: Partial<Kept>): Promise<void> {
		await this.#save({ ...(await this.#load()), ...part });
	}

	async #save(kept: Kept): Promise<void> {
		this.#kept = kept;
		await this.#host.save(JSON.stringify(kept));
	}

	/** Anew where the store could not be read, such as that of a keyring which was locked. */
	async #load(): Promise<Kept> {
		const stored = this.#kept ?? parse(await this.#host.load(), this.#url);
		// Something may have been saved meanwhile.
		this.#kept ??= stored;
		return this.#kept;
	}
}

/** What we wrote ourselves, if it is of this address. */
function parse(text: string | undefined, url: string): Kept {
	try {
		const kept: Kept | undefined = text === undefined ? undefined : JSON.parse(text);
		return kept?.url === url ? kept : { url };
	} catch {
		return { url };
	}
}

function portOf(redirect: string | undefined): number {
	if (redirect === undefined || !URL.canParse(redirect)) return 0;
	return Number(new URL(redirect).port);
}

const isWeb = ({ protocol, hostname }: URL) =>
	protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
