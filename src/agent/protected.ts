import type { Sentence } from "../shared/sentences.ts";

/** Names that mean one thing, and what is true of them. */
interface Row {
	/** Begins with the path. */
	readonly reason: Sentence;
	/**
	 * Parted by white space, lower case. Whole segments at any depth: `a` is a file's name, `a/b` a name in a folder, `a/**`
	 * a folder and all in it; `*` stands for any part of one segment, so `y*ml` covers both spellings.
	 */
	readonly names: string;
	/** Names of the same form that the row leaves out. */
	readonly except?: string;
}

const PROTECTED: readonly Row[] = [
	{
		reason: "{0} can run programs through git",
		names: ".git/** git~1/** .githooks/** .gitconfig .gitattributes .gitmodules .lfsconfig",
	},
	{
		reason: "{0} runs as a git hook",
		names: `
			.husky/** .pre-commit-config.y*ml .pre-commit-hooks.y*ml lefthook*.* .lefthook*.* .lefthook/** .overcommit.yml`,
	},
	{
		reason: "{0} can make an editor run programs",
		names: `
			.vscode/** .idea/** .vs/** .zed/** .fleet/** .vim/** .devcontainer/** .devcontainer.json *.code-workspace
			*.sublime-project .nvim.lua .dir-locals.el .gitpod.y*ml .replit`,
	},
	{
		reason: "{0} gives coding agents instructions or tools",
		names: `
			agents.md agents.*.md agent.md claude.md claude.*.md gemini.md kimi.md skill.md .cursorrules .windsurfrules
			.clinerules/** .roorules .goosehints .aider* .cursor/** .claude/** .agents/** .agent/** .kimi*/** .codex/**
			.gemini/** .windsurf/** .roo/** .continue/** .kiro/** .opencode/** .junie/** .amazonq/** opencode.json*
			crush.json .crush.json mcp.json .mcp.json mcp_config.json .github/copilot-* .github/instructions/**
			.github/prompts/** .github/agents/** .github/chatmodes/** .github/hooks/** .github/skills/**`,
	},
	{ reason: "{0} says what Kimi's tools must not touch", names: ".kimiignore" },
	{
		reason: "{0} runs on a CI or deployment server",
		names: `
			.github/workflows/** .github/actions/** .gitea/workflows/** .forgejo/workflows/** .github/dependabot.y*ml
			renovate.json* action.y*ml .gitlab-ci*.y*ml .gitlab/ci/** .circleci/** jenkinsfile jenkinsfile.* *.jenkinsfile
			azure-pipelines*.y*ml .azure-pipelines/** .travis.y*ml appveyor.y*ml .appveyor.y*ml .drone.y*ml
			.woodpecker.y*ml .woodpecker/** bitbucket-pipelines.y*ml .buildkite/** .teamcity/** .cirrus.y*ml .semaphore/**
			.builds/** .build.y*ml cloudbuild.y*ml buildspec.y*ml netlify.toml vercel.json render.y*ml fly.toml`,
	},
	{
		reason: "{0} sets the environment that programs run in",
		names: `
			.env* *.env .direnv/** .config/** mise.toml mise.*.toml .mise.toml .mise.*.toml .mise/** .tool-versions
			.renviron .pam_environment`,
	},
	{
		reason: "{0} runs when a shell or program starts",
		names: `
			.bash* .zsh* .zprofile .zlog* .profile .login .logout .xprofile .xsession .tmux.conf config.fish *profile.ps1
			.rprofile .gdbinit .lldbinit .ssh/** sitecustomize.py usercustomize.py *.pth`,
	},
	{
		reason: "{0} configures a tool that runs code",
		names: `
			.docker/** .kube/** .aws/** .azure/** .*rc .*rc.js .*rc.cjs .*rc.mjs .*rc.ts .*rc.json .*rc.y*ml .*rc.toml`,
		except: ".nvmrc",
	},
	{
		reason: "{0} says what gets installed",
		names: `
			package.json package.json5 package.yaml package-lock.json npm-shrinkwrap.json pnpm-lock.y*ml
			pnpm-workspace.y*ml *.lock *.lockb *.lockfile packages.lock.json package.resolved pylock*.toml conda-lock.y*ml
			cargo.toml go.mod go.sum go.work go.work.sum pyproject.toml requirements*.txt requirements/*.txt
			constraints.txt pipfile environment.y*ml gemfile *.gemspec composer.json pubspec.y*ml deno.json deno.jsonc
			package.swift podfile cartfile *.podspec conanfile.* vcpkg.json brewfile`,
	},
	{
		reason: "{0} configures a package manager",
		names: `
			.pnpmfile.* .yarn/** bunfig.toml pip.conf pip.ini uv.toml .bundle/** .cargo/** nuget.config rust-toolchain
			rust-toolchain.toml`,
	},
	{
		reason: "{0} runs when the project is built",
		names: `
			makefile makefile.* gnumakefile *.mk justfile .justfile rakefile *.rake build.rs setup.py setup.cfg
			cmakelists.txt *.cmake cmakepresets.json cmakeuserpresets.json meson.build configure configure.ac autogen.sh
			sconstruct sconscript wscript build.bazel workspace workspace.bazel module.bazel pom.xml .mvn/** mvnw mvnw.cmd
			build.xml *.gradle *.gradle.kts gradle.properties gradle/wrapper/** gradlew gradlew.bat build.sbt *.*proj
			*.targets *.props build.zig mix.exs rebar.config project.clj flake.nix shell.nix default.nix gulpfile.*
			gruntfile.* taskfile.y*ml turbo.json nx.json lerna.json earthfile tiltfile vagrantfile procfile fastfile`,
	},
	{
		reason: "{0} runs when the project is tested or checked",
		names: `
			conftest.py pytest.ini tox.ini noxfile.py fabfile.py dodo.py mypy.ini pylintrc .flake8 guardfile
			dangerfile .vscode-test.*`,
	},
	{
		reason: "{0} configures a tool that runs code",
		names: `
			astro.config.* ava.config.* babel.config.* commitlint.config.* cypress.config.* drizzle.config.*
			esbuild.config.* eslint.config.* gatsby-config.* gatsby-node.* jest.config.* karma.conf.* lint-staged.config.*
			metro.config.* next.config.* nuxt.config.* playwright.config.* postcss.config.* prettier.config.*
			quasar.config.* release.config.* remix.config.* rollup.config.* rspack.config.* snowpack.config.*
			stylelint.config.* svelte.config.* tailwind.config.* tsdown.config.* tsup.config.* vite.config.*
			vitest.config.* vitest.workspace.* vue.config.* wdio.conf.* webpack.*.js webpack.config.* esbuild.js
			esbuild.mjs`,
	},
	{
		// Any tool may come with such a file; below src it is the program's own settings (app.config.ts, jwt.config.ts).
		reason: "{0} configures a tool that runs code",
		names: "*.config.js *.config.cjs *.config.mjs *.config.ts *.config.cts *.config.mts",
		except: "src/**",
	},
	{
		reason: "{0} says what runs in a container",
		names: `
			dockerfile dockerfile.* *.dockerfile containerfile containerfile.* compose.y*ml compose.*.y*ml
			docker-compose*.y*ml docker-bake.*`,
	},
	{
		// For whoever opens the root of a disk.
		reason: "{0} belongs to the system",
		names: `
			etc/passwd etc/group etc/shadow* etc/gshadow* etc/sudoers etc/sudoers.d/** etc/pam.d/** etc/cron*/** etc/crontab
			etc/profile etc/profile.d/** etc/environment etc/hosts etc/ld.so.* etc/systemd/** etc/init.d/** etc/ssh/**
			etc/apt/** var/spool/cron/** usr/bin/** usr/sbin/** usr/local/bin/** usr/local/sbin/** usr/lib/systemd/**
			library/launchagents/** library/launchdaemons/** windows/system32/**`,
	},
];

