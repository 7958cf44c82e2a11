/** A patch as a model sends it, the files before, and what comes of it. */
export interface Case {
	readonly name: string;
	readonly files?: Readonly<Record<string, string>>;
	readonly patch: string | readonly string[];
	/** Files afterwards that differ from before; null: gone. */
	readonly becomes?: Readonly<Record<string, string | null>>;
	/** What the refusal says. */
	readonly refused?: RegExp;
}

const CART = `export function total(items) {
	let sum = 0;
	for (const item of items) {
		sum += item.price;
	}
	return sum;
}

export function count(items) {
	let sum = 0;
	for (const item of items) {
		sum += item.amount;
	}
	return sum;
}
`;
export const cart = { "src/cart.js": CART };
export const PRICE = CART.replace("item.price", "item.price * item.amount");
export const LAST = CART.replace(/return sum;\n\}\n$/, "return sum || 1;\n}\n");
