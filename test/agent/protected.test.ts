import assert from "node:assert/strict";
import { protectedReason, secretReason } from "../../src/agent/protected.ts";

const words = (text: string) => text.trim().split(/\s+/);

/** One path for each name in the tables, under the reason it must get. */
const PROTECTED: Record<string, string> = {
	"can run programs through git": `.git/config .git/hooks/post-checkout vendor/x/.git/HEAD .git git~1/config
		.githooks/pre-push .gitconfig sub/.gitattributes .gitmodules .lfsconfig`,
	"runs as a git hook": `.husky/pre-commit .pre-commit-config.yaml .pre-commit-config.yml .pre-commit-hooks.yaml lefthook.yml
		lefthook-local.yml .lefthook.toml .lefthook/pre-push/a.sh .overcommit.yml`,
	"can make an editor run programs": `.vscode/tasks.json .vscode/settings.json a/.vscode/launch.json .idea/workspace.xml
		.vs/launch.vs.json .zed/tasks.json .fleet/run.json .vim/init.vim .devcontainer/post.sh .devcontainer.json
		a.code-workspace a.sublime-project .nvim.lua .dir-locals.el .gitpod.yml .replit`,
	"gives coding agents instructions or tools": `AGENTS.md docs/AGENTS.md AGENTS.override.md AGENT.md CLAUDE.md
		CLAUDE.local.md GEMINI.md KIMI.md skills/x/SKILL.md .cursorrules .windsurfrules .clinerules .clinerules/a.md .roorules
		.goosehints .aider.conf.yml .cursor/rules/a.mdc .claude/settings.json .agents/skills/a/run.sh .agent/rules.md
		.kimi/config.toml .kimi-code/a .codex/config.toml .gemini/settings.json .windsurf/rules/a.md .roo/rules/a.md
		.continue/config.yaml .kiro/hooks/a .opencode/agent/a.md .junie/guidelines.md .amazonq/rules/a.md opencode.jsonc
		crush.json .crush.json mcp.json .mcp.json mcp_config.json .github/copilot-instructions.md
		.github/instructions/a.md .github/prompts/a.md .github/agents/a.md .github/chatmodes/a.md .github/hooks/a.json
		.github/skills/a/b.sh`,
	"says what Kimi's tools must not touch": ".kimiignore sub/.kimiignore",
	"runs on a CI or deployment server": `.github/workflows/ci.yml .github/actions/setup/index.js .gitea/workflows/a.yml
		.forgejo/workflows/a.yml .github/dependabot.yml renovate.json5 action.yml .gitlab-ci.yml .gitlab-ci-base.yaml
		.gitlab/ci/a.yml .circleci/config.yml Jenkinsfile Jenkinsfile.release ci/a.jenkinsfile azure-pipelines.yml
		azure-pipelines-pr.yaml .azure-pipelines/a.yml .travis.yml appveyor.yml .appveyor.yml .drone.yml .woodpecker.yml
		.woodpecker/a.yml bitbucket-pipelines.yml .buildkite/pipeline.yml .teamcity/settings.kts .cirrus.yml
		.semaphore/semaphore.yml .builds/a.yml .build.yml cloudbuild.yaml buildspec.yml netlify.toml vercel.json render.yaml
		fly.toml`,
	"sets the environment that programs run in": `.env .env.local .env.example .envrc prod.env .direnv/bin/a
		.config/fish/conf.d/a.fish .config/git/config mise.toml mise.local.toml .mise.toml .mise.local.toml .mise/tasks/a
		.tool-versions .Renviron .pam_environment`,
	"runs when a shell or program starts": `.bashrc .bash_profile .bash_aliases home/me/.bash_logout .zshrc .zshenv .zprofile
		.zlogin .zlogout .profile .login .logout .xprofile .xsession .tmux.conf fish/config.fish profile.ps1
		Microsoft.PowerShell_profile.ps1 .Rprofile .gdbinit .lldbinit .ssh/authorized_keys sitecustomize.py
		usercustomize.py venv/lib/a.pth`,
	"configures a tool that runs code": `.npmrc .yarnrc .yarnrc.yml .eslintrc .eslintrc.js .eslintrc.cjs .eslintrc.json
		.babelrc .coveragerc .prettierrc.mjs .mocharc.yaml .lintstagedrc.ts .swcrc .vimrc .stylelintrc.toml .docker/config.json .kube/config
		.aws/config .azure/config astro.config.mjs src/astro.config.mjs src/ava.config.js src/babel.config.json
		src/commitlint.config.js src/cypress.config.ts src/drizzle.config.ts src/esbuild.config.mjs src/eslint.config.js
		gatsby-config.js gatsby-node.js src/jest.config.json karma.conf.js src/lint-staged.config.js src/metro.config.js
		src/next.config.js src/nuxt.config.ts src/playwright.config.ts src/postcss.config.cjs src/prettier.config.js
		src/quasar.config.js src/release.config.js src/remix.config.js src/rollup.config.js src/rspack.config.ts
		src/snowpack.config.js src/stylelint.config.js src/svelte.config.js src/tailwind.config.ts src/tsdown.config.ts
		src/tsup.config.ts src/vite.config.ts web/vite.config.mts src/vitest.config.ts vitest.workspace.ts src/vue.config.js
		wdio.conf.ts webpack.prod.js src/webpack.config.ts esbuild.js esbuild.mjs other.config.js other.config.cjs
		other.config.mjs other.config.ts other.config.cts other.config.mts`,
	"says what gets installed": `package.json web/package.json package.json5 package.yaml package-lock.json npm-shrinkwrap.json
		pnpm-lock.yaml pnpm-workspace.yaml yarn.lock Cargo.lock poetry.lock bun.lock bun.lockb gradle.lockfile
		packages.lock.json Package.resolved pylock.toml pylock.dev.toml conda-lock.yml Cargo.toml go.mod go.sum go.work
		go.work.sum pyproject.toml requirements.txt requirements-dev.txt requirements/dev.txt constraints.txt Pipfile
		environment.yml Gemfile a.gemspec composer.json pubspec.yaml deno.json deno.jsonc Package.swift Podfile Cartfile
		a.podspec conanfile.py vcpkg.json Brewfile`,
	"configures a package manager": `.pnpmfile.cjs .yarn/releases/yarn.cjs bunfig.toml pip.conf pip.ini uv.toml .bundle/config
		.cargo/config.toml NuGet.Config rust-toolchain rust-toolchain.toml`,
	"runs when the project is built": `Makefile lib/makefile Makefile.am GNUmakefile rules.mk justfile .justfile Rakefile
		lib/tasks/a.rake build.rs setup.py setup.cfg CMakeLists.txt cmake/a.cmake CMakePresets.json CMakeUserPresets.json
		meson.build configure configure.ac autogen.sh SConstruct SConscript wscript BUILD.bazel WORKSPACE WORKSPACE.bazel
		MODULE.bazel pom.xml .mvn/wrapper/a.jar mvnw mvnw.cmd build.xml build.gradle build.gradle.kts settings.gradle
		gradle.properties gradle/wrapper/gradle-wrapper.properties gradlew gradlew.bat build.sbt a.csproj a.targets
		Directory.Build.props build.zig mix.exs rebar.config project.clj flake.nix shell.nix default.nix gulpfile.js
		Gruntfile.js Taskfile.yml turbo.json nx.json lerna.json Earthfile Tiltfile Vagrantfile Procfile Fastfile`,
	"runs when the project is tested or checked": `conftest.py tests/conftest.py pytest.ini tox.ini noxfile.py fabfile.py
		dodo.py mypy.ini pylintrc .flake8 Guardfile Dangerfile .vscode-test.mjs`,
	"says what runs in a container": `Dockerfile Dockerfile.dev api.dockerfile Containerfile Containerfile.dev compose.yaml
		compose.dev.yml docker-compose.yml docker-compose.override.yaml docker-bake.hcl`,
	"belongs to the system": `etc/passwd /etc/passwd ../../etc/group etc/shadow etc/gshadow- etc/sudoers etc/sudoers.d/me
		etc/pam.d/sudo etc/cron.d/a etc/cron.daily/a etc/crontab etc/profile etc/profile.d/a.sh etc/environment etc/hosts
		etc/ld.so.preload etc/systemd/system/a.service etc/init.d/a etc/ssh/sshd_config etc/apt/sources.list
		var/spool/cron/crontabs/root usr/bin/env usr/sbin/a usr/local/bin/a usr/local/sbin/a usr/lib/systemd/system/a.service
		Library/LaunchAgents/a.plist Library/LaunchDaemons/a.plist Windows/System32/drivers/etc/hosts.ics`,
};