const SECRET: readonly Row[] = [
	{
		reason: "{0} may hold secrets of the environment",
		names: ".env* *.env",
		except: ".env*.example .env*.sample .env*.template example.env sample.env template.env",
	},
	{
		reason: "{0} may hold a private key",
		names: `
			*.pem *.key *.p8 *.p12 *.pfx *.pkcs12 *.ppk *.jks *.keystore *.kdbx .ssh/** id_rsa* id_dsa* id_ecdsa*
			id_ed25519*`,
		except: "*.pub",
	},
	{
		reason: "{0} may hold passwords or tokens",
		names: `
			.git-credentials .git/config *.git/config .hg/hgrc .git/config.worktree .git/worktrees/*/config.worktree .git/modules/** .git/logs/**
			.git/worktrees/*/logs/** .git/fetch_head git~1/config git~1/logs/** .gitconfig .netrc _netrc .pypirc .pgpass pgpass.conf .my.cnf .mylogin.cnf .htpasswd .npmrc .yarnrc.y*ml pip.conf pip.ini auth.json
			mcp.json .mcp.json .m2/settings*.xml .gradle/gradle.properties .vault-token .s3cfg .boto .*_history
			.config/gh/hosts.y*ml local.settings.json`,
	},
	{
		reason: "{0} may hold credentials of a cloud or cluster",
		names: `
			credentials *credentials*.json credentials.y*ml credentials.toml credentials.xml credentials.properties
			client_secret*.json *service-account*.json *service_account*.json *serviceaccount*.json
			*firebase-adminsdk*.json .aws/config .aws/sso/** .azure/** .config/gcloud/** .docker/config.json .dockercfg
			.dockerconfigjson .kube/config kubeconfig kubeconfig.y*ml *.kubeconfig .terraformrc terraform.rc *.tfvars
			*.tfvars.json *.tfstate *.tfstate.*`,
	},
	{
		reason: "{0} may hold secrets",
		names: `
			.secrets/** secret.y*ml secret.json secret.toml secrets.y*ml secrets.*.y*ml secrets.json secrets.toml
			secrets.properties`,
	},
	{
		reason: "{0} may hold secrets of the system",
		names: `
			etc/shadow* etc/gshadow* etc/master.passwd etc/security/opasswd etc/ssh/ssh_host_*_key etc/krb5.keytab
			etc/ssl/private/** etc/wireguard/** etc/openvpn/** etc/ppp/*-secrets etc/wpa_supplicant/**
			etc/networkmanager/system-connections/** etc/kubernetes/** run/secrets/** proc/*/environ
			library/keychains/** var/db/dslocal/** windows/system32/config/**`,
	},
];

