import fs from "node:fs";
import path from "node:path";
import subsetFont from "subset-font";

const ICON = /^\.codicon-([\w-]+):before \{ content: "\\([0-9a-f]+)" \}$/gm;

/**
 * Writes the icon font and its style sheet into `out`, with those of its 650 icons whose names `script` has as strings.
 * @param {string} from the folder of the codicons
 * @param {string} out
 * @param {string} script the view's, bundled
 */
export async function writeIcons(from, out, script) {
	const sheet = fs.readFileSync(path.join(from, "codicon.css"), "utf8");
	const strings = new Set(script.match(/[\w-]+/g));
	/** @type {string[]} */
	const kept = [];
	const used = sheet.replaceAll(ICON, (rule, name, code) => {
		if (!strings.has(name)) return "";
		kept.push(String.fromCodePoint(Number.parseInt(code, 16)));
		return rule;
	});
	if (kept.length === 0)
		throw new Error("The style sheet of the codicons has another form than it had: no icon was found.");
	const font = await subsetFont(fs.readFileSync(path.join(from, "codicon.ttf")), kept.join(""), {
		targetFormat: "sfnt",
	});
	fs.writeFileSync(path.join(out, "codicon.css"), used.replaceAll(/\n{2,}/g, "\n"));
	fs.writeFileSync(path.join(out, "codicon.ttf"), font);
}