const SECRET: Record<string, string> = {
	"may hold secrets of the environment": `.env .env.local a/.env.production .envrc .env~ prod.env .env.example.local`,
	"may hold a private key": `server.pem certs/server.key a.p8 a.p12 a.pfx a.pkcs12 a.ppk a.jks a.keystore a.kdbx .ssh/config
		id_rsa id_rsa.bak id_dsa id_ecdsa_sk keys/id_ed25519`,
	"may hold passwords or tokens": `.git-credentials .git/config sub/.git/config .git/config.worktree .git/modules/a/config
		.git/worktrees/a/config.worktree .git/logs/HEAD .git/logs/refs/heads/main .git/worktrees/a/logs/HEAD .git/FETCH_HEAD
		git~1/config git~1/logs/HEAD .gitconfig .netrc _netrc .pypirc .pgpass pgpass.conf .my.cnf .mylogin.cnf .htpasswd .npmrc .yarnrc.yml
		pip.conf pip.ini auth.json mcp.json .mcp.json .m2/settings.xml .m2/settings-security.xml .gradle/gradle.properties
		.vault-token .s3cfg .boto .bash_history .config/gh/hosts.yml local.settings.json`,
	"may hold credentials of a cloud or cluster": `.aws/credentials credentials credentials.json google-credentials-prod.json
		credentials.yml credentials.toml credentials.xml credentials.properties client_secret_1.json service-account.json
		my-service-account-key.json service_account.json serviceAccountKey.json a-firebase-adminsdk-b.json .aws/config
		.aws/sso/cache/a.json .azure/a.json .config/gcloud/a.db .docker/config.json .dockercfg .dockerconfigjson .kube/config
		kubeconfig kubeconfig.yaml prod.kubeconfig .terraformrc terraform.rc prod.tfvars prod.tfvars.json terraform.tfstate
		terraform.tfstate.backup`,
	"may hold secrets": `.secrets/a secret.yaml secret.json secret.toml secrets.yml secrets.yaml secrets.prod.yaml secrets.json
		.streamlit/secrets.toml secrets.properties`,
	"may hold secrets of the system": `etc/shadow /etc/shadow- ../../etc/gshadow etc/master.passwd etc/security/opasswd
		etc/ssh/ssh_host_ed25519_key etc/krb5.keytab etc/ssl/private/a etc/wireguard/wg0.conf etc/openvpn/a.conf
		etc/ppp/chap-secrets etc/wpa_supplicant/a.conf etc/NetworkManager/system-connections/a etc/kubernetes/admin.conf
		run/secrets/a proc/1/environ home/me/Library/Keychains/a private/var/db/dslocal/nodes/a Windows/System32/config/SAM`,
};

