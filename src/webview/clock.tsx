import { useEffect, useState } from "preact/hooks";
import { elapsed } from "./format.ts";

interface ElapsedProps {
	/** ms since 1970. */
	readonly since: number;
	/** Nothing is shown before so many milliseconds have passed. */
	readonly after?: number;
}

/** A clock that ticks by itself, so that nothing around it renders again. */
export function Elapsed({ since, after = 0 }: ElapsedProps) {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);
	const ms = now - since;
	return ms < after ? null : <span class="clock">{elapsed(ms)}</span>;
}
