import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A real folder for each test of the suite that asks for it, gone afterwards. */
export function useFolder() {
	let top = "";
	const at = (name: string) => join(top, name);
	beforeEach(() => {
		top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-test-")));
	});
	afterEach(() => fs.rmSync(top, { recursive: true, force: true }));
	return {
		/** Its absolute path. */
		at,
		/** Writes a file, folders made. */
		put(name: string, text = ""): void {
			fs.mkdirSync(dirname(at(name)), { recursive: true });
			fs.writeFileSync(at(name), text);
		},
	};
}
