import { type Case, cart } from "./cases.ts";

const TWO = { "two.py": "def a():\n    x = 1\n    return None\n\ndef b():\n    y = 2\n    return y\n" };

export const refusedCases: readonly Case[] = [
	{
		name: "a hunk that fits twice, with what to do",
		files: cart,
		patch: ["*** Update File: src/cart.js", "@@", "-\treturn sum;", "+\treturn sum || 1;"],
		refused: /^src\/cart\.js: hunk 1 of 1 fits at 2 places \(lines 6, 14\)\. Give more lines of context, or after `@@`/,
	},
	{
		name: "a hunk that fits twice, and never in the block that the line after @@ begins",
		files: {
			"a.js": "function a() {\n\treturn 0;\n}\nfunction b() {\n\treturn 1;\n}\nfunction c() {\n\treturn 1;\n}\n",
		},
		patch: ["*** Update File: a.js", "@@ function a() {", "-\treturn 1;", "+\treturn 2;"],
		refused: /hunk 1 of 1 stands at lines 5, 8, but after `@@` it names `function a\(\) \{` \(line 1\)/,
	},
	{
		name: "a hunk that fits once, in another function than the line after @@ begins",
		files: TWO,
		patch: ["*** Update File: two.py", "@@ def b():", "-    return None", "+    return 5"],
		refused:
			/^two\.py: hunk 1 of 1 stands at line 3, but after `@@` it names `def b\(\):` \(line 5\), and it is not there\. Name the function or class that it is in, or leave that out\./,
	},
	{
		name: "a hunk in another function whose indentation drifted",
		files: TWO,
		patch: ["*** Update File: two.py", "@@ def b", "-  return None", "+  return 5"],
		refused: /hunk 1 of 1 stands at line 3, but after `@@` it names `def b` \(line 5\)/,
	},
	{
		name: "a hunk at the end of the file that the line after @@ is not about",
		files: TWO,
		patch: ["*** Update File: two.py", "@@ def a():", "-    return y", "+    return 5", "*** End of File"],
		refused: /stands at line 7, but after `@@` it names `def a\(\):` \(line 1\)/,
	},
	{
		name: "a hunk whose number says one function, and whose heading another",
		files: { "a.py": "def a():\n    x = 1\n\ndef b():\n    x = 1\n" },
		patch: ["--- a/a.py", "+++ b/a.py", "@@ -2 +2 @@ def b():", "-    x = 1", "+    x = 2"],
		refused: /hunk 1 of 1 fits at 2 places \(lines 2, 5\)/,
	},
	{
		name: "a hunk that fits nowhere, with the nearest text and its line numbers",
		files: cart,
		patch: [
			"*** Update File: src/cart.js",
			"@@",
			" export function total(items) {",
			"-\tlet total = 0;",
			"+\tlet total = 1;",
			" \tfor (const item of items) {",
		],
		refused:
			/hunk 1 of 1 was not found[\s\S]*The nearest text there is:\n1\texport function total\(items\) \{\n2\t\tlet sum = 0;\n3\t\tfor \(const item of items\) \{\n\nNothing of the patch was made\.$/,
	},
	{
		name: "a hunk that fits in the middle of a longer line only",
		files: { "a.txt": "const value10 = 1;\n" },
		patch: ["*** Update File: a.txt", "@@", "-const value10 = 1", "+const value10 = 2"],
		refused: /hunk 1 of 1 was not found/,
	},
	{
		name: "a hunk with lines that have no mark and do not fit",
		files: { "a.txt": "1\n2\n" },
		patch: ["*** Update File: a.txt", "@@", "-1", "added without a mark"],
		refused: /1 line of it begins with neither a blank nor \+ nor -, and was taken for context/,
	},
	{
		name: "a hunk that is made already",
		files: { "a.txt": "one\ntwo\n" },
		patch: ["*** Update File: a.txt", "@@", "-eins", "+one", " two"],
		refused: /hunk 1 of 1 seems to be made already/,
	},
	{
		name: "a hunk that only adds lines, without context",
		files: { "a.txt": "1\n" },
		patch: ["*** Update File: a.txt", "@@", "+2"],
		refused: /hunk 1 of 1 only adds lines: give a few lines of the file around them/,
	},
	{
		name: "hunks that change the same line",
		files: { "a.txt": "1\n2\n" },
		patch: ["*** Update File: a.txt", "@@", "-1", "+one", "@@", "-1", "-2", "+both"],
		refused: /hunks 1 and 2 change the same lines/,
	},
	{
		name: "one bad file, and then makes none of the others",
		files: { "a.txt": "1\n", "b.txt": "1\n" },
		patch: ["*** Update File: a.txt", "@@", "-1", "+2", "*** Update File: b.txt", "@@", "-x", "+y"],
		refused: /^b\.txt: hunk 1 of 1 was not found[\s\S]*Nothing of the patch was made\.$/,
	},
	{
		name: "all bad files at once",
		files: { "a.txt": "1\n" },
		patch: ["*** Delete File: no.txt", "*** Add File: a.txt", "+1"],
		refused: /^no\.txt does not exist\.[\s\S]*\na\.txt exists already\.[\s\S]*Write/,
	},
	{
		name: "a path outside of the workspace",
		patch: ["*** Add File: ../evil.txt", "+1"],
		refused: /is outside the workspace/,
	},
	{
		name: "a rename to a file that exists",
		files: { "a.txt": "1\n", "b.txt": "2\n" },
		patch: ["*** Update File: a.txt", "*** Move to: b.txt"],
		refused: /^b\.txt exists already\. a\.txt can't be renamed to it\./,
	},
	{
		name: "two renames to one name, and a rename to a file that the patch is about",
		files: { "a.txt": "1\n", "b.txt": "2\n" },
		patch: ["*** Update File: a.txt", "*** Move to: c.txt", "*** Update File: b.txt", "*** Move to: c.txt"],
		refused: /^c\.txt is in the patch more than once, so another file can't be renamed to it\./,
	},
	{
		name: "a file that is deleted and added",
		files: { "a.txt": "1\n" },
		patch: ["*** Delete File: a.txt", "*** Add File: a.txt", "+2"],
		refused: /^a\.txt is in the patch more than once.*use Write/,
	},
	{
		name: "a new file with a line that has no mark among lines that have",
		patch: ["*** Begin Patch", "*** Add File: a.txt", "+1", "2", "+3", "*** End Patch"],
		refused: /^Line 4 of the patch does not begin with "\+"/,
	},
	{
		name: "a patch that changes nothing",
		files: { "a.txt": "1\n" },
		patch: ["*** Update File: a.txt", "@@", " 1"],
		refused: /^The patch changes nothing in a\.txt\./,
	},
	{
		name: "a deletion with other text than the file has",
		files: { "a.txt": "1\nmine\n" },
		patch: ["--- a/a.txt", "+++ /dev/null", "@@ -1 +0,0 @@", "-1"],
		refused: /^a\.txt has other text than the patch deletes/,
	},
	{
		name: "a change of mode, with the command for it",
		files: { "a.sh": "1\n" },
		patch: ["diff --git a/a.sh b/a.sh", "old mode 100644", "new mode 100755"],
		refused: /^a\.sh: a patch can't change a file's mode here\. Bash can: chmod 755 a\.sh/,
	},
	{
		name: "a link, a copy and binary data",
		patch: ["diff --git a/l b/l", "new file mode 120000", "--- /dev/null", "+++ b/l", "@@ -0,0 +1 @@", "+target"],
		refused: /^l: a patch can't make a link or a submodule here/,
	},
	{
		name: "binary data",
		files: { "a.png": "1" },
		patch: ["diff --git a/a.png b/a.png", "index 1..2 100644", "GIT binary patch", "literal 3"],
		refused: /^a\.png: a patch can't change a binary file here/,
	},
	{
		name: "a diff that names no file",
		patch: ["@@ -1 +1 @@", "-1", "+2"],
		refused: /^The patch does not say which file it is for/,
	},
	{
		name: "what is no patch",
		patch: "<<<<<<< SEARCH\n1\n=======\n2\n>>>>>>> REPLACE",
		refused: /^This is no patch: .* Use Edit to change a part of a file/,
	},
	{
		name: "an unknown format",
		patch: "1c1\n< 1\n---\n> 2",
		refused: /^This is no patch/,
	},
];
