import {
	auth,
	Client,
	extractWWWAuthenticateParams,
	ProtocolError,
	ReadBuffer,
	SdkError,
	SdkErrorCode,
	SdkHttpError,
	SSEClientTransport,
	StreamableHTTPClientTransport,
	UnauthorizedError,
} from "@modelcontextprotocol/client";

/** What is used of the official SDK: a bundle of its own, see esbuild.mjs. */
export const sdk = {
	auth,
	Client,
	extractWWWAuthenticateParams,
	ProtocolError,
	ReadBuffer,
	SdkError,
	SdkErrorCode,
	SdkHttpError,
	SSEClientTransport,
	StreamableHTTPClientTransport,
	UnauthorizedError,
};
