// Takes the place of index.js in @vscode/spdlog, a native addon that needs a compiler: VS Code's log files without one.
const fs = require("node:fs");
const path = require("node:path");

const levels = ["trace", "debug", "info", "warn", "error", "critical"];
let defaultLevel = 0;

class Logger {
	#file;
	#level = defaultLevel;
	#plain = false;

	constructor(_kind, _name, file) {
		this.#file = file;
	}

	getLevel() {
		return this.#level;
	}

	setLevel(level) {
		this.#level = level;
	}

	setPattern() {}

	clearFormatters() {
		this.#plain = true;
	}

	flush() {}

	drop() {}

	write(level, message) {
		if (level >= this.#level) {
			const text = this.#plain ? message : `${new Date().toISOString()} [${levels[level]}] ${message}\n`;
			fs.appendFileSync(this.#file, text);
		}
	}
}

for (const [level, name] of levels.entries()) {
	Logger.prototype[name] = function (message) {
		this.write(level, message);
	};
}

async function createLogger(name, file) {
	await fs.promises.mkdir(path.dirname(file), { recursive: true });
	return new Logger("rotating", name, file);
}

// Named one by one: `import` of a CommonJS module finds its names by reading the text.
exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
exports.setFlushOn = () => {};
exports.setLevel = (level) => {
	defaultLevel = level;
};
