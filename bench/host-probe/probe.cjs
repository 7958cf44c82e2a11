// An extension beside ours in the same extension host, for the bench: writes down each time that the event loop stood
// still, as one JSON line { at, wall, cpu }: when that ended (ms since 1970), for how long, and how long the thread
// worked in that time. On a machine that does other things as well, only the latter is the extension host's own doing.
const { appendFileSync } = require("node:fs");

function activate() {
	const file = process.env["BENCH_PAUSES_FILE"];
	if (file === undefined) return;
	const look = () => {
		const { user, system } = process.threadCpuUsage();
		return { wall: performance.now(), cpu: (user + system) / 1000 };
	};
	let last = look();
	setInterval(() => {
		const now = look();
		const pause = { at: Date.now(), wall: now.wall - last.wall, cpu: now.cpu - last.cpu };
		last = now;
		if (pause.wall > 15) appendFileSync(file, `${JSON.stringify(pause)}\n`);
	}, 2);
}

module.exports = { activate };
