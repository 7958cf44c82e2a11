import { type Row, tableOf } from "./options.ts";

const GREP: Row = {
	options: `
		-abcEFGhHiIlLnoPqrsUvwxyzZ -e:text -A:number -B:number -C:number -m:number --include:text --exclude:text
		--exclude-dir:text --color?word --colour?word --regexp:text --after-context:number
		--before-context:number --context:number --max-count:number --recursive --ignore-case --line-number --count
		--files-with-matches --files-without-match --only-matching --invert-match --word-regexp --line-regexp
		--extended-regexp --fixed-strings --basic-regexp --perl-regexp --no-filename --with-filename --no-messages --quiet
		--silent --text --binary-files=word --byte-offset --null`,
	operands: "text path*",
	flat: true,
	instead: "-e --regexp",
	deep: "-r --recursive",
	numeric: true,
};

const VERSION: Row = { options: "--version", requires: "--version" };

/** Ripgrep, which has the same options on every system; none by which it looks into what it leaves out otherwise. */
const RG: Row = {
	options: `
		-abcFHiIlNnoPpqSsUvwx0 -e:text -g:glob -t:word -T:word -A:number -B:number -C:number -m:number -M:number
		-d:number -j:number -r:text --regexp:text --glob:glob --type:word --type-not:word
		--after-context:number --before-context:number --context:number --max-count:number --max-columns:number
		--max-depth:number --max-filesize:size --threads:number --replace:text --sort:word --sortr:word --color:word
		--type-list --files --files-with-matches --files-without-match --count --count-matches --heading --no-heading --json
		--stats --trim --vimgrep --line-number --no-line-number --column --smart-case --ignore-case --case-sensitive
		--fixed-strings --word-regexp --line-regexp --multiline --multiline-dotall --pcre2 --only-matching --invert-match
		--null --no-messages --quiet --text --byte-offset --no-filename
		--with-filename --passthru --one-file-system --no-follow --max-columns-preview --version`,
	operands: "text path*",
	instead: "-e --regexp --files --type-list --version",
	deep: "*",
	shallow: "--files --type-list --version",
	permutes: true,
};

const FD: Row = {
	options: `
		-HIsigFap0u1 -e:word -t:word -d:number -E:text --hidden --no-ignore --extension:word --type:word --max-depth:number
		--exclude:text --glob --fixed-strings --absolute-path --full-path --ignore-case --case-sensitive --color:word
		--version`,
	operands: "text path*",
	permutes: true,
};

const JQ: Row = {
	options: `
		-acCejMnrRsS --raw-output --compact-output --slurp --null-input --exit-status --join-output --ascii-output
		--sort-keys --color-output --monochrome-output --raw-input --tab --indent:number --stream --seq --version`,
	operands: "jq path*",
	flat: true,
	permutes: true,
};

const HEAD: Row = {
	options: "-qv -n:size -c:size --lines:size --bytes:size --quiet --silent --verbose",
	operands: "path*",
	flat: true,
	numeric: true,
};

const WC: Row = {
	options: "-clLmw --lines --words --bytes --chars --max-line-length --total=word",
	operands: "path*",
	flat: true,
};

const CUT: Row = {
	options: `
		-sn -d:text -f:list -c:list -b:list --delimiter:text --fields:list --characters:list --bytes:list --complement
		--only-delimited --output-delimiter=text`,
	operands: "path*",
	flat: true,
};

/** A second operand would be written. */
const UNIQ: Row = {
	options: `
		-cdDiu -f:number -s:number -w:number --count --repeated --unique --ignore-case --skip-fields=number
		--skip-chars=number --check-chars=number`,
};

/** It is told a script that only prints. */
const SED: Row = {
	options: "-nErs -e:sed --quiet --silent --regexp-extended --expression:sed --separate",
	operands: "sed path*",
	flat: true,
	instead: "-e --expression",
	requires: "-n --quiet --silent",
};

/** Programs that mean the same in every shell, and versions. */
const EVERYWHERE: Readonly<Record<string, Row>> = {
	rg: RG,
	"fd, fdfind": FD,
	node: { options: "-v --version", requires: "--version -v" },
	"python, python3": { options: "-V --version", requires: "--version -V" },
	"tsc, gcc, g++, clang, make, cmake": VERSION,
};

