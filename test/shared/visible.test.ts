import assert from "node:assert/strict";
import { condensed, runs, visible } from "../../src/shared/visible.ts";

describe("visible", () => {
	const hidden: Readonly<Record<string, string>> = {
		"\u0000": "U+0000",
		"\u001b": "U+001B",
		"\u007f": "U+007F",
		"\u0085": "U+0085",
		"\r": "U+000D",
		"\u00a0": "U+00A0",
		"\u00ad": "U+00AD",
		"\u034f": "U+034F",
		"\u115f": "U+115F",
		"\u180e": "U+180E",
		"\u2003": "U+2003",
		"\u200b": "U+200B",
		"\u200d": "U+200D",
		"\u200f": "U+200F",
		"\u2028": "U+2028",
		"\u202e": "U+202E",
		"\u2066": "U+2066",
		"\u2800": "U+2800",
		"\u3000": "U+3000",
		"\u3164": "U+3164",
		"\ufe0f": "U+FE0F",
		"\ufeff": "U+FEFF",
		"\ufffc": "U+FFFC",
		"\u{13441}": "U+13441",
		"\u{1d159}": "U+1D159",
		"\u{e0041}": "U+E0041",
		"\u{e0100}": "U+E0100",
		"\ud800": "U+D800",
		"\ue000": "U+E000",
	};
	for (const [char, name] of Object.entries(hidden))
		it(`names ${name}`, () => {
			assert.equal(visible(`a${char}b`), `a⟨${name}⟩b`);
			assert.deepEqual(runs(`a${char}b`), [
				{ text: "a", hidden: false },
				{ text: name, hidden: true },
				{ text: "b", hidden: false },
			]);
		});

	it("leaves letters, marks and emoji of any script as they are, in one run", () => {
		const text = "Grüße, नमस्ते, שלום, 漢字 🙂 a\u0301 ~!@#$%^&*()";
		assert.deepEqual(runs(text), [{ text, hidden: false }]);
	});

	it("marks line breaks and tabs only where there is one line", () => {
		assert.equal(visible("a\nb\tc", false), "a\nb\tc");
		assert.equal(visible("a\nb\tc", true), "a⟨U+000A⟩b⟨U+0009⟩c");
	});

	it("counts marks that are piled on a letter to paint over other lines", () => {
		assert.equal(visible(`a${"\u0335".repeat(60)}b`), "a⟨U+0335×60⟩b");
		assert.equal(visible(`a${"\u0335".repeat(4)}b`), `a${"\u0335".repeat(4)}b`);
	});

	it("shows nothing for nothing", () => {
		assert.deepEqual(runs(""), []);
	});
});

const shown = (text: string) =>
	condensed(text)
		.map((run) => (run.hidden ? `⟨${run.text}⟩` : run.text))
		.join("");

describe("condensed", () => {
	it("counts the blanks that push the rest of a command out of sight", () => {
		assert.equal(shown(`ls${" ".repeat(5000)}; rm -rf ~`), "ls⟨U+0020×5000⟩; rm -rf ~");
		assert.equal(shown(`ls${"\t".repeat(500)}; rm -rf ~`), "ls⟨U+0009×500⟩; rm -rf ~");
		assert.equal(shown(`ls${"\n".repeat(200)}rm -rf ~`), "ls\n⟨U+000A×200⟩\nrm -rf ~");
		assert.equal(shown(`ls${"\n  \t".repeat(200)}\nrm -rf ~`), "ls\n⟨U+000A×201⟩\nrm -rf ~");
		assert.equal(shown(`ls${"\u00a0".repeat(3)}${" ".repeat(40)}x`), "ls⟨U+00A0⟩⟨U+00A0⟩⟨U+00A0⟩⟨U+0020×40⟩x");
	});

	it("leaves the blanks of ordinary scripts as they are", () => {
		const script = "cat <<EOF > a.txt\n\n\n\t\ta    b\nEOF\n";
		assert.equal(shown(script), script);
	});
});
