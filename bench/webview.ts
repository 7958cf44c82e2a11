import { createStream } from "../src/webview/streaming.ts";
import { p95, quarters } from "./stats.ts";
import type { Figures } from "./targets.ts";

const SIZE = 100_000;
const BLOCK = 20_000;
/** Characters that one frame brings. */
const PIECE = 50;

/** What rendering costs at each frame while a message streams. */
export function measureWebview(): Figures {
	frames(message(BLOCK));
	const mixed = frames(message(SIZE));
	return {
		"webview.p95": p95(mixed),
		"webview.max": Math.max(...mixed),
		"webview.growth": quarters(mixed),
		"webview.code": p95(frames(codeBlock(BLOCK))),
		"webview.list": p95(frames(list(BLOCK))),
	};
}

/** Milliseconds of each frame. */
function frames(source: string): number[] {
	const stream = createStream();
	const all: number[] = [];
	for (let end = PIECE; end < source.length + PIECE; end += PIECE) {
		const sofar = source.slice(0, end);
		const from = performance.now();
		stream.update(sofar, end >= source.length);
		all.push(performance.now() - from);
	}
	return all;
}

/** What a model writes: headings, text with code spans and links, lists, code, tables. */
function message(size: number): string {
	return fill(
		size,
		(n) => `## Part ${n}: the cart and its totals

The function \`total${n}()\` in \`src/cart.js:${n}\` adds **all** items before the _discount_ is known, so the sum is
wrong whenever a [coupon](https://example.com/coupon/${n}) applies. It is called from two places, and both of them round
the result a second time, which hides the error for small carts.

- first, read the list of items \`items${n}\`;
- then apply the coupon:
  1. in percent,
  2. or as an amount.

\`\`\`ts
export function total${n}(items: readonly Item[], coupon?: Coupon): number {
	const sum = items.reduce((all, { price, count }) => all + price * count, 0);
	return coupon ? round(sum * (1 - coupon.share / 100)) : round(sum); // ${n}
}
\`\`\`

| case | before | after |
|:-----|-------:|------:|
| none | ${n}.00 | ${n}.00 |
| ten percent | ${n}.00 | ${n}.90 |

> The test \`cart-${n}.test.js\` covers the second case only.

`,
	);
}

function codeBlock(size: number): string {
	return `\`\`\`ts\n${fill(size, (n) => `export const value${n} = compute("${n}", { deep: [${n}, ${n + 1}] }); // line ${n}\n`)}\`\`\`\n`;
}

function list(size: number): string {
	return fill(size, (n) => `- item **${n}** in \`src/file-${n}.ts:${n}\` is read, changed and _checked_ again\n`);
}

function fill(size: number, piece: (n: number) => string): string {
	let text = "";
	for (let n = 0; text.length < size; n++) text += piece(n);
	return text;
}
