const words = (text: string) => text.trim().split(/\s*\n\s*/);

/**
 * What no sandboxed command may read, relative to the home folder: one a line, a file or a folder with all in it. Those
 * below `.config`, `.local/share` and `.cache` are also looked for where the XDG variables say.
 */
export const HOME_SECRETS: readonly string[] = words(`
	.ssh
	.gnupg
	.aws
	.azure
	.config/gcloud
	.kube
	.config/gh
	.config/hub
	.config/glab-cli
	.config/git/credentials
	.config/doctl
	.config/rclone
	.config/op
	.netrc
	_netrc
	.git-credentials
	.npmrc
	.yarnrc.yml
	.pypirc
	.pgpass
	.my.cnf
	.mylogin.cnf
	.vault-token
	.s3cfg
	.boto
	.terraformrc
	.terraform.d
	.cargo/credentials
	.cargo/credentials.toml
	.gem/credentials
	.m2/settings.xml
	.m2/settings-security.xml
	.gradle/gradle.properties
	.composer/auth.json
	.config/composer/auth.json
	.nuget/NuGet/NuGet.Config
	.cache/huggingface/token
	.bash_history
	.zsh_history
	.python_history
	.node_repl_history
	.psql_history
	.mysql_history
	.local/share/fish/fish_history
	.password-store
	.local/share/keyrings
	.local/share/kwalletd
	.config/1Password
	.config/Bitwarden
	.config/keepassxc
	.1password
	.mozilla
	.thunderbird
	.librewolf
	.zen
	.config/google-chrome
	.config/google-chrome-beta
	.config/google-chrome-unstable
	.config/chromium
	.config/BraveSoftware
	.config/microsoft-edge
	.config/vivaldi
	.config/opera
	.var/app
	snap/firefox
	snap/chromium
	.cache/mozilla
	.cache/google-chrome
	.cache/chromium
	.config/Slack
	.config/discord
	.config/Signal
	.config/Element
	.local/share/TelegramDesktop
	.bitcoin
	.ethereum
	.electrum
	.claude
	.claude.json
	.codex
	.gemini
	.kimi
	.config/github-copilot
	.config/opencode
	.local/share/opencode
	.config/Code
	.config/Code - Insiders
	.config/VSCodium
	.config/Cursor
	.config/Windsurf
	.vscode-server
	.vscode-server-insiders
	.vscode-server-oss
	.vscode-remote
	.vscode-cli
	.cursor-server
	.docker
	.colima
	.lima
	.rd
	.orbstack
	.Xauthority
	.ICEauthority
	Library/Keychains
	Library/Cookies
	Library/Mail
	Library/Messages
	Library/Safari
	Library/Containers
	Library/Group Containers
	Library/Application Support/Google/Chrome
	Library/Application Support/Chromium
	Library/Application Support/BraveSoftware
	Library/Application Support/Microsoft Edge
	Library/Application Support/Firefox
	Library/Application Support/Arc
	Library/Application Support/Vivaldi
	Library/Application Support/1Password
	Library/Application Support/Code
	Library/Application Support/Code - Insiders
	Library/Application Support/VSCodium
	Library/Application Support/Cursor
	Library/Application Support/gh
	Library/Application Support/Slack
	Library/Application Support/Signal
	Library/Application Support/discord
`);

/** Sockets through which a command could have something done outside, and what only root may read, if we are root. */
export const SYSTEM_SECRETS: readonly string[] = words(`
	/tmp/.X11-unix
	/tmp/.ICE-unix
	/mnt/wslg
	/var/run/docker.sock
	/var/snap/lxd/common/lxd
	/var/snap/docker/current/run
	/var/lib/lxd
	/var/lib/incus
	/etc/shadow
	/etc/shadow-
	/etc/gshadow
	/etc/gshadow-
	/etc/sudoers
	/etc/sudoers.d
`);

/**
 * Sockets of services that fetch what they are told, from wherever: hidden where a command has no network. Nix builds
 * need theirs.
 */
export const OFFLINE_SECRETS: readonly string[] = ["/nix/var/nix/daemon-socket"];
/** Variables that name such a socket. */
export const OFFLINE_VARIABLES: readonly string[] = ["NIX_DAEMON_SOCKET_PATH"];

/** Folders full of sockets (D-Bus, Wayland, agents, containers), and what programs need of them all the same. */
export const RUN_FOLDERS: readonly string[] = ["/run", "/var/run"];
export const NEEDED_OF_RUN: readonly string[] = words(`
	/run/current-system
	/run/booted-system
	/run/opengl-driver
	/run/systemd/resolve/resolv.conf
	/run/systemd/resolve/stub-resolv.conf
	/run/NetworkManager/resolv.conf
	/run/resolvconf/resolv.conf
	/run/connman/resolv.conf
`);

/** Variables that name a file or folder of secrets, or a socket of an agent: what they name is hidden. */
export const SECRET_VARIABLES: readonly string[] = words(`
	AWS_CONFIG_FILE
	AWS_SHARED_CREDENTIALS_FILE
	AZURE_CONFIG_DIR
	BORG_KEY_FILE
	CLOUDSDK_CONFIG
	DOCKER_CONFIG
	GH_CONFIG_DIR
	GNUPGHOME
	GOOGLE_APPLICATION_CREDENTIALS
	KUBECONFIG
	NETRC
	NPM_CONFIG_USERCONFIG
	PASSWORD_STORE_DIR
	PGPASSFILE
	SSH_AUTH_SOCK
	XAUTHORITY
	XDG_RUNTIME_DIR
`);

/** Variables that lead to a socket, or to a folder that is not there inside. */
export const LEFT_OUT_VARIABLES: readonly string[] = words(`
	CONTAINER_HOST
	DBUS_SESSION_BUS_ADDRESS
	DBUS_SYSTEM_BUS_ADDRESS
	DISPLAY
	DOCKER_HOST
	GPG_AGENT_INFO
	PULSE_SERVER
	SSH_AGENT_PID
	SSH_AUTH_SOCK
	WAYLAND_DISPLAY
	WSL_INTEROP
	XAUTHORITY
	XDG_RUNTIME_DIR
`);

/** Programs that fail where they can't write their cache in the home folder, and what moves it, below the private /tmp. */
export const CACHES: Readonly<Record<string, string>> = {
	CCACHE_DIR: "ccache",
	DOTNET_CLI_HOME: "dotnet",
	GOCACHE: "go-build",
	PIP_CACHE_DIR: "pip",
	UV_CACHE_DIR: "uv",
	npm_config_cache: "npm",
};

/** Folders of a workspace that make what runs outside run more; kept even where they are missing. */
export const ALWAYS_KEPT: readonly string[] = [".git", ".vscode"];