const UNIX: Readonly<Record<string, Row>> = {
	"grep, egrep, fgrep": GREP,
	jq: JQ,
	"head, tail": HEAD,
	wc: WC,
	cut: CUT,
	uniq: UNIQ,
	sed: SED,
	ls: {
		options: `
			-aAbBcCdfFgGhiklmnNopqQrRsStuUvxXZ1 --all --almost-all --human-readable --recursive --reverse --size --sort=word
			--time=word --time-style=text --color?word --classify?word --group-directories-first --full-time --inode
			--directory --no-group --numeric-uid-gid --file-type --ignore=text --hide=text --format=word --si`,
		operands: "path*",
	},
	cat: {
		options: `
			-AbeEnstTuv --number --number-nonblank --show-all --show-ends --show-tabs --squeeze-blank --show-nonprinting`,
		operands: "path*",
		flat: true,
	},
	pwd: { options: "-LP" },
	echo: { operands: "shown*" },
	printf: { operands: "printf text*" },
	"true, false": { operands: "text*" },
	which: { options: "-a", operands: "name*" },
	// In PowerShell and cmd it prints files, so its operands are judged as such.
	type: { options: "-atpPf", operands: "file*" },
	command: { options: "-vV", operands: "name*", requires: "-v -V" },
	"test, [": {
		options: "-e:file -f:file -d:file -s:file -r:file -w:file -x:file -L:file -h:file",
		requires: "-e -f -d -s -r -w -x -L -h",
	},
	file: {
		options: "-bhikLNr0 --brief --mime --mime-type --mime-encoding --dereference --no-dereference",
		operands: "path*",
	},
	stat: { options: "-Lft -c:text --format=text --printf=text --terse --file-system --dereference", operands: "path*" },
	du: {
		options:
			"-abchklmsSx0 -d:number --max-depth:number --all --human-readable --summarize --total --bytes --apparent-size --exclude=text",
		operands: "path*",
	},
	df: { options: "-aBhHiklPTm --human-readable --print-type --inodes --total", operands: "path*" },
	date: {
		options: "-uR -I?word --utc --universal --iso-8601?word --rfc-3339=word --rfc-email --date=text",
		operands: "moment",
	},
	uname: { options: "-asnrvmpio --all --kernel-name --kernel-release --machine --operating-system" },
	"whoami, nproc, arch, uptime": { options: "--all --pretty" },
	id: { options: "-ugGnr --user --group --groups --name" },
	basename: { options: "-az -s:text --multiple --suffix=text", operands: "text*" },
	dirname: { options: "-z --zero", operands: "text*" },
	realpath: {
		options:
			"-eLmPqsz --canonicalize-existing --canonicalize-missing --no-symlinks --relative-to=file --relative-base=file",
		operands: "path*",
	},
	readlink: { options: "-efmnqsvz --canonicalize", operands: "path*" },
	sort: {
		options: `
			-bcCdfghiMmnrRsuVz -k:list -t:text --key:list --field-separator:text --numeric-sort --reverse --unique
			--human-numeric-sort --version-sort --general-numeric-sort --ignore-case --stable --check --dictionary-order
			--ignore-leading-blanks --random-sort --sort=word`,
		operands: "path*",
		flat: true,
	},
	tr: { options: "-cCdst --delete --squeeze-repeats --complement --truncate-set1", operands: "text text" },
	nl: { options: "-p -b:word -n:word -w:number -s:text -v:number -i:number", operands: "path*", flat: true },
	rev: { options: "", operands: "path*", flat: true },
	tac: { options: "-b -s:text", operands: "path*", flat: true },
	comm: { options: "-123 --check-order --nocheck-order --output-delimiter=text", operands: "file file", flat: true },
	cmp: { options: "-bls --silent --quiet --verbose --print-bytes -n:number", operands: "file file", flat: true },
	// A folder's links would be followed.
	diff: {
		options: `
			-abBcdEiNpqstTuwyZ -U:number -C:number -W:number --brief --unified?number --context?number --side-by-side
			--suppress-common-lines --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-case --text
			--color?word --report-identical-files --strip-trailing-cr --minimal --width=number --show-c-function`,
		operands: "file file",
		flat: true,
	},
	column: {
		options: "-tx -s:text -c:number -o:text --table --separator=text --output-separator=text",
		operands: "path*",
		flat: true,
	},
	seq: { options: "-w -s:text --equal-width --separator=text", operands: "few step few", numeric: true },
	"md5sum, sha1sum, sha256sum, sha512sum": { options: "-btz --binary --text --tag", operands: "path*", flat: true },
	od: { options: "-abcdovx -A:word -t:word -N:number -j:number", operands: "path*", flat: true },
	hexdump: { options: "-bcCdovx -n:number -s:number", operands: "path*", flat: true },
	tree: {
		options: `
			-acdDfFAghiJnNpQrstuvC -L:number -I:text -P:text --dirsfirst --filesfirst --noreport --gitignore --prune --du --si
			--inodes --sort=word --filelimit:number --charset:word --ignore-case --matchdirs`,
		operands: "path*",
	},
};

/** Programs that mean the same wherever they are found. */
export const everywhere = tableOf(EVERYWHERE);
/** Of Unix: in PowerShell and cmd the names stand for something else, or their builds expand wildcards themselves. */
export const unix = tableOf(UNIX);