const EVERYDAY = words(`README.md CHANGELOG.md LICENSE docs/guide.md docs/agents/overview.md src/index.ts src/config.ts
	src/agents.ts src/app/app.config.ts src/auth/jwt.config.ts src/config/vite.ts src/hooks/useUser.ts src/env.ts
	src/environment.ts src/environments/environment.prod.ts src/git/config.ts src/credentials.ts src/secrets.py
	src/secrets/index.ts src/key.ts src/keys/public.ts src/id_generator.py src/locales/en.json lib/id_card.rb main.go main.rs
	src/lib.rs app.py manage.py tests/test_setup.py tests/__init__.py test/cart.test.js test/package.test.ts spec/a_spec.rb
	index.html styles/main.css public/logo.svg tsconfig.json tsconfig.base.json jsconfig.json biome.json .gitignore
	.dockerignore .prettierignore .editorconfig .nvmrc .github/CODEOWNERS .github/ISSUE_TEMPLATE/bug.yml build/index.js
	vendor/make/file.c cmd/makefile/main.go dist/a.js notes.txt data.csv schema.sql Main.java App.csx a.lock.ts
	my.package.json.md gitlab-ci.md src/.gitkeep k8s/deployment.yaml package/index.js docker/run.sh`);

const disguised = (path: string) => [
	path.toUpperCase(),
	`not/there/yet/${path}`,
	path.replaceAll("/", "\\"),
	`${path}. .`,
	path.replace("/", " ./"),
	`./${path}`,
	`${path.slice(0, 1)}\u200c${path.slice(1)}`,
];

describe("protected files", () => {
	for (const [reason, paths] of Object.entries(PROTECTED))
		for (const path of words(paths))
			it(`${path} ${reason}`, () => assert.equal(protectedReason(path), `{0} ${reason}`));

	it("stay so in any letter case, folder, and form that a file system takes for the same", () => {
		const paths = Object.values(PROTECTED).flatMap(words).flatMap(disguised);
		assert.deepEqual(
			paths.filter((path) => protectedReason(path) === undefined),
			[],
		);
	});
});

describe("secret files", () => {
	for (const [reason, paths] of Object.entries(SECRET))
		for (const path of words(paths)) it(`${path} ${reason}`, () => assert.equal(secretReason(path), `{0} ${reason}`));

	it("stay so in any letter case, folder, and form that a file system takes for the same", () => {
		const paths = Object.values(SECRET).flatMap(words).flatMap(disguised);
		assert.deepEqual(
			paths.filter((path) => secretReason(path) === undefined),
			[],
		);
	});

	for (const path of words(`.env.example .env.sample .env.template .env.local.example example.env sample.env template.env
		.ssh/id_ed25519.pub id_rsa.pub id_dsa.pub id_ecdsa.pub id_ed25519.pub terraform.tfvars.example .git/HEAD package.json Dockerfile AGENTS.md`))
		it(`${path} is read unasked`, () => assert.equal(secretReason(path), undefined));
});

describe("everyday files", () => {
	for (const path of EVERYDAY)
		it(`${path} is neither protected nor secret`, () =>
			assert.deepEqual([protectedReason(path), secretReason(path)], [undefined, undefined]));

	it("the largest names are judged in linear time: ten times the text, far less than a hundred times the work", () => {
		const hostile = ["-service-account-", "docker-compose", " .", "./", "*credentials", "\u200c"];
		for (const piece of hostile) {
			const path = `*${piece.repeat(200_000)}x`;
			assert.deepEqual([protectedReason(path), secretReason(path)], [undefined, undefined]);
		}
	}).timeout(10_000);
});
