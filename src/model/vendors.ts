import type { Sentence } from "../shared/sentences.ts";

/** What a person must know of a vendor when it refuses them. Rows by host, so that a custom profile has it as well. */
interface Vendor {
	readonly host: RegExp;
	/** When it refuses a key; begins with a blank. */
	readonly keys?: Sentence;
	/** Where credit and plan are. */
	readonly account: string;
}

const vendors: readonly Vendor[] = [
	{
		host: /(^|\.)moonshot\.ai$/,
		keys: " Keys of platform.moonshot.cn do not work here: choose Moonshot AI (China).",
		account: "https://platform.moonshot.ai/console",
	},
	{
		host: /(^|\.)moonshot\.cn$/,
		keys: " Keys of platform.moonshot.ai do not work here: choose Moonshot AI.",
		account: "https://platform.moonshot.cn/console",
	},
	{
		host: /(^|\.)kimi\.(com|ai)$/,
		keys: " Keys of the Moonshot platforms do not work here: Kimi Code has its own.",
		account: "https://www.kimi.com/code/console",
	},
	{ host: /(^|\.)openrouter\.ai$/, account: "https://openrouter.ai/settings/credits" },
	{ host: /(^|\.)huggingface\.co$/, account: "https://huggingface.co/settings/billing" },
	{ host: /(^|\.)together\.(xyz|ai)$/, account: "https://api.together.ai/settings/billing" },
];

export function vendorAt(baseUrl: string): Vendor | undefined {
	const host = URL.parse(baseUrl)?.hostname ?? "";
	return vendors.find((vendor) => vendor.host.test(host));
}
