/** Names of things that may be called the same: all but the first of a name get a number that none has. */
export function apart(names: readonly string[]): readonly string[] {
	const taken = new Set(names);
	return names.map((name, at) => {
		if (names.indexOf(name) === at) return name;
		let free = name;
		for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
		taken.add(free);
		return free;
	});
}