/** A name between `*`s, cut there: one piece for a plain name. */
type Segment = readonly string[];

interface Pattern {
	readonly reason: Sentence;
	readonly segments: readonly Segment[];
	/** Also everything below. */
	readonly folder: boolean;
	readonly except: readonly Pattern[];
}

interface Table {
	/** Patterns that are one plain file name, the most frequent kind. */
	readonly plain: ReadonlyMap<string, Pattern>;
	readonly others: readonly Pattern[];
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");

function parse(name: string, reason: Sentence, except: readonly Pattern[]): Pattern {
	const folder = name.endsWith("/**");
	const segments = (folder ? name.slice(0, -3) : name).split("/").map((segment) => segment.split("*"));
	return { reason, segments, folder, except };
}

const isPlain = ({ segments, folder, except }: Pattern) =>
	!folder && except.length === 0 && segments.length === 1 && segments[0]?.length === 1;

function tableOf(rows: readonly Row[]): Table {
	const patterns = rows.flatMap(({ reason, names, except }) => {
		const left = words(except ?? "").map((name) => parse(name, reason, []));
		return words(names).map((name) => parse(name, reason, left));
	});
	const plain = patterns.filter(isPlain).map((pattern): [string, Pattern] => [pattern.segments.join("/"), pattern]);
	return { plain: new Map(plain), others: patterns.filter((pattern) => !isPlain(pattern)) };
}

const protectedTable = tableOf(PROTECTED);
const secretTable = tableOf(SECRET);

/** Windows opens `.env. .` as `.env`. A loop, since a pattern for the end of a text may look at all of it n times. */
function trimmed(segment: string): string {
	let end = segment.length;
	while (end > 0 && (segment[end - 1] === "." || segment[end - 1] === " ")) end--;
	return segment.slice(0, end);
}

/** The names that a file system may take a path for: folded in case and form, without what macOS leaves out. */
function segmentsOf(path: string): string[] {
	const folded = path.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
	const segments = folded.toLowerCase().replaceAll("\\", "/").split("/");
	return segments.map(trimmed).filter((segment) => segment !== "");
}

/** Each piece at its first place after the one before: linear, and enough since `*` is the only wildcard. */
function isSegment(segment: string, pieces: Segment): boolean {
	const first = pieces[0] ?? "";
	if (pieces.length === 1) return segment === first;
	const last = pieces.at(-1) ?? "";
	if (!segment.startsWith(first) || !segment.endsWith(last)) return false;
	let at = first.length;
	for (const piece of pieces.slice(1, -1)) {
		const found = segment.indexOf(piece, at);
		if (found < 0) return false;
		at = found + piece.length;
	}
	return at <= segment.length - last.length;
}

function matches(path: readonly string[], pattern: Pattern): boolean {
	const last = path.length - pattern.segments.length;
	for (let start = pattern.folder ? 0 : last; start >= 0 && start <= last; start++)
		if (isAt(path, start, pattern)) return !pattern.except.some((each) => matches(path, each));
	return false;
}

function isAt(path: readonly string[], start: number, { segments }: Pattern): boolean {
	// From its end, where a name differs most: searches ask this of every file they find.
	for (let index = segments.length - 1; index >= 0; index--)
		if (!isSegment(path[start + index] ?? "", segments[index] ?? [])) return false;
	return true;
}

function reasonIn({ plain, others }: Table, path: string): Sentence | undefined {
	const segments = segmentsOf(path);
	const known = plain.get(segments.at(-1) ?? "") ?? others.find((pattern) => matches(segments, pattern));
	return known?.reason;
}

/**
 * Why a change to a file always asks, by its name relative to the workspace, whether it exists or not, in words that
 * begin with the path. Undefined for an ordinary file.
 */
export function protectedReason(path: string): Sentence | undefined {
	return reasonIn(protectedTable, path);
}

/** Why a file's text leaves the machine only after the person was asked, in words that begin with the path. */
export function secretReason(path: string): Sentence | undefined {
	return reasonIn(secretTable, path);
}
